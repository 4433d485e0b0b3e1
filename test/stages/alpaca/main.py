"""`tidemark backfill`: the lake gets exactly the server's bars, whatever the server, the network and kill -9 do."""

import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import certificates  # noqa: E402
import harness  # noqa: E402
import market  # noqa: E402
from market import history  # noqa: E402
from rest_server import KEY, SECRET, Site  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]
WINDOWS = history.lakes.Windows(300, 60, 120)
NOVEMBER = datetime.date(2025, 11, 24)  # a Monday; Thursday is Thanksgiving, Friday ends at 13:00
PATIENCE = 180
LANES = 4  # cases at once: most of them wait
cases = []
harness.choose(*sys.argv[1:2] or [""])


def beside_others(name):
    """One check, in its own folder."""

    def keep(check):
        if harness.is_chosen(name):
            cases.append((name, check))

    return keep


def outcome(named):
    """Runs it in its own folder; returns the text to print."""
    name, check = named
    with tempfile.TemporaryDirectory(prefix="tidemark-alpaca-") as folder:
        return harness.outcome(name, check, pathlib.Path(folder))


def command(data, site, symbols, *words, first=NOVEMBER, days=5):
    last = first + datetime.timedelta(days=days - 1)
    url = site if isinstance(site, str) else site.url()
    return [
        TIDEMARK, "backfill", "--data", str(data), "--alpaca-data-url", url, "--symbols", ",".join(symbols),
        "--from", f"{first}", "--to", f"{last}", "--json", *map(str, words),
    ]  # fmt: skip


