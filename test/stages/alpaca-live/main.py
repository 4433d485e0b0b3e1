"""Our client against `tidemark alpaca-server` with every fault that it offers: the finals equal those of a run without faults.

A word behind it, or LIVE_CASES, chooses the cases with that word in their name. TIDEMARK_FULL: longer. LIVE_SOAK=30: half an hour of drops.
"""

import concurrent.futures
import datetime
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import certificates  # noqa: E402
import harness  # noqa: E402
import alpaca_market as market  # noqa: E402
from harness import Skip  # noqa: E402
from liar import Liar  # noqa: E402
from alpaca_market import KEY, MINUTE, SECRET, SYMBOLS, Client, Server, check  # noqa: E402

FULL = bool(os.environ.get("TIDEMARK_FULL"))
MINUTES = 240 if FULL else 24  # of the market, after the start of a client
SOAK_MINUTES = int(os.environ.get("LIVE_SOAK") or 0)  # wall-clock minutes
SHARED = os.environ.get("TIDEMARK_SHARED") or ""
CRYPTO = ["BTC/USD", "ETH/USD"]
LANES = 6  # cases at once: most of them wait
BEGIN = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)  # four in the morning in New York
FIRST = datetime.datetime(2026, 1, 5, 15, 1, tzinfo=datetime.UTC)


def through(folder, server_words, enough=lambda client, server: True, minutes=MINUTES, keep_revision=True, rejected=0, **server_options):
    """Runs a client against a server with faults, for some minutes of the market and until there were enough faults, then
    compares. Returns both after they have ended."""
    with Server(folder, *server_words, **server_options) as server:
        with Client(folder, server) as client:
            client.run_to(FIRST + minutes * MINUTE)
            client.wait_until(lambda: enough(client, server), "there was enough of what is tried here")
            client.run_to(client.brought() + MINUTE)
            status = client.status()
            client.end()
            check(client, BEGIN, keep_revision=keep_revision, rejected=rejected)
        server.end()
    return client, server, status


def on_a_quiet_machine(attempt, folder):
    """A machine that freezes for a second causes an outage in a market at twelve times the speed. Then the case is
    retried, three times in all."""
    for number in range(3):
        place = folder / f"attempt-{number}"
        place.mkdir()
        try:
            return attempt(place)
        except AssertionError:
            if number == 2 or "alpaca.lost" not in "".join(path.read_text() for path in place.glob("*.journal")):
                raise


def check_undisturbed(folder):
    """without a fault: bars in the lake and finals are those of the server's history, with no gap but that of the start"""
    def attempt(place):
        client, _, status = through(place, [], minutes=4, speed=12)
        assert status["feed"]["state"] == "live" and status["feed"]["speed"] == 12, status
        assert status["account"]["duplicate"] <= len(SYMBOLS), status  # the minute at the end of which it started
        assert client.journal().count("alpaca.filled") == 1 and "alpaca.lost" not in client.journal(), client.journal()

    on_a_quiet_machine(attempt, folder)


def check_drops(folder):
    """a stream that is cut every few seconds: each gap is filled before time goes on, and told"""
    def enough(client, server):
        return "alpaca.lost" in client.journal() and server.journal().count("alpaca.dropped") >= 3  # the client counts them once a minute

    _, _, status = through(folder, ["--drop-after", "3s"], enough)
    assert "gaps filled: " in status["feed"]["detail"] or status["feed"]["state"] != "live", status


def check_mute(folder):
    """a stream that stays open and falls silent is found out within seconds of the market's minute, and filled"""
    through(folder, ["--mute-after", "3s"], lambda client, _: "open and silent" in client.journal())


def check_duplicates(folder):
    """bars that come twice are counted, and count once"""
    through(folder, ["--duplicate", "20%"], lambda client, _: client.status()["account"]["duplicate"] > 10)


def check_late(folder):
    """bars that come a minute late are in their windows"""
    through(folder, ["--late", "10%"])


