"""kill -9, in a random order and at random moments, of whatever takes part in a lake in HDFS with tables in Hive, while a run publishes. In the end
the log, the lake and Hive's two tables equal those of an undisturbed run on a local disk.

    HIVE_KILLS   how many kills; unless told, all five parts die once, within seconds
    HIVE_SEED    the seed, 1 by default (moments depend on the machine, too)
"""

import collections
import os
import pathlib
import sys
import time
import urllib.error

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life")]

import evidence  # noqa: E402
import harness  # noqa: E402
import pyarrow  # noqa: E402
import replays  # noqa: E402
from life import PATIENCE, Life  # noqa: E402

SEED = int(os.environ.get("HIVE_SEED") or 1)
SPEED = "250"  # 700 minutes of a market become 170 seconds, in which several parts are killed
SYMBOLS = 20
TABLES = ("stock_trends", "bars")


class Run:
    """The process that publishes, as a part that can be killed and started like a node."""

    name = "the run"

    def __init__(self, data, words):
        self.data, self.words, self.life = data, words, None

    def start(self):
        self.life = Life(self.data, *self.words)

    def wait_until_ready(self):
        """It ends with 1 where HDFS is away at its start, and is started again, as a service manager does it."""
        deadline = time.monotonic() + PATIENCE
        while "run.started" not in self.life.journal():
            if self.life.has_ended():
                assert self.life.process.returncode == 1 and time.monotonic() < deadline, self.life.journal()
                time.sleep(0.5)  # RestartSec, a short one
                self.start()
            time.sleep(0.01)

    def kill(self):
        assert self.life.kill(), f"it had ended by itself:\n{self.life.journal()}"

    def has_read_all(self):
        """It then lives on, and waits."""
        try:
            return self.life.status()["feed"]["state"] == "ended"
        except urllib.error.URLError:
            return False


class Hdfs:
    """A node of HDFS; both must be there before it is ready."""

    def __init__(self, hdfs, node):
        self.name = "the DataNode" if node in hdfs.datanodes else node.name
        self.start, self.kill, self.wait_until_ready = node.start, node.kill, hdfs.wait_until_ready


class Store:
    name = "PostgreSQL"

    def __init__(self, postgres):
        self.start, self.kill = postgres.start, postgres.kill  # start waits

    def wait_until_ready(self):
        pass


