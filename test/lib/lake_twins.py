"""A lake elsewhere, in HDFS or in S3, beside one with the same rows on a local disk: each verb does the same to both.

    Twins(stage, store)     stage: .new() gives a data directory and a path for its lake; .replays
                            store: .words(path) of `run`, .environment(path) of verbs, .place(path) as the program tells it,
                            .names(folder), .read(path), .write(path, bytes), .download(path, into);
                            .rounds: how often a day is made anew under the eyes of a reader
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "life")]

import alpaca_market  # noqa: E402
import harness  # noqa: E402
import lakes  # noqa: E402
from life import TIDEMARK, Life  # noqa: E402

DAY = "2026-01-05"
OTHER_WINDOWS = ("--size", "10m", "--slide", "5m")
TABLES = {"stock_trends": ("symbol", "window_start"), "bars": ("symbol", "timestamp_ns", "position", "imported")}
QUESTIONS = [
    "SELECT count(*) AS windows, sum(bar_count) AS bars, min(window_start), max(window_end) FROM stock_trends",
    "SELECT symbol, count(*), max(high), sum(volume) FROM bars GROUP BY symbol ORDER BY symbol",
    "SELECT verdict, count(*) FROM bars_all GROUP BY verdict ORDER BY verdict",
]
FIELDS_OF_RUN = ("seconds", "bytes_before", "bytes_after", "files")  # what differs with the machine and the moments of publishing


def tidemark(data, verb, *words, code=0, **environment):
    """Its standard output and standard error."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIDEMARK_", "ALPACA"))}
    ended = subprocess.run([TIDEMARK, verb, *map(str, words), "--data", str(data)], cwd=data.parent, capture_output=True, text=True,
                           env={**clean, **environment}, timeout=300)
    assert ended.returncode == code, f"{verb} ended with {ended.returncode}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}"
    return ended.stdout, ended.stderr


def rows_of(lake):
    """table → its rows in one order, as (dt, row)."""
    found = {}
    for table, key in TABLES.items():
        rows = [(dt, row) for dt, _, row in lakes.rows(lake, table)]
        found[table] = sorted(rows, key=lambda each, key=key: [each[1][name] or 0 if name == "imported" else each[1][name] for name in key])
    return found


def same(found, wanted):
    for table in wanted:
        assert len(found[table]) == len(wanted[table]), f"{table}: {len(found[table])} rows, should be {len(wanted[table])}"
        for one, other in zip(found[table], wanted[table]):
            assert one == other, f"{table}\n  is        {one}\n  should be {other}"