def check_corrections(folder):
    """bars that are wrong at first end as their corrections say, also where a drop took the correction"""
    def enough(client, _):
        return client.status()["account"]["corrected"] >= 5

    through(folder, ["--corrections", "20%", "--drop-after", "4s"], enough, keep_revision=False)


def check_garbage(folder):
    """what is no message is a dead letter, and what may have been lost with it is fetched"""
    client, _, _ = through(folder, ["--garbage", "10%"], lambda client, _: client.status()["account"]["rejected"] > 0, rejected=None)
    letters = market.rows(client.data, "SELECT count(*) FROM alpaca_dead_letters")[0][0]
    assert letters > 0


def check_errors_of_history(folder):
    """history that answers 500 now and then is asked again; no heartbeat is given before it is here"""
    through(folder, ["--rest-errors", "40%", "--drop-after", "4s"], lambda client, _: "alpaca.history_failed" in client.journal())


def check_everything_at_once(folder):
    """drops, silence, duplicates, late bars, corrections, garbage and errors together"""
    words = "--drop-after 6s --mute-after 9s --duplicate 5% --late 5% --corrections 5% --garbage 1% --rest-errors 10%".split()
    through(folder, words, keep_revision=False, rejected=None)


def check_kills(folder):
    """kill -9 of the client, again and again, over a stream that is cut: nothing is lost or there twice"""
    with Server(folder, "--drop-after", "5s") as server:
        for life in range(12 if FULL else 4):
            with Client(folder, server, name=f"client-{life}") as client:
                client.run_to(FIRST + (life + 1) * 5 * MINUTE)
        with Client(folder, server, name="last") as client:
            client.run_to(FIRST + MINUTES * MINUTE)
            client.end()
            check(client, BEGIN)


def check_server_restarts(folder):
    """a server that is gone for a while: a clear state, tried again, and filled when it is back"""
    simulated = subprocess.run([market.TIDEMARK, "simulate", "--symbols", ",".join(SYMBOLS), "--start", market.text_of(BEGIN),
                                "--minutes", "1200"], capture_output=True, check=True).stdout
    (folder / "bars.jsonl").write_bytes(simulated)
    with Server(folder, "--history", "1d", files=["bars.jsonl"]) as server:
        port = server.url.rsplit(":", 1)[1]
        with Client(folder, server) as client:
            client.run_to(FIRST + 5 * MINUTE)
            seen = server.now()
            server.process.kill()
            server.process.wait()
            down = client.wait_until(lambda: (status := client.status())["feed"]["state"] == "down" and status, "it sees that")
            assert "cut the connection" in down["feed"]["detail"] or "refused" in down["feed"]["detail"], down
            with Server(folder, "--history", "1d", port=port, files=["bars.jsonl"], name="server-again",
                        start=market.text_of(seen + 10 * MINUTE)) as again:
                client.server = again
                client.run_to(FIRST + MINUTES * MINUTE)
                client.end()
                check(client, BEGIN)
            assert client.journal().count("alpaca.filled") >= 2, client.journal()


def check_soak(folder):
    """hours of the market at speed, nights and all, cut every few seconds: bars and finals are those of an undisturbed run"""
    if not SOAK_MINUTES:
        raise Skip("takes half an hour: LIVE_SOAK=30, or ./dev campaign soak")
    with Server(folder, "--drop-after", "5s", "--hours", "regular", speed=60) as server:
        with Client(folder, server) as client:
            client.run_to(FIRST + 60 * SOAK_MINUTES * MINUTE, patience=60 * SOAK_MINUTES + 300)
            client.end()
            found = check(client, BEGIN)
    drops = server.journal().count("alpaca.dropped")
    print(f"# soak: {SOAK_MINUTES} minutes, {found['minutes']} minutes of the market with bars, {drops} drops, {found['bars']} bars, "
          f"{found['finals']} finals", flush=True)
    assert drops > 3 * SOAK_MINUTES, drops  # at night it reconnects more slowly, because no bars come