def environment(**more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALPACA", "APCA", "TIDEMARK_", "SYMBOLS"))}
    return {**clean, "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET, **more}


def backfill(folder, *words, code=0, env=None, **options):
    """The account of a backfill, or its output if it ended with another code. Keys are never printed."""
    ended = subprocess.run(command(folder / "d", *words, **options), capture_output=True, text=True, timeout=600, cwd=folder, env=env or environment())
    assert ended.returncode == code, f"ended with {ended.returncode}\n{ended.stdout}{ended.stderr}"
    assert KEY not in ended.stdout + ended.stderr and SECRET not in ended.stdout + ended.stderr
    if code:
        return ended.stderr
    account = json.loads(ended.stdout)
    assert account["calls"] == account["pages"] - account["kept"] + account["refused"] + account["failed"], account
    return account


def wait_for_calls(site, count, running):
    deadline = time.monotonic() + PATIENCE
    while len(site.calls) < count:
        assert time.monotonic() < deadline and running.poll() is None, (len(site.calls), running.poll())
        time.sleep(0.01)


def check_lake(folder, bars, feed="iex", trends=True):
    """Checks that bars are exactly the server's, by the contract's reference, and that trends are those of the bars, in their first revision."""
    latest, _ = market.wanted(bars, feed)
    found = history.in_lake(folder / "d")
    for key in latest.keys() | found.keys():
        assert found.get(key) == latest.get(key), f"{key}\n  is        {found.get(key)}\n  should be {latest.get(key)}"
    rows = [row for _, _, row in history.lakes.rows(folder / "d" / "lake", "bars")]
    assert len(rows) == len(latest), "a bar is there twice"
    if trends:
        made, published = history.lakes.recomputed(folder / "d" / "lake", WINDOWS), history.lakes.published(folder / "d" / "lake")
        assert made == published
    assert not (folder / "d" / "backfill").exists(), "the spool is still there"


@beside_others("a week with Thanksgiving and a half-day: bars and trends are those of the server")
def _(folder):
    bars = market.year_of(["AAPL", "BRK.B", "MSFT"], NOVEMBER, 5)
    with Site(bars) as site:
        account = backfill(folder, site, ["MSFT", "AAPL", "BRK.B"])
        assert account["bars"] == account["import"]["imported"] == sum(map(len, bars.values())), account
        assert account["calls"] == account["pages"] == len(site.calls) and account["pages"] > 3, account
        assert len(set(site.addresses)) == 1, "the connection is not kept"
    check_lake(folder, bars)
    friday = {key[1] for key in history.in_lake(folder / "d") if key[1] >= 1_764_288_000 * 10**9}
    assert max(friday) == 1_764_352_740 * 10**9, "the half-day's last minute is 12:59 in New York"


@beside_others("twice is the same as once; days are those that were asked for, the last one included")
def _(folder):
    bars = market.year_of(["A"], NOVEMBER, 5)
    with Site(bars) as site:
        backfill(folder, site, ["A"], days=2)
        account = backfill(folder, site, ["A"], days=2)
        assert account["import"]["imported"] == 0 and account["import"]["identical"] == account["bars"] > 600, account
        check_lake(folder, {"A": [bar for bar in bars["A"] if json.loads(bar)["t"] < "2025-11-26"]})
        account = backfill(folder, site, ["A"], days=5)
    check_lake(folder, bars)


@beside_others("crypto: volumes are fractions, day and night, digit by digit")
def _(folder):
    bars = market.coins(["BTC/USD", "ETH/USD"], NOVEMBER, 3_000)
    with Site(bars) as site:
        account = backfill(folder, site, ["BTC/USD", "ETH/USD"], "--feed", "crypto")
        assert account["bars"] == 6_000 and site.calls[0].startswith("/v1beta3/crypto/us/bars?symbols=BTC%2FUSD,ETH%2FUSD&"), account
    check_lake(folder, bars, "crypto")


@beside_others("what is no bar is named with its reason, and the rest is there")
def _(folder):
    bars = market.year_of(["A"], NOVEMBER, 1)
    good = list(bars["A"])
    bars["A"][5:5] = [(1_763_994_900 * 10**9, text) for text in ("null", '{"t":"2025-11-24T14:35:30Z","o":"1"}', '{"t":"2025-11-24T14:35:31Z","o":1,"h":1,"l":2,"c":1,"v":1}')]
    with Site(bars) as site:
        account = backfill(folder, site, ["A"])
    texts = [bar if isinstance(bar, str) else bar[1] for bar in bars["A"]]
    assert account["import"]["reasons"] == market.wanted({"A": texts}, "iex")[1] and account["import"]["rejected"] == 3, account
    check_lake(folder, {"A": good})


@beside_others("a year of many symbols goes in requests whose addresses are short, and who has no bars is named")
def _(folder):
    names = [f"S{i:03}.{'X' * (i % 20)}A" for i in range(400)]
    bars = market.year_of(names[::2], NOVEMBER, 1, density=0.02)
    with Site(bars, page=50) as site:
        ended = subprocess.run(command(folder / "d", site, names), capture_output=True, text=True, env=environment(), cwd=folder, timeout=300)
        assert ended.returncode == 0, ended.stderr
        assert max(map(len, site.calls)) < 1_900 and "no bars of S001.XA, S003.XXXA" in ended.stderr, ended.stderr
    check_lake(folder, bars)


@beside_others("a bar of another feed, or an adjusted one beside raw ones: refused before any call")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 2)
    with Site(bars) as site:
        backfill(folder, site, ["A"])
        calls = len(site.calls)
        said = backfill(folder, site, ["A", "B"], "--feed", "sip", code=2)
        assert "iex" in said and "--data" in said and "of A" in said, said
        said = backfill(folder, site, ["A"], "--adjustment", "split", code=2, first=NOVEMBER + datetime.timedelta(days=900))
        assert "iex:split" in said and len(site.calls) == calls, said
        assert "crypto" in backfill(folder, site, ["A"], "--feed", "crypto", "--adjustment", "all", code=2)
        backfill(folder, site, ["B"], "--feed", "sip")
        backfill(folder, site, ["A"], "--feed", "sip", first=NOVEMBER + datetime.timedelta(days=30))
        shutil.rmtree(folder / "d")
        backfill(folder, site, ["A"], "--adjustment", "split")
        assert "adjustment=split" in site.calls[-1]
        assert "iex:split" in backfill(folder, site, ["A"], code=2, first=NOVEMBER + datetime.timedelta(days=900))
    check_lake(folder, {"A": bars["A"]}, "iex:split")


@beside_others("without keys, or with wrong ones, it ends with 2 and says what to do; the server's words come through, keys do not")
def _(folder):
    bars = market.year_of(["A"], NOVEMBER, 1)
    with Site(bars) as site:
        said = backfill(folder, site, ["A"], code=2, env=environment(ALPACA_API_SECRET=""))
        assert "ALPACA_API_SECRET" in said and not site.calls, said
        (folder / ".env").write_text(f"ALPACA_API_KEY={KEY}\nALPACA_API_SECRET={SECRET}\nSYMBOLS=A\n")
        nothing = {name: value for name, value in environment().items() if not name.startswith("ALPACA")}
        assert backfill(folder, site, ["A"], env=nothing)["bars"] == len(bars["A"])
    shutil.rmtree(folder / "d")
    with Site(bars, keys=("other", "other")) as site:
        said = backfill(folder, site, ["A"], code=2)
        assert "401" in said and "authorization required." in said and "app.alpaca.markets" in said, said
    for status, message, expected, code in (
        (403, f"forbidden for {SECRET}", "forbidden for ***", 2),
        (403, "subscription does not permit querying recent SIP data", "use the feed iex", 2),
        (422, "invalid symbol: ?", "invalid symbol: ?", 1),
        (400, "what", "400: what", 1),
    ):
        with Site(bars, fault=lambda call: (status, {"message": message})) as site:
            said = backfill(folder, site, ["A"], code=code)
            assert expected in said and len(site.calls) == 1, said


@beside_others("errors of the server, cut and closed connections: tried again, and all is there")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)

    def cut(request):
        request.server.site.send(request, 200, request.server.site.bars_of(request.path), {}, cut=True)

    def close(request):  # as a server that has reached its keep-alive limit
        request.server.site.send(request, 200, request.server.site.bars_of(request.path), {})
        request.close_connection = True

    def hang_up(request):
        request.close_connection = True

    what = {1: (500, "<html>"), 2: (503, {"message": "later"}), 4: cut, 6: close, 8: hang_up, 10: (502, ""), 12: hang_up}
    with Site(bars, page=200, fault=what.get) as site:
        account = backfill(folder, site, ["A", "B"])
        # The close of a kept connection may cross the next call, which then never arrives.
        unheard = account["failed"] - 6
        assert unheard in (0, 1) and len(site.calls) == account["calls"] - unheard, (account, len(site.calls))
    check_lake(folder, bars)