class Twins:
    def __init__(self, stage, store):
        self.stage, self.store = stage, store
        self.near, self.far, self.path = None, None, None

    def publish(self):
        """Both get many small files."""
        if self.path:
            return
        far, path = self.stage.new()
        near, _ = self.stage.new()
        words = [*self.stage.replays.words("9000"), "--compact-after", "never", "--exit-at-end"]
        with Life(far, *words, *self.store.words(path)) as one, Life(near, *words) as other:
            one.wait_for_end()
            other.wait_for_end()
        self.near, self.far, self.path = near, far, path

    def download(self, path=None):
        """The lake as a client of the store that is not ours gets it."""
        copy = self.far.parent / "copy"
        subprocess.run(["rm", "-rf", copy], check=True)
        return self.store.download(path or self.path, copy)

    def compare(self):
        copy = self.download()
        same(rows_of(copy), rows_of(self.near / "lake"))
        self.expect_nothing_hidden(self.path)
        assert not (self.far / "lake").exists()
        return copy

    def expect_nothing_hidden(self, path):
        for hidden in (".anew", ".old"):
            assert not self.names(f"{path}/{hidden}"), f"{hidden} holds {self.names(f'{path}/{hidden}')}"

    def names(self, path):
        return self.store.names(path)

    def far_tidemark(self, verb, *words, **more):
        return tidemark(self.far, verb, *words, **self.store.environment(), **more)

    def on_both(self, verb, *words, **more):
        """The verb's lines of --json from both, without what depends on the moment; they must be alike."""
        said = []
        for data in (self.near, self.far):
            environment = {} if data == self.near else self.store.environment()
            lines = [json.loads(line) for line in tidemark(data, verb, *words, "--json", **environment, **more)[0].splitlines()]
            said.append([{name: value for name, value in line.items() if name not in FIELDS_OF_RUN} for line in lines])
        return said

    # The cases.

    def verified(self):
        self.publish()
        near, far = self.on_both("verify")
        assert near[0]["whole"] and far[0]["whole"], (near, far)

    def damaged(self):
        """A file whose end is lost is found, moved away, and published again from the log."""
        pair = Twins(self.stage, self.store)
        pair.publish()
        folder = f"{pair.path}/bars/dt={DAY}"
        name = max(pair.names(folder))
        self.store.write(f"{folder}/{name}", self.store.read(f"{folder}/{name}")[:-20])
        found = pair.far_tidemark("verify", code=1)[0]
        assert name in found, found
        assert "published again" in pair.far_tidemark("verify", "--repair")[0]
        assert pair.names(f"{pair.path}/.set-aside"), "nothing was set aside"
        assert "whole" in pair.far_tidemark("verify")[0]
        pair.compare()

    def compacted(self):
        self.publish()
        before = len(self.names(f"{self.path}/bars/dt={DAY}"))
        assert before > 2, f"only {before} files"
        near, far = self.on_both("compact", "--day", DAY)
        assert [line["rows"] for line in near] == [line["rows"] for line in far] != [], (near, far)
        self.compare()
        assert len([name for name in self.names(f"{self.path}/stock_trends/dt={DAY}") if name.endswith(".parquet")]) == 1

    def rewritten(self):
        """A lake of another codec, with an import in it, is moved to Snappy by several processes, all but the last of which are killed."""
        pair, killed, chance = Twins(self.stage, self.store), 0, harness.chance(3)
        pair.imported()
        wanted, words = rows_of(pair.near / "lake"), ("--rewrite", "--lake-codec", "snappy")
        for moment in ("a day is begun", "the exchange is decided"):
            with pair.beside("compact", *words) as process:
                pair.wait_for(moment, process, chance)
                process.kill()
                killed += process.wait() == -9
            pair.far_tidemark("recompute", "--dry-run", "--day", DAY)
            same(rows_of(pair.download()), wanted)
        assert killed, "it was quicker than each kill"
        for data, environment in ((pair.near, {}), (pair.far, self.store.environment())):
            assert DAY in tidemark(data, "compact", *words, **environment)[0]
            assert not tidemark(data, "compact", *words, **environment)[0], "it does again what is done"
        assert lakes.codecs(pair.compare()) == lakes.codecs(pair.near / "lake") == {"SNAPPY"}
        same(rows_of(pair.near / "lake"), wanted)
        assert "whole" in pair.far_tidemark("verify")[0]

    def backed_up(self):
        """A backup holds the lake, too. It becomes a lake on the local disk, and one in another place of the store, where a killed restore is begun anew."""
        self.publish()
        wanted, backup = rows_of(self.download()), self.far.parent / "backup"
        self.far_tidemark("backup", backup)
        same(rows_of(backup / "lake"), wanted)
        here, _ = self.stage.new()
        tidemark(here, "restore", backup)
        same(rows_of(here / "lake"), wanted)
        there, path = self.stage.new()
        environment = self.store.environment(path)
        command = [TIDEMARK, "restore", backup, "--data", there]
        with subprocess.Popen(command, cwd=there.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}) as process:
            while process.poll() is None and not self.names(f"{path}/bars"):
                time.sleep(0.001)
            process.kill()
        if process.returncode == 0:
            raise harness.Skip("the restore was quicker than its kill")
        assert not there.exists() and ".restoring" in self.names(path), self.names(path)
        assert self.store.place(path) in tidemark(there, "restore", backup, **environment)[0]
        same(rows_of(self.store.download(path, there.parent / "copy")), wanted)
        assert ".restoring" not in self.names(path)
        assert "whole" in tidemark(there, "verify", **self.store.environment())[0]
        other, _ = self.stage.new()
        said = tidemark(other, "restore", backup, code=2, **environment)[1]
        assert f"there is a lake at {self.store.place(path)} already" in said, said
        with Life(there, *self.stage.replays.words("max"), *self.store.words(path), "--exit-at-end") as one:
            one.wait_for_end()
        same(rows_of(self.store.download(path, there.parent / "copy-of-the-next-run")), wanted)

    def imported(self):
        self.publish()
        file = self.near.parent / "history.jsonl"
        lines = [{"symbol": symbol, "timestamp": f"{DAY}T15:{minute:02}:00Z", "open": 10.5, "high": 11 + minute, "low": 10, "close": 10.25,
                  "volume": minute} for symbol in ("NEW", "NEWER") for minute in range(50)]
        file.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"symbol": "NEW"}]))
        near, far = self.on_both("import", file, "--allow-rejects=10%")
        for account in (*near, *far):
            assert account["imported"] == 100 and account["rejected"] == 1, account
        self.compare()
        assert list(self.far.glob("import-*.rejects.jsonl")) and not (self.far / "import.rows").exists()

    def recomputed(self):
        self.publish()
        near, far = self.on_both("recompute", "--day", DAY)
        assert near == far, (near, far)
        near, far = self.on_both("recompute", "--day", DAY, *OTHER_WINDOWS)
        assert near == far and near[0]["changed"] + near[0]["new"] > 0, (near, far)
        self.compare()
        near, far = self.on_both("recompute", "--day", DAY)
        assert near == far, (near, far)
        self.compare()

    def backfilled(self):
        """Into a new lake of HDFS, which the verb ties to its data directory."""
        far, path = self.stage.new()
        near, _ = self.stage.new()
        keys = {"ALPACA_API_KEY": alpaca_market.KEY, "ALPACA_API_SECRET": alpaca_market.SECRET}
        with alpaca_market.Server(near.parent, speed=1, symbols=["AAPL", "MSFT"], start=f"{DAY}T16:00:00Z") as server:
            words = ["--alpaca-data-url", server.url, "--symbols", "AAPL,MSFT", "--from", DAY, "--to", DAY, "--json"]
            for data, more in ((near, {}), (far, self.store.environment(path))):
                account = json.loads(tidemark(data, "backfill", *words, **keys, **more)[0])
                assert account["bars"] > 0, account
            tidemark(far, "backfill", *words, **keys, **self.store.environment())  # the directory remembers where its lake is
        self.store.download(path, far.parent / "copy")
        same(rows_of(far.parent / "copy"), rows_of(near / "lake"))
        self.expect_nothing_hidden(path)

    def asked(self):
        self.publish()
        for question in QUESTIONS:
            answers = [tidemark(data, "query", question, "--format", "csv", **self.store.environment())[0] for data in (self.near, self.far)]
            assert answers[0] == answers[1] != "", (question, answers)
        cache = self.far / "lake-cache"
        assert cache.stat().st_mode & 0o777 == 0o700
        assert "fetched" not in self.far_tidemark("query", QUESTIONS[0])[1], "it fetches what it has"
        subprocess.run(["rm", "-rf", cache], check=True)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            asked = list(pool.map(lambda _: self.far_tidemark("query", QUESTIONS[1], "--format", "csv"), range(4)))
        assert {answer for answer, _ in asked} == {tidemark(self.near, "query", QUESTIONS[1], "--format", "csv")[0]}
        told = [said.strip() for _, said in asked if "fetched" in said]
        assert len(told) == 1, asked
        print(f"# {told[0]}")
        assert self.far_tidemark("query", "--cached", QUESTIONS[1], "--format", "csv")[0] == asked[0][0]
        days = ("--from", "2027-01-01", "--to", "2027-01-02")
        assert self.far_tidemark("query", *days, "SELECT count(*) AS rows FROM bars_all", "--format", "csv")[0].split() == ["rows", "0"]

    def bounded(self):
        self.publish()
        subprocess.run(["rm", "-rf", self.far / "lake-cache"], check=True)
        said = self.far_tidemark("query", QUESTIONS[0], code=2, TIDEMARK_LAKE_CACHE="1kB")[1]
        assert "lake-cache" in said and "--from" in said, said
        assert "0" in self.far_tidemark("query", "--to", "2025-01-01", QUESTIONS[0], TIDEMARK_LAKE_CACHE="1kB")[0]

    def shown(self):
        """What the page asks: the console, and a stored day played again."""
        self.publish()
        answers = []
        for data, words in ((self.near, []), (self.far, self.store.words(self.path))):
            with Life(data, *self.stage.replays.words("max"), "--compact-after", "never", "--query-timeout", "60s", *words) as one:
                post = lambda path, body, one=one: self.post(one.url() + path, body)  # noqa: E731
                table = [post("/api/v1/query", {"sql": question})["rows"] for question in QUESTIONS]
                replay = post("/api/v1/replays", {"day": DAY, "to": f"{DAY}T16:00:00Z", "play": False})["id"]
                symbol = table[1][0][0]
                place = f"{one.url()}/api/v1/replays/{replay}/bars?symbol={symbol}"
                one.wait_until(lambda place=place: self.last_bar(place) == f"{DAY}T15:59:00Z", "the replay has jumped")
                answers.append((table, self.get(f"{one.url()}/api/v1/replays")["days"], self.get(place)["bars"]))
                one.end()
        assert answers[0] == answers[1], answers

    def last_bar(self, place):
        bars = self.get(place)["bars"]
        return bars[-1][1] if bars else None

    def get(self, place):
        with urllib.request.urlopen(place, timeout=180) as answer:
            return json.load(answer)

    def post(self, place, body):
        request = urllib.request.Request(place, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=180) as answer:
            return json.load(answer)

    def examined(self):
        self.publish()
        said = subprocess.run([TIDEMARK, "doctor", "--data", str(self.far)], cwd=self.far.parent, capture_output=True, text=True,
                              env={**os.environ, **self.store.environment()}).stdout
        assert self.store.place(self.path) in said and "empty yet" not in said, said

    # Days that become others, again and again: two sets of windows, so that each time all of them change.

    def both_outcomes(self):
        """The rows of stock_trends by each set of windows, without the revision, which grows each time."""
        outcomes = []
        for words in (OTHER_WINDOWS, ()):
            tidemark(self.near, "recompute", "--day", DAY, *words)
            outcomes.append(self.trends(self.near / "lake"))
        assert outcomes[0] != outcomes[1]
        return outcomes

    @staticmethod
    def trends(lake):
        rows = [{**row, "revision": 0} for dt, _, row in lakes.rows(lake, "stock_trends") if dt == DAY]
        return sorted(rows, key=lambda row: (row["symbol"], row["window_start"]))

    def compaction_killed(self):
        """kill -9 of compactions: the rows stay what they were."""
        pair, killed = Twins(self.stage, self.store), 0
        pair.publish()
        wanted, chance = rows_of(pair.near / "lake"), harness.chance(2)
        for moment in ("a day is begun", "the exchange is decided", "the exchange is decided"):
            with pair.beside("compact") as process:
                pair.wait_for(moment, process, chance)
                process.kill()
                killed += process.wait() == -9
            pair.far_tidemark("recompute", "--dry-run", "--day", DAY)
            pair.expect_nothing_hidden_but_what_was_begun()
            same(rows_of(pair.download()), wanted)
        print(f"# {killed} kills")
        pair.far_tidemark("compact")
        same(rows_of(pair.download()), wanted)
        pair.expect_nothing_hidden(pair.path)
        assert killed > 1 and all(len(pair.names(f"{pair.path}/{table}/dt={DAY}")) == 1 for table in TABLES)

    def killed(self, kills=4):
        """kill -9 of a recompute at each kind of moment, then whoever next takes the lock leaves the old day or the new one."""
        self.publish()
        outcomes = self.both_outcomes()
        self.far_tidemark("recompute", "--day", DAY)
        chance, seen, done, number = harness.chance(1), set(), 0, 0
        while done < kills:
            number += 1
            words = OTHER_WINDOWS if number % 2 else ()
            moment = chance.choice(["a day is begun", "the exchange is decided", "some time"])
            with self.beside("recompute", "--day", DAY, *words) as process:
                self.wait_for(moment, process, chance)
                process.kill()
                done += process.wait() == -9
            self.far_tidemark("recompute", "--dry-run", "--day", DAY)
            self.expect_nothing_hidden_but_what_was_begun()
            found = self.trends(self.download())
            assert found in outcomes, f"neither the old day nor the new one: {len(found)} rows"
            seen.add((moment, outcomes.index(found) == (0 if words else 1)))
        print(f"# {kills} kills: {sorted(seen)}")
        for words in ((), OTHER_WINDOWS):
            self.far_tidemark("recompute", "--day", DAY, *words)
            tidemark(self.near, "recompute", "--day", DAY, *words)
        assert self.trends(self.download()) == self.trends(self.near / "lake")
        self.far_tidemark("recompute", "--day", DAY)
        tidemark(self.near, "recompute", "--day", DAY)

    def expect_nothing_hidden_but_what_was_begun(self):
        assert not self.is_decided(), "an exchange is not finished"

    @contextlib.contextmanager
    def beside(self, verb, *words):
        process = subprocess.Popen([TIDEMARK, verb, *words, "--data", str(self.far)], cwd=self.far.parent, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={**os.environ, **self.store.environment()})
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def wait_for(self, moment, process, chance):
        happened = {"a day is begun": self.is_begun, "the exchange is decided": self.is_decided}.get(moment)
        deadline = time.monotonic() + (60 if happened else chance.uniform(0, 1.0))
        while process.poll() is None and time.monotonic() < deadline:
            if happened and happened():
                return
            time.sleep(0.001)

    def is_begun(self):
        return self.names(f"{self.path}/.anew")

    def is_decided(self):
        return self.names(f"{self.path}/.old") or any(".replaces" in self.names(f"{self.path}/.anew/{day}") for day in self.is_begun())

    def read_all_the_time(self):
        """A reader that never stops sees the old day, the new one, none, or that a file has gone; and never a row twice."""
        self.publish()
        rounds = self.store.rounds
        outcomes = self.both_outcomes()
        sights = dict.fromkeys(("one day", "the other day", "no such day", "a file has gone"), 0)
        self.far_tidemark("recompute", "--day", DAY)
        listings = {"of a day": 0, "of none": 0}  # by a reader that only lists, and so looks more often
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            remade = pool.submit(self.remake, rounds)
            listed = pool.submit(self.list_until, remade.done, listings)
            while not remade.done():
                sights[self.look(outcomes)] += 1
            remade.result()
            listed.result()
        sights[self.look(outcomes)] += 1
        print(f"# {rounds} exchanges: {sights}, listings {listings}")
        assert sights["one day"] and sights["the other day"], sights

    def list_until(self, is_over, listings):
        while not is_over():
            names = [name for name in self.names(f"{self.path}/stock_trends/dt={DAY}") if name.endswith(".parquet")]
            listings["of a day" if names else "of none"] += 1
            assert len(names) < 2, names

    def remake(self, rounds):
        for number in range(rounds):
            self.far_tidemark("recompute", "--day", DAY, *(() if number % 2 else OTHER_WINDOWS))

    def look(self, outcomes):
        folder = f"{self.path}/stock_trends/dt={DAY}"
        names = [name for name in self.names(folder) if name.endswith(".parquet") and not name.startswith(".")]
        if not names:
            return "no such day"
        copy = self.far.parent / "seen" / "stock_trends" / f"dt={DAY}"
        subprocess.run(["rm", "-rf", copy], check=True)
        copy.mkdir(parents=True)
        for name in names:
            content = self.store.read(f"{folder}/{name}")
            if content is None:
                return "a file has gone"
            (copy / name).write_bytes(content)
        found = self.trends(copy.parents[1])
        assert len({(row["symbol"], row["window_start"]) for row in found}) == len(found), "a row is there twice"
        assert found in outcomes, f"neither day: {len(found)} rows of {names}"
        return "one day" if found == outcomes[0] else "the other day"


