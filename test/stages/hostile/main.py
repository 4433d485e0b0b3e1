"""The client of Alpaca against a server that tells one lie after another, each at a random moment, and then behaves well again.

For each lie: the final bars in log and lake are those of the server's history; calls and memory are bounded; no key, secret or token
is in anything that the program wrote or answered. HOSTILE_SEED chooses the order and the moments; an argument, or HOSTILE_CASES, chooses
the lies with that word in their name. TIDEMARK_FULL: all of them, also those that take minutes, for both clients. HOSTILE_ROUNDS=5: so many orders.
"""

import concurrent.futures
import datetime
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import alpaca_market as market  # noqa: E402
import canaries  # noqa: E402
from liar import Liar  # noqa: E402
from lies import LIES, echoes  # noqa: E402
from alpaca_market import KEY, MINUTE, SECRET, SYMBOLS, TIDEMARK, Client, Server  # noqa: E402

FULL = bool(os.environ.get("TIDEMARK_FULL"))
SEED = int(os.environ.get("HOSTILE_SEED") or 1)
ROUNDS = int(os.environ.get("HOSTILE_ROUNDS") or 1)
WORD = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HOSTILE_CASES", "")
TOKEN = "canary-token-5d41402abc4b2a76"
SHORT, SHORT_BACKFILL = 60, 12  # the number of lies in the short form; the seed chooses them
GROUPS = 5  # parallel clients, each with its share of the lies
MOST_CALLS = 400  # of history, during a lie: a question has at most a hundred pages, plus some retries
MOST_MEMORY = 600  # MB resident; without lies it is a quarter of that
BEGIN = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)  # four in the morning in New York
FIRST = datetime.datetime(2026, 1, 5, 15, 1, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 1, 2)  # for backfill: a past day
counted = {"lies": 0, "calls": 0, "memory": 0, "canaries": 0}
different = set()  # names of lies that were told


class LiarsClient(Client):
    """A `tidemark run` behind a liar, whose page asks for a token."""

    def __init__(self, folder, liar, *words):
        self.begun = time.monotonic()
        super().__init__(folder, liar, "--log-level", "debug", *words, environment={"TIDEMARK_TOKEN": TOKEN})

    def ask(self, path):
        request = urllib.request.Request(self.page() + path, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=market.PATIENCE) as answer:
            return answer.read()

    def status(self):
        return json.loads(self.ask("/api/v1/status"))


def peak_memory(process):
    """VmHWM in MB: the peak of resident memory."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) // 1024


def find_canaries(texts):
    """`texts`: name → bytes. Whatever gives a key, a secret or the token away."""
    echoed = [text.split(" and ")[0].split(" ")[-1].encode() for _, text in echoes()]
    counted["canaries"] += canaries.find((KEY, SECRET, TOKEN), texts, echoed)


def written(folder):
    """All files except those of the server, which is not under test."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.startswith("server")}


def told_to_clients(client):
    paths = ("/", "/metrics", "/readyz", "/api/v1/status", "/api/v1/letters", "/api/v1/symbols", "/api/v1/trends", "/api/v1/dead-letters", "/openapi.json")
    found = {}
    for path in paths:
        try:
            found[path] = client.ask(path)
        except urllib.error.HTTPError as error:
            found[path] = error.read()
    return found


def doctor(folder, liar, name):
    """The doctor's output about such a server; it may report a failure."""
    ended = subprocess.run(
        [TIDEMARK, "doctor", "--feed", "alpaca", "--symbols", "AAPL", "--data", str(folder / "elsewhere")], capture_output=True, cwd=folder, timeout=market.PATIENCE,
        env={"PATH": os.environ["PATH"], "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET, "TIDEMARK_ALPACA_DATA_URL": liar.url,
             "TIDEMARK_ALPACA_STREAM_URL": liar.url.replace("http", "ws")})
    return {f"doctor, {name}": ended.stdout + ended.stderr}