def refused(folder, code, *words, ends_with=2):
    with Server(folder, "--refuse", str(code)) as server, Client(folder, server, *words) as client:
        try:
            client.process.wait(market.PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{code}: it goes on\n{client.journal()}") from None
        assert client.process.returncode == ends_with, (code, client.process.returncode, client.journal())
        return client.journal()


def check_what_only_people_cure(folder):
    """402, 405, 408, 409 and 411 end the run with 2 and a sentence that says what to do"""
    for code, cure in ((402, "ALPACA_API_SECRET"), (405, "SYMBOLS"), (408, "support"), (409, "alpaca-feed"), (411, "plan")):
        said = refused(folder, code).splitlines()[-1]
        assert said.startswith("tidemark run: alpaca: ") and cure in said and f"error {code}" in said, said
        (folder / "client.journal").unlink()


def check_what_passes(folder):
    """404, 406, 407 and 500 are tried again until they pass; 406 on the same connection; max-retries is honoured"""
    for code in (404, 406, 407, 500):
        with Server(folder, "--refuse", f"{code}:2", name=f"server-{code}") as server:
            with Client(folder, server, name=f"client-{code}", data=f"data-{code}") as client:
                client.run_to(FIRST + 5 * MINUTE)
                client.end()
                check(client, BEGIN)
                assert f"error {code}" in client.journal(), client.journal()
    assert server.journal().count("stream_opened") >= 3
    said = refused(folder, 500, "--max-retries", "2", ends_with=1)
    assert "gave up after 2 tries" in said, said


def check_one_connection(folder):
    """two clients where the plan allows one: the second waits and says why, and has it when the first ends"""
    def attempt(place):
        with Server(place, "--connection-limit", "1", speed=12) as server, Client(place, server, name="first", data="first") as first:
            first.run_to(FIRST)
            with Client(place, server, name="second", data="second") as second:
                second.wait_until(lambda: "error 406" in second.status()["feed"]["detail"], "it is told")
                first.run_to(first.brought() + 2 * MINUTE)
                first.end()
                second.run_to(first.brought() + 3 * MINUTE)
                second.end()
                assert "alpaca.lost" not in first.journal(), first.journal()
                check(second, BEGIN)
                check(first, BEGIN)

    on_a_quiet_machine(attempt, folder)


def check_rate_limit(folder):
    """history at 10 calls a minute: never a call too many, and everything there in the end"""
    _, server, _ = through(folder, ["--rate-limit", "10", "--drop-after", "8s"])
    assert re.search(r"alpaca\.faults .*rate_limited=0\b", server.journal()), server.journal()


def check_secrets(folder):
    """key and secret are in no journal, no answer, no file"""
    with Server(folder, "--drop-after", "2s") as server:
        with Client(folder, server, "--log-level", "debug") as client:
            client.run_to(FIRST + 10 * MINUTE)
            told = json.dumps(client.status())
            client.end()
    with Server(folder, name="server-without-faults") as server:
        doctor = subprocess.run([market.TIDEMARK, "doctor", "--feed", "alpaca", "--data", str(client.data)], capture_output=True,
                                text=True, cwd=folder, env={"PATH": os.environ["PATH"], "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET,
                                                            "TIDEMARK_ALPACA_DATA_URL": server.url, "TIDEMARK_ALPACA_STREAM_URL": server.url.replace("http", "ws")})
        for finding in ("history answers", "the stream takes the keys", "as on the free plan"):
            assert finding in doctor.stdout, doctor.stdout
    told += doctor.stdout + doctor.stderr + client.journal() + refused(folder, 402)
    for secret in (KEY, SECRET):
        assert secret not in told, "it is told"
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.startswith("server"):
                assert secret.encode() not in path.read_bytes(), path


def check_series_are_not_mixed(folder):
    """a data directory with bars of IEX is refused to SIP and to the simulator, and one of the simulator to Alpaca"""
    with Server(folder) as server:
        with Client(folder, server) as client:
            client.run_to(FIRST + 2 * MINUTE)
            client.end()
        for words in (["--feed", "alpaca", "--alpaca-feed", "sip"], ["--feed", "simulator"]):
            environment = {"PATH": os.environ["PATH"], "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET}
            said = subprocess.run([market.TIDEMARK, "run", *words, "--port", "0", "--data", str(client.data)], capture_output=True,
                                  text=True, cwd=folder, env=environment, timeout=market.PATIENCE)
            assert said.returncode == 2 and "never mixed" in said.stderr and "--data" in said.stderr, said


def check_crypto(folder):
    """crypto: another path, fractional volumes, day and night"""
    symbols = ["BTC/USD", "ETH/USD"]
    start = "2026-01-03T23:30:25Z"  # a Saturday's night
    with Server(folder, "--drop-after", "5s", symbols=symbols, start=start) as server:
        with Client(folder, server, feed="crypto", symbols=symbols) as client:
            # It begins a day before the minute of its creation.
            filling = client.wait_until(lambda: re.search(r"alpaca.filling .*from=(\S+)", client.journal()), "it fills")
            begin, minute = market.moment(filling[1]), market.moment(start).replace(second=0)
            assert minute <= begin + datetime.timedelta(hours=24) <= server.now(), begin
            client.run_to(minute + (MINUTES + 1) * MINUTE)
            client.end()
            check(client, begin, feed="crypto")


def check_recorded_bars(folder):
    """real bars, served from a file, arrive in the lake unchanged"""
    if not SHARED:
        raise Skip("needs the bars of ../shared/data")
    begin = datetime.datetime(2015, 12, 24, tzinfo=datetime.UTC)
    lines = [line for line in gzip.open(pathlib.Path(SHARED) / "data/bars_equity_1min.jsonl.gz", "rt")
             if '"timestamp":"2015-12-24T' in line]
    assert len(lines) > 100, "the data have changed"
    (folder / "bars.jsonl").write_text("".join(lines))
    symbols = sorted({json.loads(line)["symbol"] for line in lines})
    with Server(folder, "--drop-after", "6s", "--history", "1d", start="2015-12-24T16:30:00Z", files=["bars.jsonl"], speed=600) as server:
        with Client(folder, server, symbols=symbols) as client:
            client.run_to(datetime.datetime(2015, 12, 24, 19, 30, tzinfo=datetime.UTC))
            client.end()
            end = market.last_heartbeat(client.data)
            check(client, begin.replace(hour=9))
    theirs = {(bar["symbol"], market.moment(bar["timestamp"])): bar for bar in map(json.loads, lines)}
    found = {}
    for path in (client.data / "lake/bars").rglob("*.parquet"):
        for row in market.pyarrow.parquet.read_table(path, partitioning=None).to_pylist():
            found[row["symbol"], row["timestamp"].replace(tzinfo=datetime.UTC)] = row
    theirs = {name: bar for name, bar in theirs.items() if begin.replace(hour=9) <= name[1] < end}
    assert {name for name in found if name[1] < end} == theirs.keys() and len(theirs) > 100
    for name, bar in theirs.items():
        for column in ("open", "high", "low", "close", "volume", "vwap"):
            assert bar[column] is None or str(market.decimal.Decimal(str(bar[column])).normalize()) == str(
                market.decimal.Decimal(found[name][column]).normalize()), (name, column)


def wrong_clock(folder):
    """The environment of a client whose wall clock is ahead by the seconds in a file, and that file."""
    source, library, shown = pathlib.Path(__file__).with_name("wrong_clock.c"), folder / "wrong_clock.so", folder / "ahead"
    subprocess.run([os.environ.get("CC") or "cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    shown.write_text("0")
    return {"LD_PRELOAD": str(library), "WRONG_CLOCK_FILE": str(shown)}, shown


def set_ahead(shown, seconds):
    shown.with_suffix(".new").write_text(str(seconds))
    shown.with_suffix(".new").replace(shown)


def check_wrong_clock(folder):
    """a wall clock that jumps three hours forward, then back, then behind: told, not believed, and no bar is late"""
    environment, shown = wrong_clock(folder)
    with Server(folder, speed=24) as server:
        with Client(folder, server, environment=environment) as client:
            client.run_to(FIRST + 2 * MINUTE)
            for jumps, seconds in enumerate((10_800, 0, -10_800, 0), start=1):
                set_ahead(shown, seconds)
                if seconds:
                    client.wait_until(lambda jumps=jumps: client.journal().count("clock.jumped") >= (jumps + 1) // 2, "the jump is told")
                    client.wait_until(lambda: "not believed" in client.status()["feed"]["detail"], "the page says so")
                client.run_to(client.brought() + 4 * MINUTE)
            status = client.status()
            client.end()
            check(client, BEGIN)
        server.end()
    assert client.journal().count("clock.jumped") == 2 and status["account"]["late"] == 0, (client.journal(), status)


def no_clock(exchange):
    return exchange.answer(404, "", {"Date": exchange.headers.get("Date", "")})


no_clock.times = 1_000_000


def check_wrong_clock_in_the_worlds_time(folder):
    """the same where the market runs by the world's time, and the server shows no clock but its Date: real minutes"""
    if not FULL:
        raise Skip("takes some minutes: ./dev test --full")
    environment, shown = wrong_clock(folder)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    with Server(folder, speed=1, start=market.text_of(now), symbols=CRYPTO) as server, Liar(server.url) as liar:
        liar.arm("clock", no_clock)
        server.url = liar.url
        with Client(folder, server, environment=environment, feed="crypto", symbols=CRYPTO) as client:
            client.run_to(now)
            set_ahead(shown, 10_800)
            client.wait_until(lambda: "clock.jumped" in client.journal(), "the jump is told")
            client.run_to(client.brought() + MINUTE)
            set_ahead(shown, 0)
            client.run_to(client.brought() + 3 * MINUTE)
            status = client.status()
            client.end()
    assert status["account"]["late"] == 0 and status["account"]["accepted"] > 0, status
    assert client.brought() <= datetime.datetime.now(datetime.UTC), client.brought()


def check_tls(folder):
    """TLS: the right name and authority are taken, a wrong name and an unknown authority are refused"""
    certificates.make(folder)
    with Server(folder, "--tls-cert", "server.pem", "--tls-key", "server.key") as server:
        assert server.url.startswith("https://"), server.url
        port = server.url.rsplit(":", 1)[1]
        def client(host, *words):
            server.url = f"https://{host}:{port}"
            return Client(folder, server, *words, name=f"client-{host}-{len(words)}", data=f"data-{host}-{len(words)}")

        with client("localhost", "--alpaca-ca-file", "ca.pem") as good:
            good.wait_until(lambda: good.brought(), "it works")
            good.end()
        for host, words in (("127.0.0.1", ["--alpaca-ca-file", "ca.pem"]), ("localhost", [])):
            with client(host, *words) as bad:
                bad.process.wait(market.PATIENCE)
                assert bad.process.returncode == 2 and "ertificate" in bad.journal().splitlines()[-1], bad.journal()
                assert not bad.brought(), "it took bars from whoever that is"


def run(case):
    with tempfile.TemporaryDirectory(prefix="alpaca-") as folder:
        return harness.outcome(case.__doc__, case, pathlib.Path(folder))


def main():
    cases = [case for name, case in globals().items() if name.startswith("check_") and callable(case)]
    word = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("LIVE_CASES", "")
    cases = [case for case in cases if word in case.__name__ and harness.is_chosen(case.__doc__)]
    with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
        for said in lanes.map(run, cases):
            print(said, flush=True)


if __name__ == "__main__":
    main()
    harness.end()