LONG = (Twins.verified, Twins.backfilled, Twins.compaction_killed, Twins.killed, Twins.bounded, Twins.examined)  # left out where they cost too much


def cases(store):
    """name → check(twins), for the store's name."""
    return {
        f"SQL over a lake in {store} gives the answers of a local one, from copies that are fetched once": Twins.asked,
        f"a lake in {store} above the bound of its copies is not fetched, and the message names setting and cure": Twins.bounded,
        f"the page's console and the replay of a stored day give from {store} what they give from here": Twins.shown,
        f"tidemark doctor says that the lake of a directory is in {store}, without the setting": Twins.examined,
        f"tidemark verify finds a lake in {store} whole": Twins.verified,
        f"tidemark compact in {store} gives the rows of a local one": Twins.compacted,
        f"a backup of a lake in {store} holds it, and a restore puts it here or there": Twins.backed_up,
        f"tidemark compact --rewrite moves a lake in {store} to another codec, and goes on where it was killed": Twins.rewritten,
        f"tidemark import into {store} gives the rows of a local one": Twins.imported,
        f"tidemark recompute in {store} says and gives what a local one does": Twins.recomputed,
        f"tidemark backfill into {store} gives the rows of a local one": Twins.backfilled,
        f"a compaction that is killed leaves every row once in {store}": Twins.compaction_killed,
        f"a recompute that is killed leaves the old day or the new one in {store}": Twins.killed,
        f"a reader that never stops sees no row twice while its day is remade in {store}": Twins.read_all_the_time,
        f"tidemark verify finds, moves away and repairs a damaged file in {store}": Twins.damaged,
    }
