"""`tidemark alpaca-server`, a client of it, and the results that the client should get from the server's market.

The reference (contract/reference, which shares no code with the program) gets the bars of the server's history, minute by minute,
each followed by a heartbeat, as in a run without any failure.
"""

import collections
import contextlib
import datetime
import decimal
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "contract/reference")]

import pyarrow.parquet  # noqa: E402
from partition import Partition  # noqa: E402

TIDEMARK = os.environ.get("TIDEMARK") or str(ROOT / "build/release/tidemark")
PATIENCE = 180
KEY, SECRET = "PKTESTKEY0123456789", "tell-nobody-about-this-secret"
OBSERVER = "PKOBSERVER0123456789"  # a separate key, so that the tests' own calls do not count as the client's
MINUTE = datetime.timedelta(minutes=1)
SYMBOLS = ["AAPL", "MSFT", "TSLA", "BRK.B"]


def text_of(time_):
    return time_.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text):
    return datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))


class Program:
    """A process of ours, with its output."""

    def __init__(self, folder, name, *words, environment=None):
        self.said = folder / f"{name}.journal"
        self.told = folder / f"{name}.out"
        with open(self.said, "ab") as journal, open(self.told, "wb") as told:
            self.process = subprocess.Popen(
                [TIDEMARK, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=journal,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def journal(self):
        return self.said.read_text(errors="replace")

    def wait_until(self, happened, what, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while True:
            if value := happened():
                return value
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode} before {what}:\n{self.journal()[-3000:]}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {patience} s: {what}\n{self.journal()[-3000:]}")
            time.sleep(0.02)

    def end(self, code=0):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        assert self.process.returncode == code, f"ended with {self.process.returncode}, not {code}:\n{self.journal()[-3000:]}"
        return self.journal()


class Server(Program):
    def __init__(self, folder, *words, speed=120, name="server", symbols=SYMBOLS, start="2026-01-05T15:00:25Z", files=(), port="0"):
        market = ["--symbols", ",".join(symbols)] if not files else []
        super().__init__(folder, name, "alpaca-server", "--port", port, "--speed", str(speed), "--start", start, *market,
                         *words, *files)
        self.url = self.wait_until(lambda: self.told.read_text().strip(), "the server said where it is").splitlines()[0]

    def get(self, path, **parameters):
        request = urllib.request.Request(f"{self.url}{path}?{urllib.parse.urlencode(parameters)}",
                                         headers={"APCA-API-KEY-ID": OBSERVER, "APCA-API-SECRET-KEY": SECRET})
        for _ in range(50):
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                    return json.loads(answer.read(), parse_float=decimal.Decimal)
            except urllib.error.HTTPError as error:  # it fails now and then on request
                if error.code != 500:
                    raise
        raise AssertionError("the server answers nothing but errors")

    def now(self):
        return moment(self.get("/v2/clock")["timestamp"])

    def bars(self, start, end, symbols=SYMBOLS, path="/v2/stocks/bars", **more):
        """The history of [start, end): minute → symbol → bar."""
        minutes = collections.defaultdict(dict)
        token = None
        while True:
            page = self.get(path, symbols=",".join(symbols), timeframe="1Min", limit=10000, start=text_of(start),
                            end=text_of(end - datetime.timedelta(seconds=1)), **more, **({"page_token": token} if token else {}))
            for symbol, bars in page["bars"].items():
                for bar in bars:
                    minutes[moment(bar["t"])][symbol] = bar
            token = page["next_page_token"]
            if not token:
                return dict(sorted(minutes.items()))


class Client(Program):
    def __init__(self, folder, server, *words, name="client", data="data", feed="iex", symbols=SYMBOLS, environment=None):
        stream = server.url.replace("http", "ws", 1)
        super().__init__(folder, name, "run", "--feed", "alpaca", "--alpaca-feed", feed, "--symbols", ",".join(symbols),
                         "--alpaca-stream-url", stream, "--alpaca-data-url", server.url, "--port", "0", "--data", data,
                         "--retry-delay", "1s", *words,
                         environment={"ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET, **(environment or {})})
        self.data = folder / data
        self.server = server
        self.symbols = symbols

    def page(self):
        return self.wait_until(lambda: re.search(r"run\.started page=(\S+)", self.journal()), "it started")[1]

    def status(self):
        with urllib.request.urlopen(self.page() + "/api/v1/status", timeout=PATIENCE) as answer:
            return json.load(answer)

    def brought(self):
        """The time up to which the feed has declared itself complete."""
        return last_heartbeat(self.data) if "run.started" in self.journal() else None

    def run_to(self, time_, patience=PATIENCE):
        self.wait_until(lambda: (self.brought() or time_ - MINUTE) >= time_, f"the feed is complete up to {time_}", patience)


def rows(data, question):
    with contextlib.closing(sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True, timeout=PATIENCE)) as log:
        return log.execute(question).fetchall()


def last_heartbeat(data):
    found = rows(data, "SELECT time FROM alpaca_trends WHERE kind = 'heartbeat' ORDER BY offset DESC LIMIT 1")
    return heartbeat_time(found[0][0]) if found else None


def heartbeat_time(value):
    return moment(value) if isinstance(value, str) else datetime.datetime.fromtimestamp(value // 10**9, datetime.UTC)


def record(symbol, bar, feed):
    """A bar as a producer would write it; the reference derives the other fields."""
    names = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume", "vw": "vwap", "n": "trade_count"}
    values = "".join(f',"{names[key]}":{bar[key]}' for key in names if bar.get(key) is not None)
    return f'{{"symbol":"{symbol}","timestamp":"{bar["t"]}"{values},"feed":"{feed}"}}'.encode()


def undisturbed(minutes, until, feed="iex"):
    """The reference's results for these minutes, up to `until`."""
    partition = Partition()
    for time_, bars in minutes.items():
        if time_ >= until:
            break
        partition.take(json.dumps({"heartbeat": text_of(time_)}).encode(), "history", 0)
        for symbol, bar in bars.items():
            partition.take(record(symbol, bar, feed), "history", 0)
        partition.take(json.dumps({"heartbeat": text_of(time_ + MINUTE)}).encode(), "history", 0)
    partition.take(json.dumps({"heartbeat": text_of(until)}).encode(), "history", 0)
    assert partition.stats["late"] == partition.stats["rejected"] == 0, partition.stats
    return partition


def without_revision(trend):
    return re.sub(r',"revision":\d+', "", trend)


def finals(texts, keep_revision):
    found = {}
    for text in texts:
        text = (text.decode() if isinstance(text, bytes) else text).strip()
        trend = json.loads(text)
        name = (trend["symbol"], trend["window_start"])
        assert name not in found, f"a final is there twice: {text}"
        found[name] = text if keep_revision else without_revision(text)
    return found


def check(client, begin, keep_revision=True, late=0, rejected=0, feed="iex"):
    """Checks that finals in the log and bars in the lake match the server's history. The client has ended."""
    end = last_heartbeat(client.data)
    minutes = client.server.bars(begin, end, **({"path": "/v1beta3/crypto/us/bars"} if feed == "crypto" else {}),
                                 symbols=client.symbols)
    assert len(minutes) > 10, "too little to compare"
    right = finals(undisturbed(minutes, end, feed).trends, keep_revision)
    found = finals((value for (value,) in rows(client.data, "SELECT value FROM alpaca_trend_results ORDER BY offset")), keep_revision)
    for name in sorted(right.keys() | found.keys()):
        assert found.get(name) == right.get(name), f"{name}:\n  is  {found.get(name)}\n  not {right.get(name)}"
    counts = {topic: rows(client.data, f"SELECT count(*) FROM {topic}")[0][0] for topic in ("alpaca_late_bars", "alpaca_dead_letters")}
    assert counts["alpaca_late_bars"] == late and rejected in (None, counts["alpaca_dead_letters"]), counts
    # Corrections of the last minutes may still have been in flight.
    same_bars(client.data, minutes, end - (0 if keep_revision else 2) * MINUTE, feed)
    return {"minutes": len(minutes), "bars": sum(map(len, minutes.values())), "finals": len(right)}


def same_bars(data, minutes, end, feed):
    lake = {}
    for path in sorted((data / "lake/bars").rglob("*.parquet")):
        for row in pyarrow.parquet.read_table(path, partitioning=None).to_pylist():
            time_ = row["timestamp"].replace(tzinfo=datetime.UTC) if row["timestamp"].tzinfo is None else row["timestamp"]
            before = lake.get((row["symbol"], time_))
            if time_ < end and (before is None or before["position"] < row["position"]):
                lake[row["symbol"], time_] = row
    right = {(symbol, time_): bar for time_, bars in minutes.items() for symbol, bar in bars.items() if time_ < end}
    assert lake.keys() == right.keys(), (sorted(right.keys() - lake.keys())[:5], sorted(lake.keys() - right.keys())[:5])
    for name, bar in right.items():
        row = lake[name]
        for theirs, ours in (("o", "open"), ("h", "high"), ("l", "low"), ("c", "close"), ("v", "volume"), ("vw", "vwap")):
            assert decimal.Decimal(row[ours]) == decimal.Decimal(str(bar[theirs])), (name, ours, row[ours], bar[theirs])
        assert row["trade_count"] == bar["n"] and row["feed"] == feed, (name, row)