def tell(client, liar, name, kind, lie, chance):
    """Tells one lie to its end; then checks that time has advanced and nothing was late."""
    calls, begun = liar.calls, time.monotonic()
    if kind == "stream":
        client.wait_until(lambda: liar.say(*lie()), "there is a stream to lie to")
    else:
        liar.arm(kind, lie)
        time.sleep(chance.uniform(0, 0.3))
        deadline = time.monotonic() + market.PATIENCE
        while not liar.is_over():
            liar.cut()  # causes a gap, and so a question
            try:
                client.wait_until(liar.is_over, "the lie was told", min(20, deadline - time.monotonic()))
            except AssertionError:
                if client.process.poll() is not None or time.monotonic() > deadline:
                    raise
    seen = client.brought()
    client.wait_until(lambda: (client.brought() or FIRST) > (seen or FIRST) and liar.streams, "time goes on")
    if (took := time.monotonic() - begun) > 15:
        print(f"# {name} took {took:.0f} s", flush=True)
    late = client.status()["account"]["late"]
    assert late == 0, f"{late} bars are late"
    assert liar.calls - calls <= MOST_CALLS, f"{liar.calls - calls} calls"
    return liar.calls - calls


def run_group(folder, lies, seed):
    """Runs these lies one by one against a separate client; yields the text for each."""
    chance = random.Random(seed)
    chance.shuffle(lies)
    said, texts = [], {}
    with Server(folder, "--fault-seed", str(seed), speed=120) as server, Liar(server.url) as liar, LiarsClient(folder, liar) as client:
        client.run_to(FIRST)
        for name, kind, lie in lies:
            try:
                calls = tell(client, liar, name, kind, lie, chance)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from None
            counted["calls"] = max(counted["calls"], calls)
            said.append(f"ok - {kind}: {name}")
        client.run_to(client.brought() + 3 * MINUTE)
        memory = peak_memory(client.process)
        counted["memory"] = max(counted["memory"], memory)
        assert memory <= MOST_MEMORY, f"{memory} MB were resident"
        # On a busy machine a stream of this speed may seem silent for a moment.
        client.wait_until(lambda: client.status()["feed"]["state"] in ("live", "filling"), "it is live or filling a gap")
        texts |= told_to_clients(client)
        backup = subprocess.run([TIDEMARK, "backup", "--data", str(client.data), str(folder / "backup")], capture_output=True)
        texts["what backup said"] = backup.stdout + backup.stderr
        assert backup.returncode == 0, texts["what backup said"]
        for name, kind, lie in chance.sample([each for each in lies if each[1] == "history" and "keys" in each[0]] or lies, 1):
            if kind == "history":
                liar.arm(kind, lie)
                texts |= doctor(folder, liar, name)
                liar.disarm()
        client.server = server  # for the truth
        client.end()
        market.check(client, BEGIN, keep_revision=False, rejected=None)
        repeated = [line for line in client.journal().splitlines() if re.search(r"alpaca\.(lost|history_failed|bar_refused|notice)", line)]
        assert len(repeated) <= 4 * (2 + (time.monotonic() - client.begun) / 60), "\n".join(repeated)
    find_canaries(texts | written(folder))
    counted["lies"] += len(lies)
    different.update(name for name, _, _ in lies)
    return said