@beside_others("an answer that is no page, a redirect, a page of another symbol: asked again as after a 502, and all is there")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)
    what = {3: (200, '{"bars":{"A":[{"o":1,'), 4: (200, '{"bars":{"A":[{"o":1,}]},"next_page_token":null}'), 6: (302, ""), 8: (404, ""),
            10: (200, '{"bars":{"EVIL":[{"t":"2025-11-24T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":1}]},"next_page_token":null}')}  # fmt: skip
    with Site(bars, page=200, fault=what.get) as site:
        account = backfill(folder, site, ["A", "B"])
        assert account["failed"] == 5, account
    check_lake(folder, bars)


@beside_others("pages that come to no end: their request is begun anew, and what they brought is in nobody's lake")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)
    loop = '{"bars":{"A":[{"t":"2025-11-24T05:00:00Z","o":666,"h":666,"l":666,"c":666,"v":1}]},"next_page_token":"again"}'
    with Site(bars, page=500, fault=lambda call: (200, loop) if 2 <= call < 4 else None) as site:
        account = backfill(folder, site, ["A", "B"])
        # Two true pages, two with the same token, then everything from the first page on.
        assert account["failed"] == 4 and account["calls"] == account["pages"] + 4, account
        assert "page_token" not in site.calls[4], site.calls
    check_lake(folder, bars)


