"""The Go SDK against the server: test/stages/alpaca-sdk/go, built by ./dev."""

import datetime
import json
import os
import subprocess
import time

from harness import Skip
from server import FROZEN, MINUTE, PATIENCE, ROOT, START, Server, moment, recorded, same_floats, simulated, text, truth

CLIENT = ROOT / ".deps/go/alpaca-sdk"
DAY = datetime.timedelta(days=1)
SYMBOLS = ["AAPL", "MSFT", "TSLA"]


def client(*words):
    if not os.access(CLIENT, os.X_OK):
        raise Skip("needs Go 1.21 or later")
    return subprocess.run([CLIENT, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE)


def until(is_good, attempt):
    """The SDK waits three seconds for a frozen server, then reports that or reconnects. Such an attempt proves nothing."""
    end = time.monotonic() + PATIENCE
    while not is_good(said := attempt()):
        assert time.monotonic() < end, said
    return said


def bars_of(said):
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    bars = [json.loads(line) for line in said.stdout.splitlines()]
    return [(bar["kind"], (bar["symbol"], moment(bar["timestamp"])), bar) for bar in bars]


def lines(*words):
    return bars_of(client(*words))


def streamed(server, *words):
    """The messages of one connection."""

    def attempt():
        before = server.journal().count("alpaca.stream_opened")
        said = client(*words)
        return said, server.journal().count("alpaca.stream_opened") - before

    said, _ = until(lambda attempt: attempt[1] == 1 and "timeout" not in attempt[0].stdout, attempt)
    return bars_of(said)


def check_go_history():
    """the Go SDK pages through 12,960 bars of three symbols, each once, in order, and the simulator's"""
    known = truth(SYMBOLS, START - 3 * DAY, START)
    with Server(*simulated("--symbols", ",".join(SYMBOLS), history="3d", speed=FROZEN)) as server:
        for limit in (10_000, 777):
            got = lines("history", server.url, ",".join(SYMBOLS), text(START - 3 * DAY), text(START), limit, 1)
            assert [place for _, place, _ in got] == sorted(known)
            assert all(same_floats(bar, known[place]) for _, place, bar in got)
        latest = lines("latest", server.url, "AAPL,MSFT")
        assert {place[0] for _, place, _ in latest} == {"AAPL", "MSFT"}


def check_go_stream():
    """the Go SDK streams bars and updated bars, and changes its subscription meanwhile"""
    with Server(*simulated("--symbols", ",".join(SYMBOLS)), "--corrections", "20%") as server:
        got = streamed(server, "stream", server.stream, ",".join(SYMBOLS), 150)
        known = truth(SYMBOLS, START - DAY, max(place[1] for _, place, _ in got) + MINUTE)
        bars = [(place, bar) for kind, place, bar in got if kind == "bar"]
        updated = {place: bar for kind, place, bar in got if kind == "updated"}
        assert updated and all(same_floats(bar, known[place]) for place, bar in updated.items())
        # Updates are subscribed after the bars, so there may be none for the first bars.
        first, last = min(place[1] for place in updated), max(place[1] for place in updated)
        wrong = {place for place, bar in bars if not same_floats(bar, known[place]) and first <= place[1] < last}
        assert wrong and wrong <= set(updated), wrong
        for symbol in SYMBOLS:
            times = sorted(place[1] for place, _ in bars if place[0] == symbol)
            assert times == [times[0] + MINUTE * i for i in range(len(times))], times


def check_go_crypto():
    """the Go SDK streams coins with fractions of them, as they were recorded"""
    path, known = recorded("bars_crypto_1min.jsonl.gz")
    begin = sorted(time_ for _, time_ in known)[100]
    with Server(path, "--start", text(begin), "--speed", 1200) as server:
        got = streamed(server, "crypto", server.stream, "BTCUSD", 50)
        assert len(got) >= 50 and all(same_floats(bar, known[place]) for _, place, bar in got)


def check_go_refusals():
    """the Go SDK knows the errors of the stream by their codes, and has its own words for some"""
    for code, sentence in ((402, "invalid credentials"), (409, "insufficient subscription"), (410, "subscription change invalid for feed"),
                           (411, "insufficient scope"), (405, "symbol limit exceeded")):
        with Server(*simulated("--symbols", "AAPL"), "--refuse", code) as server:
            said = until(lambda said: "deadline exceeded" not in said.stdout, lambda: client("refused", server.stream))
            assert sentence in said.stdout, (code, said)