def backfill_group(folder, lies, seed):
    """Runs a backfill for each of these lies: it asks again, and the lake gets the server's bars."""
    chance = random.Random(seed)
    said = []
    begin = datetime.datetime.combine(DAY, datetime.time(), datetime.UTC)
    with Server(folder, speed=1) as server, Liar(server.url) as liar:
        truth = server.bars(begin, begin + datetime.timedelta(days=1))
        for number, (name, kind, lie) in enumerate(lies):
            data, calls = folder / f"data-{number}", liar.calls
            skip = chance.randrange(0, 6)
            honest = [skip]

            def later(exchange, lie=lie, honest=honest):
                if honest[0] > 0:
                    honest[0] -= 1
                    return exchange
                exchange.number -= skip
                return lie(exchange)

            later.times = lie.times + skip
            if lie.until_asked_anew:
                later = lie
            liar.arm(kind, later)
            ended = subprocess.run(
                [TIDEMARK, "backfill", "--data", str(data), "--alpaca-data-url", liar.url, "--symbols", ",".join(SYMBOLS), "--from", f"{DAY}", "--to", f"{DAY}", "--json"],
                capture_output=True, text=True, cwd=folder, timeout=market.PATIENCE, env={"PATH": os.environ["PATH"], "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET})
            liar.disarm()
            assert ended.returncode == 0, f"{name}: ended with {ended.returncode}\n{ended.stderr}"
            assert liar.told > (skip if later is not lie else 0), f"{name} was not told"
            account = json.loads(ended.stdout)
            assert account["calls"] == account["pages"] - account["kept"] + account["refused"] + account["failed"], (name, account)
            assert liar.calls - calls <= MOST_CALLS, f"{name}: {liar.calls - calls} calls"
            try:
                market.same_bars(data, truth, begin + datetime.timedelta(days=1), "iex")
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from None
            counted["calls"] = max(counted["calls"], liar.calls - calls)
            find_canaries({f"what backfill said, {name}": (ended.stdout + ended.stderr).encode()} | {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()})
            said.append(f"ok - backfill: {name}")
    counted["lies"] += len(lies)
    different.update(name for name, _, _ in lies)
    return said


def of_process(client, name):
    """A file of /proc; empty if it is unreadable even for the owner of the process."""
    try:
        return pathlib.Path(f"/proc/{client.process.pid}/{name}").read_bytes()
    except PermissionError:
        return b""


def check_private(folder):
    """A run leaves no core dump, and has no key in its environment or on its command line."""
    with Server(folder) as server, Liar(server.url) as liar, LiarsClient(folder, liar) as client:
        client.run_to(FIRST)
        limits = of_process(client, "limits").decode()
        assert re.search(r"Max core file size\s+0\s+0\s", limits), limits
        find_canaries({f"/proc/{name}": of_process(client, name) for name in ("environ", "cmdline")})
        client.process.send_signal(signal.SIGABRT)
        client.process.wait(market.PATIENCE)
    assert not [path for path in folder.rglob("*core*")], "a core dump"
    find_canaries(written(folder))
    return ["ok - a run that is aborted leaves no core dump, and its environment has no key"]


def group(job):
    work, lies, seed = job
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        begun = time.monotonic()
        try:
            said = work(pathlib.Path(folder), lies, seed) if lies is not None else work(pathlib.Path(folder))
            return [f"# {time.monotonic() - begun:.0f} s", *said]
        except Exception:
            trace = "".join(f"    # {line}\n" for line in traceback.format_exc().splitlines())
            return [f"{trace}not ok - {work.__name__}, HOSTILE_SEED={SEED}: {', '.join(name for name, _, _ in lies or [])[:300]}"]


def jobs():
    chosen = [each for each in LIES if WORD in each[0] and (FULL or not each[2].is_long)]
    if not WORD or WORD == "private":
        yield check_private, None, 0
    for number in range(ROUNDS):
        chance = random.Random(SEED + number)
        order = chance.sample(chosen, len(chosen))
        fetched = [each for each in order if each[1] == "history" and each[2].only != "run"]
        live = [each for each in order if each[2].only != "backfill"]
        if not FULL and not WORD:
            fetched, live = fetched[:SHORT_BACKFILL], [each for each in live if each not in fetched[:SHORT_BACKFILL]][:SHORT]
        for share in range(GROUPS):
            if live[share::GROUPS]:
                yield run_group, live[share::GROUPS], SEED + number
            if share < 2 and fetched[share::2]:
                yield backfill_group, fetched[share::2], SEED + number


def main():
    failed = False
    with concurrent.futures.ThreadPoolExecutor(GROUPS + 3) as lanes:
        for said in lanes.map(group, jobs()):
            print(*said, sep="\n", flush=True)
            failed |= any("not ok - " in line for line in said)
    print(f"# {counted['lies']} lies, {len(different)} different, {counted['calls']} calls at most for one, {counted['memory']} MB resident at most, "
          f"{counted['canaries']} searches for a canary", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