@beside_others("a refusal ends it; what was there is kept, and it goes on there")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)
    with Site(bars, page=500, fault=lambda call: (401, {"message": "no"}) if call == 3 else None) as site:
        said = backfill(folder, site, ["A", "B"], code=2)
        assert "401: no" in said and "3 pages with 1500 bars are kept" in said and len(site.calls) == 4, said
        account = backfill(folder, site, ["A", "B"])
        assert account["kept"] == 3 and len(site.calls) == 4 + account["pages"] - 3, account
    check_lake(folder, bars)


@beside_others("a token that the server does not know any more: the page that gave it is fetched again")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)
    with Site(bars, page=500, fault=lambda call: (422, {"message": "invalid page_token"}) if call == 3 else None) as site:
        account = backfill(folder, site, ["A", "B"])
        assert account["failed"] == 2 and site.calls[4] == site.calls[2], (account, site.calls)
    check_lake(folder, bars)


class Lives:
    """Kills of a backfill of four symbols: `Site(fault=lives.at_call)`."""

    KILLS, PAGE = 10, 70

    def __init__(self, folder):
        first, days = NOVEMBER - datetime.timedelta(days=7), 12
        self.folder, self.options = folder, {"first": first, "days": days}
        self.bars = market.year_of(["A", "B", "C", "D"], first, days)
        self.pages = -(-sum(map(len, self.bars.values())) // self.PAGE)
        self.chance = random.Random(int(os.environ.get("ALPACA_SEED", "5")))
        self.target, self.is_reached, self.is_killed = 0, threading.Event(), threading.Event()

    def at_call(self, call):
        if call == self.target:
            self.is_reached.set()
        elif call > self.target:  # it waits here for its kill
            self.is_killed.wait(PATIENCE)

    def start(self, site):
        return subprocess.Popen(command(self.folder / "d", site, "ABCD", **self.options), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, env=environment(), cwd=self.folder)

    def pages_kept(self):
        return len(list((self.folder / "d").glob("backfill/*/[0-9]*.json")))

    def one_more(self, site):
        """Kills it while it handles one of the next calls."""
        self.target = len(site.calls) + self.chance.randint(1, self.pages // self.KILLS - 3)
        self.is_reached.clear(), self.is_killed.clear()
        running = self.start(site)
        assert self.is_reached.wait(PATIENCE), (self.target, len(site.calls), running.poll())
        time.sleep(self.chance.uniform(0, 0.02))
        running.kill()
        running.wait()
        self.is_killed.set()


@beside_others("killed at ten moments: goes on behind the last page, at most the call in flight is made again, each bar is there once")
def _(folder):
    lives = Lives(folder)
    with Site(lives.bars, page=lives.PAGE, fault=lives.at_call) as site:
        seen = set()
        for _ in range(lives.KILLS):
            lives.one_more(site)
            seen.add(lives.pages_kept())
        lives.target = 1 << 40
        backfill(folder, site, "ABCD", **lives.options)
        assert lives.pages <= len(site.calls) <= lives.pages + lives.KILLS, (len(site.calls), lives.pages)
        assert len(seen) > 3 and max(seen) > 10, seen
    check_lake(folder, lives.bars)


@beside_others("killed while what was fetched goes into the lake, or behind that: done again, and each bar is there once")
def _(folder):
    lives = Lives(folder)
    lives.target = 1 << 40
    with Site(lives.bars, page=lives.PAGE, fault=lives.at_call) as site:
        for _ in range(4):
            running = lives.start(site)
            while running.poll() is None and lives.pages_kept() < lives.pages:
                time.sleep(0.001)
            time.sleep(lives.chance.uniform(0, 0.2))
            running.kill()
            running.wait()
        backfill(folder, site, "ABCD", **lives.options)
    check_lake(folder, lives.bars)


@beside_others("Ctrl-C ends it at once with 130, even while the server is silent, and it goes on where it was")
def _(folder):
    bars = market.year_of(["A", "B"], NOVEMBER, 5)
    pause = [True]
    with Site(bars, page=500, fault=lambda call: time.sleep(120) if pause[0] and call == 3 else None) as site:
        running = subprocess.Popen(command(folder / "d", site, "AB"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=folder)
        wait_for_calls(site, 4, running)
        running.send_signal(signal.SIGINT)
        begun = time.monotonic()
        out, said = running.communicate(timeout=PATIENCE)
        assert running.returncode == 130 and "3 pages with 1500 bars are kept" in said and not out, (running.returncode, said)
        assert time.monotonic() - begun < 60, "it waited for the server"
        pause[0] = False
        account = backfill(folder, site, "AB")
        assert account["kept"] == 3 and len(site.calls) == account["pages"] + 1, account
    check_lake(folder, bars)


@beside_others("never more calls than the limit: none in any minute, none refused, a restart included")
def _(folder):
    bars = market.year_of(["A", "B", "C", "D"], NOVEMBER, 5)
    with Site(bars, page=100, limit=30) as site:
        pages = -(-sum(map(len, bars.values())) // 100)
        assert pages > 45
        running = subprocess.Popen(command(folder / "d", site, "ABCD"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(), cwd=folder)
        wait_for_calls(site, 30, running)
        time.sleep(1)
        running.kill()
        running.communicate()
        called = len(site.calls)
        account = backfill(folder, site, "ABCD")
        in_flight = called - account["kept"]  # on a slow machine the next call may already have been in flight
        assert in_flight in (0, 1) and account["refused"] == site.refused == 0, (called, account)
        assert site.most_in_a_minute() <= 30, site.most_in_a_minute()
        assert len(site.calls) == pages + in_flight, (len(site.calls), pages, in_flight)
    check_lake(folder, bars)


@beside_others("429 without a word before it: waits as long as it says, and asks again")
def _(folder):
    bars = market.year_of(["A"], NOVEMBER, 2)

    def refuse(request):
        request.server.site.send(request, 429, {"message": "too many requests."}, {"Retry-After": 3})

    with Site(bars, page=500, fault=lambda call: refuse if call == 1 else None) as site:
        account = backfill(folder, site, ["A"])
        assert account["refused"] == 1 and site.times[2] - site.times[1] > 2.9, (account, site.times)
    check_lake(folder, bars)


@beside_others("TLS: a certificate of a private authority is taken for its name; another name or an unknown authority is refused")
def _(folder):
    bars = market.year_of(["A"], NOVEMBER, 1)
    with Site(bars, tls=certificates.make(folder)) as site:
        trusted = ("--alpaca-ca-file", folder / "ca.pem")
        said = backfill(folder, site.url("127.0.0.1"), ["A"], *trusted, code=2)
        assert "certificate of 127.0.0.1 is not trusted" in said and "alpaca-ca-file" in said, said
        said = backfill(folder, site.url("localhost"), ["A"], code=2)
        assert "not trusted" in said and not site.calls, said
        assert "holds no certificates" in backfill(folder, site.url("localhost"), ["A"], "--alpaca-ca-file", folder / "names", code=2)
        assert backfill(folder, site.url("localhost"), ["A"], *trusted)["bars"] == len(bars["A"])
    check_lake(folder, bars)


@beside_others("nobody listens: tried again, and Ctrl-C is heard")
def _(folder):
    with socket.socket() as held, open(folder / "said", "w") as file:
        held.bind(("127.0.0.1", 0))  # reserved, and nothing listens there
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        running = subprocess.Popen(command(folder / "d", url, "A"), stdout=subprocess.DEVNULL, stderr=file, env=environment(), cwd=folder)
        deadline = time.monotonic() + PATIENCE
        while "trying again in 1 s" not in (said := (folder / "said").read_text()):
            assert time.monotonic() < deadline and running.poll() is None, said
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 130 and "Connection refused" in (folder / "said").read_text(), said


with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
    for said in lanes.map(outcome, cases):
        print(said, flush=True)
harness.end()