class Kills:
    def __init__(self, stage):
        self.stage, self.warehouse, self.chance = stage, stage.warehouse, harness.chance(SEED)
        self.replays = replays.Replays(stage.folder, self.chance, SYMBOLS)
        hdfs, metastore = self.warehouse.hdfs, self.warehouse.hive.metastore
        # In the order in which they are started again.
        self.nodes = [Store(self.warehouse.postgres), Hdfs(hdfs, hdfs.namenode), Hdfs(hdfs, hdfs.datanodes[0]), metastore]
        self.counts, self.stories, self.beside = collections.Counter(), 0, 0

    def play(self, kills):
        """Stories on data directories of their own, until enough were killed; 0: one story, in which all die once."""
        self.replays.live_undisturbed()
        names, deck = [node.name for node in self.nodes] + [Run.name], []
        while len(deck) < kills:
            deck += self.chance.sample(names, len(names))
        if kills == 0:
            self.story(lambda run, path: self.kill_in_one(run, path, self.chance.sample(names, len(names))))
        deck = deck[:kills]
        while deck:
            self.story(lambda run, path: self.kill_until_read(run, path, deck))
        told = ", ".join(f"{self.counts[name]} of {name}" for name in names)
        print(f"# {self.counts.total()} kills: {told}; {self.beside} beside another; {self.stories} stories")

    def story(self, disturb):
        self.stories += 1
        data, path, database = self.stage.new()
        words = ["--retry-delay", "1s", *self.stage.words(path, database)]
        run = Run(data, [*self.replays.words(SPEED), *words])
        run.start()
        try:
            run.wait_until_ready()
            disturb(run, path)
        finally:
            run.life.kill()
        last = Run(data, [*self.replays.words("max"), *words, "--exit-at-end"])
        last.start()
        try:
            last.wait_until_ready()
            journal = last.life.wait_for_end()
        finally:
            last.life.kill()
        if "hive.behind" in journal:
            print("# the run ended before its tables were as the lake is; tidemark hive --mend caught up")
            self.stage.verb(data, path, database, "--mend")
        self.compare(data, path, database)

    def kill_until_read(self, run, path, deck):
        """The next is killed once the run publishes again; of ten kills, three come before that, and three beside another."""
        while deck and not run.has_read_all():
            names = [deck.pop()]
            if deck and deck[-1] != names[0] and self.chance.random() < 0.3:
                names.append(deck.pop())
            if self.chance.random() < 0.7:
                self.wait_for_a_file(run, path)
            self.kill_in_one(run, path, names)

    def wait_for_a_file(self, run, path):
        before = set(self.files(path))
        run.life.wait_until(lambda: set(self.files(path)) - before or run.has_read_all(), "it publishes")

    def kill_in_one(self, run, path, names):
        """One after the other within seconds; then all are started again."""
        if len(names) > 2:
            self.wait_for_a_file(run, path)
        parts = [part for part in [*self.nodes, run] if part.name in names]
        for part in self.chance.sample(parts, len(parts)):
            time.sleep(self.chance.uniform(0, 2 if len(parts) < 3 else 0.5))  # a moment to be killed at
            part.kill()
            self.counts[part.name] += 1
        self.beside += len(parts) - 1
        print(f"# killed: {' and '.join(part.name for part in parts)}", flush=True)
        for part in parts:
            part.start()
        for part in parts:
            part.wait_until_ready()

    def files(self, path):
        try:
            return self.stage.files(path)
        except OSError:  # the NameNode is away
            return []

    def compare(self, data, path, database):
        log = evidence.read_log(data)
        evidence.same_log(log, self.replays.log)
        evidence.same_lake(evidence.read_lake(self.stage.copy(data, path), log), self.replays.lake)
        days = {table: sorted(self.replays.lake[table]) for table in TABLES}
        registered = {table: self.stage.registered(database, table) for table in TABLES}
        assert registered == days, (registered, days)
        columns = {table: next(iter(days.values())).column_names for table, days in self.replays.lake.items()}
        names = {table: ", ".join(f"`{name}`" for name in columns[table]) for table in TABLES}
        answers = self.warehouse.hive.beeline(*(f"SELECT dt, {names[table]} FROM {database}.{table}" for table in TABLES))
        for table, answer in zip(TABLES, answers):
            same_table([tuple(row.values()) for row in answer], rows_of(self.replays.lake[table]), table)


def rows_of(days):
    """The rows of a table, with the day before them and times as the numbers that Hive is told they are."""
    rows = []
    for day, found in days.items():
        columns = [column.cast(pyarrow.int64()) if pyarrow.types.is_timestamp(column.type) else column for column in found.columns]
        rows += zip([day.split("=")[1]] * found.num_rows, *(column.to_pylist() for column in columns))
    return rows


def same_table(of_hive, right, table):
    """Each row is there, and no other; Hive's texts become the types of the right rows."""

    def read(text, kind):
        if text == "NULL":
            return None
        return text == "true" if kind is bool else kind(text)

    kinds = [next((type(value) for value in column if value is not None), str) for column in zip(*right)]
    found = collections.Counter(tuple(map(read, row, kinds)) for row in of_hive)
    wanted = collections.Counter(right)
    missing, superfluous = wanted - found, found - wanted
    assert not missing and not superfluous, (f"{table} in Hive: {missing.total()} rows are missing, {superfluous.total()} too many\n"
                                             f"  missing     {list(missing)[:2]}\n  superfluous {list(superfluous)[:2]}")
