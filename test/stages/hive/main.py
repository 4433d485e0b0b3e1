"""Registers a lake in a real metastore while a run publishes into HDFS, asks HiveServer2 through beeline, and compares with DuckDB's answers on
the same lake. Kills the metastore and its PostgreSQL, drops and changes what was registered.

    HIVE_CASES      only the cases with these words in their names, the long ones, too
    TIDEMARK_FULL   the long ones: Hive 4, Spark
"""

import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life"), str(TEST / "lib/hive")]

import harness  # noqa: E402
import hive  # noqa: E402
import spark  # noqa: E402
from answers import QUESTIONS, duckdb, read_question, same_rows, with_files  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402

FULL = bool(os.environ.get("TIDEMARK_FULL"))
CODE_OF_DIFFERENCE, CODE_OF_SETTINGS = 1, 2
TABLES = ("stock_trends", "bars")
# DuckDB answers these with other words.
BARS_IN_HIVE = "SELECT count(*) AS n, sum(volume) AS v, min(`timestamp`) AS t, max(`position`) AS p, sum(CASE WHEN late THEN 1 ELSE 0 END) AS l FROM {}.bars"
BARS_IN_DUCKDB = "SELECT count(*) AS n, sum(volume) AS v, epoch_us(min(timestamp)) AS t, max(position) AS p, count(*) FILTER (late) AS l FROM bars_all"


class Stage:
    def __init__(self, folder, warehouse):
        self.folder, self.warehouse, self.number = folder, warehouse, itertools.count(1)
        self.looked_at = None
        self.market = folder / "market.jsonl"
        subprocess.run([TIDEMARK, "simulate", "--symbols", "5", "--minutes", "1500", "--start", "2026-01-05T14:30:00Z", "--output", str(self.market)],
                       check=True)

    def new(self):
        """A data directory, the path of its lake in HDFS, and a database in the metastore."""
        number = next(self.number)
        data = self.folder / f"run-{number}" / "data"
        data.parent.mkdir()
        return data, f"/lake/{number}", f"lake_{number}"

    def words(self, path, database, release=hive.USUAL):
        place = self.warehouse.hdfs.url(path).replace("webhdfs://", "webhdfs://tidemark@")
        return ["--lake", place, "--lake-codec", "snappy", "--hive", self.warehouse.hives[release].metastore_url, "--hive-database", database]

    def replay(self, speed, store_every="1s"):
        return ["--feed", "replay", str(self.market), "--speed", speed, "--store-every", store_every, "--retry-delay", "1s"]

    def published(self, speed="max"):
        """A run that has published everything and ended."""
        data, path, database = self.new()
        with Life(data, *self.words(path, database), *self.replay(speed), "--exit-at-end") as one:
            journal = one.wait_for_end()
        assert "hive.behind" not in journal, journal
        return data, path, database

    def shared(self):
        """The same for all cases that only look at it."""
        self.looked_at = self.looked_at or self.published()
        return self.looked_at

    def shared_anew(self):
        """The same lake, in a database of its own, which the case may spoil."""
        data, path, _ = self.shared()
        database = f"lake_{next(self.number)}"
        self.verb(data, path, database, "--mend")
        return data, path, database

    def verb(self, data, path, database, *more, code=0):
        told = subprocess.run([TIDEMARK, "hive", "--data", str(data), *[word for word in self.words(path, database) if "codec" not in word and word != "snappy"],
                               *more], cwd=data.parent, capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == code, told
        return told.stdout + told.stderr

    def files(self, path, table="stock_trends"):
        """Of the lake, in the order in which they were published."""
        found = [f"{table}/{day}/{name}" for day in self.days(path, table) for name in self.names(f"{path}/{table}/{day}")]
        return sorted(found, key=lambda name: name.rsplit("-", 2)[1:])

    def copy(self, data, path):
        """The lake as a folder here, for DuckDB."""
        copy = data.parent / f"copy-{next(self.number)}"
        self.warehouse.hdfs.download(path, copy / "lake")
        return copy

    def days(self, path, table):
        return sorted(name for name in self.names(f"{path}/{table}") if name.startswith("dt="))

    def names(self, folder):
        try:
            return [status["pathSuffix"] for status in self.warehouse.hdfs.call("GET", folder, "LISTSTATUS")["FileStatuses"]["FileStatus"]]
        except urllib.error.HTTPError:
            return []  # it is not there yet

    def registered(self, database, table, release=hive.USUAL):
        """The partitions by Hive's own word, straight from the metastore's tables in PostgreSQL."""
        store = self.warehouse.hives[release]
        text = self.warehouse.postgres.ask(store.database, "-c", f"""SELECT "PART_NAME" FROM "PARTITIONS" p JOIN "TBLS" t USING ("TBL_ID")
            JOIN "DBS" d USING ("DB_ID") WHERE d."NAME" = '{database}' AND t."TBL_NAME" = '{table}' ORDER BY 1""")
        return text.split()

    def knows_all(self, path, database, release=hive.USUAL):
        time.sleep(0.2)  # it is asked again and again, which takes what the run and Hive need of the machine
        return all(self.days(path, table) == self.registered(database, table, release) != [] for table in TABLES)

    def tell(self, cases):
        server = self.warehouse.hive
        for name, check in cases.items():
            harness.tell(name, check, self, when_failed=lambda: print(server.metastore.last_words(), server.server.last_words()))

    # ── the cases ──────────────────────────────────────────────────────────────────────────────────────────────────

    def questions(self, release=hive.USUAL, more=()):
        """While the run publishes. A question's answer is that on the lake at one moment between the files before and those after."""
        data, path, database = self.new()
        server = self.warehouse.hives[release]
        with Life(data, *self.words(path, database, release), *more, *self.replay("1200", "3s")) as one:
            one.wait_until(lambda: self.knows_all(path, database, release) and len(self.files(path)) > 2, "some files are there, and the tables registered")
            before = self.files(path)
            answers = server.beeline(f"USE {database}", *[read_question(question) for question in QUESTIONS.values()])[1:]
            after = self.files(path)
            seconds = self.until_visible(one, server, database)
        copy = self.copy(data, path)
        moments = [after[:count] for count in range(len(before), len(after) + 1)]
        print(f"# {len(before)} files of trends before the questions, {len(after)} behind them; a final was visible to beeline after {seconds:.1f} s")
        for (name, question), answer in zip(QUESTIONS.items(), answers):
            assert answer, f"{name}: no row"
            right = (duckdb(with_files(copy, files), read_question(question)) for files in moments)
            assert any(same_rows(rows, answer) for rows in right), f"{name}: Hive says {answer[:3]}, DuckDB at no moment"

    def until_visible(self, one, server, database):
        """Seconds from when the page has a final until a session that is open has it, and then a new beeline, too: at most."""
        with urllib.request.urlopen(one.url() + "/api/v1/trends?limit=500", timeout=PATIENCE) as answer:
            finals = [row["window_end"] for row in json.load(answer)["trends"] if row["status"] == "final"]
        newest, began = max(finals).replace("T", " ").rstrip("Z"), time.monotonic()
        question = f"SELECT max(window_end) AS newest FROM {database}.stock_trends"
        with server.session() as ask:
            while ask(question)[0]["newest"] < newest:
                assert time.monotonic() - began < PATIENCE, f"{newest} is not visible"
        assert server.beeline(question)[0]["newest"] >= newest
        return time.monotonic() - began

    def bars(self):
        data, path, database = self.shared()
        (hives,) = self.warehouse.hive.beeline(BARS_IN_HIVE.format(database))
        (ducks,) = duckdb(self.copy(data, path), BARS_IN_DUCKDB)
        assert same_rows([ducks], [hives]), (ducks, hives)

    def away(self, node, come_back):
        """Publishing goes on while the metastore is away, and what was published is registered once it is back."""
        data, path, database = self.new()
        with Life(data, *self.words(path, database), *self.replay("6000")) as one:
            one.wait_until(lambda: self.knows_all(path, database), "the first day is registered")
            node.kill()
            one.wait_until(lambda: "hive: " in (one.status()["lagging"] or ""), "the status tells that the metastore lags")
            ready = answer_of(one, "/readyz")
            assert ready["status"] == "ready" and "metastore" in ready["lagging"], ready
            assert metric(one, "tidemark_hive_failures_total") > 0 and metric(one, 'tidemark_agent_failing{agent="hive"}') == 1
            one.wait_until(lambda: one.status()["feed"]["state"] == "ended" and len(self.days(path, "bars")) == 2, "it has published all days without")
            come_back()
            one.wait_until(lambda: self.knows_all(path, database), "it is registered")
            one.wait_until(lambda: one.status()["lagging"] is None, "nothing lags any more")
            assert metric(one, "tidemark_hive_waiting_partitions") == 0
        assert "as the lake is, 2 partitions" in self.verb(data, path, database)

    def metastore_away(self):
        def come_back():
            self.warehouse.hive.metastore.start()
            self.warehouse.hive.metastore.wait_until_ready()

        self.away(self.warehouse.hive.metastore, come_back)

    def postgres_away(self):
        self.away(self.warehouse.postgres, self.warehouse.postgres.start)

    def ended_without(self):
        """A run that ends while the metastore is away ends well; the verb catches up."""
        data, path, database = self.new()
        words = ["thrift://127.0.0.1:1" if word.startswith("thrift://") else word for word in self.words(path, database)]
        with Life(data, *words, *self.replay("max"), "--exit-at-end") as one:
            journal = one.wait_for_end()
        assert "hive.behind" in journal, journal
        said = self.verb(data, path, database, code=CODE_OF_DIFFERENCE)
        assert "missing" in said and "tidemark hive --mend" in said, said
        said = self.verb(data, path, database, "--mend")
        assert said.count("as the lake is, 2 partitions") == 2 and self.knows_all(path, database), said

    def twice(self):
        """The second time the first of two metastores is dead."""
        data, path, database = self.shared()
        once = {table: self.registered(database, table) for table in TABLES}
        words = [word.replace("thrift://", "thrift://127.0.0.1:1,") for word in self.words(path, database)]
        with Life(data, *words, *self.replay("max")) as one:
            one.wait_until(lambda: metric(one, "tidemark_hive_registered_timestamp_seconds") > 0, "it has looked")
            assert metric(one, "tidemark_hive_partitions_total") == metric(one, "tidemark_hive_failures_total") == 0
        self.verb(data, path, database, "--mend")
        assert {table: self.registered(database, table) for table in TABLES} == once

    def partitions(self):
        """What others drop and add is told and mended; the files stay."""
        data, path, database = self.shared_anew()
        files, elsewhere = self.files(path), f"hdfs://127.0.0.1:{self.warehouse.hdfs.rpc}/tmp"
        day = self.days(path, "stock_trends")[0].split("=")[1]
        self.warehouse.hive.beeline(f"ALTER TABLE {database}.stock_trends DROP PARTITION (dt='{day}')",
                                    f"ALTER TABLE {database}.stock_trends ADD PARTITION (dt='2019-01-01') LOCATION '{elsewhere}'",
                                    f"USE {database}", f"ALTER TABLE bars PARTITION (dt='{day}') SET LOCATION '{elsewhere}'")
        told = json.loads(self.verb(data, path, database, "--json", code=CODE_OF_DIFFERENCE))
        trends, bars = told["tables"]
        assert (trends["missing_partitions"], trends["superfluous_partitions"], bars["partitions_elsewhere"]) == ([day], ["2019-01-01"], [day]), told
        assert json.loads(self.verb(data, path, database, "--json", "--mend"))["right"]
        assert self.knows_all(path, database) and self.files(path) == files

    def drift(self):
        """A column that somebody has changed is refused with its name and the cure; the other table goes on; the run goes on by itself once it is cured."""
        data, path, database = self.shared_anew()
        day = self.days(path, "bars")[0].split("=")[1]
        self.warehouse.hive.beeline("SET hive.metastore.disallow.incompatible.col.type.changes=false",
                                    f"ALTER TABLE {database}.stock_trends CHANGE avg_close avg_close STRING",
                                    f"ALTER TABLE {database}.bars DROP PARTITION (dt='{day}')")
        said = self.verb(data, path, database, code=CODE_OF_DIFFERENCE)
        assert f"the column avg_close of the table {database}.stock_trends is string, and double in the lake" in said and "CASCADE" in said, said
        with Life(data, *self.words(path, database), *self.replay("max")) as one:
            one.wait_until(lambda: "avg_close" in (one.status()["lagging"] or ""), "the run tells it, too")
            one.wait_until(lambda: f"dt={day}" in self.registered(database, "bars"), "the other table is registered")
            cure = re.search(r"ALTER TABLE \S+ CHANGE \S+ \S+ \S+ CASCADE", said)[0]
            self.warehouse.hive.beeline(cure)
            one.wait_until(lambda: one.status()["lagging"] is None, "it is cured")

    def grown(self):
        """A table of an older contract gets the newer columns at its end, and in its partitions."""
        data, path, database = self.shared_anew()
        older = f"{database}_older"
        place = json.loads(self.verb(data, path, database, "--json"))["tables"][0]["location"]
        columns = self.warehouse.hive.beeline(f"CREATE DATABASE {older}", f"DESCRIBE {database}.stock_trends")[1]
        names = [(row["col_name"].strip(), row["data_type"].strip()) for row in columns]
        names = names[:[name for name, _ in names].index("dt")]
        day = self.days(path, "stock_trends")[0].split("=")[1]
        first = ", ".join(f"{name} {kind}" for name, kind in names[:-2])
        self.warehouse.hive.beeline(
            f"CREATE EXTERNAL TABLE {older}.stock_trends ({first}) PARTITIONED BY (dt STRING) STORED AS PARQUET LOCATION '{place}'",
            f"ALTER TABLE {older}.stock_trends ADD PARTITION (dt='{day}')")
        said = self.verb(data, path, older, code=CODE_OF_DIFFERENCE)
        assert "columns that it lacks: revision bigint, feed string" in said, said
        self.verb(data, path, older, "--mend")
        rows, same = self.warehouse.hive.beeline(f"SELECT count(revision) AS n, count(feed) AS f FROM {older}.stock_trends",
                                                 f"SELECT count(revision) AS n, count(feed) AS f FROM {database}.stock_trends")
        assert rows == same and int(rows[0]["n"]) > 0, (rows, same)

    def refused(self):
        data, path, database = self.new()
        told = subprocess.run([TIDEMARK, "hive", "--data", str(data)], cwd=data.parent, capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == CODE_OF_SETTINGS and "--hive thrift://HOST:9083" in told.stderr, told
        told = subprocess.run([TIDEMARK, "run", "--data", str(data), "--hive", "localhost:9083"], cwd=data.parent, capture_output=True, text=True,
                              timeout=PATIENCE)
        assert told.returncode == CODE_OF_SETTINGS and "thrift://" in told.stderr, told

    def doctor(self):
        data, path, database = self.shared()
        words = [word for word in self.words(path, database) if "codec" not in word and word != "snappy"]
        told = subprocess.run([TIDEMARK, "doctor", "--data", str(data), *words], cwd=data.parent, capture_output=True, text=True, timeout=PATIENCE)
        assert all(f"{database}.{table} is as the lake is" in told.stdout for table in TABLES), told
        words = ["thrift://127.0.0.1:1" if word.startswith("thrift://") else word for word in words]
        told = subprocess.run([TIDEMARK, "doctor", "--data", str(data), *words], cwd=data.parent, capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == CODE_OF_DIFFERENCE and "hive.metastore.uris" in told.stdout, told

    def sizes(self):
        """The numbers in the metastore are those of the lake, and Hive reads the lake to count."""
        data, path, database = self.shared()
        with Life(data, *self.words(path, database), *self.replay("max")) as one:
            one.wait_until(lambda: metric(one, "tidemark_hive_registered_timestamp_seconds") > 0, "it has looked")
        store = self.warehouse.hive.database
        text = self.warehouse.postgres.ask(store, "-c", f"""SELECT t."TBL_NAME", sum(v."PARAM_VALUE"::bigint) FROM "PARTITION_PARAMS" v
            JOIN "PARTITIONS" p USING ("PART_ID") JOIN "TBLS" t USING ("TBL_ID") JOIN "DBS" d USING ("DB_ID")
            WHERE d."NAME" = '{database}' AND v."PARAM_KEY" = 'numRows' GROUP BY 1""")
        told = dict(line.split("|") for line in text.splitlines())
        copy = self.copy(data, path)
        right = {table: duckdb(copy, f"SELECT count(*) AS n FROM {view}")[0]["n"] for table, view in (("stock_trends", "stock_trends"), ("bars", "bars_all"))}
        assert {table: int(rows) for table, rows in told.items()} == right, (told, right)

    def codecs(self):
        """Prints the table of docs/hive.md."""
        sizes = {}
        for codec in ("zstd", "snappy", "gzip", "none"):
            data, _, _ = self.new()
            with Life(data, *self.replay("max", "10s"), "--lake-codec", codec, "--exit-at-end") as one:
                one.wait_for_end()
            sizes[codec] = {table: sum(path.stat().st_size for path in (data / "lake" / table).rglob("*.parquet")) for table in TABLES}
            print(f"# {codec}: " + ", ".join(f"{table} {sizes[codec][table] / sizes['zstd'][table]:.2f}" for table in TABLES))
        assert all(sizes["zstd"][table] < sizes["snappy"][table] < sizes["none"][table] for table in TABLES)

    def hive_4(self):
        self.warehouse.add("4.0.1")
        self.questions("4.0.1", ["--hive-timestamp", "timestamp"])
        data, path, database = self.new()
        words = ["zstd" if word == "snappy" else word for word in self.words(path, database, "4.0.1")]
        with Life(data, *words, *self.replay("max"), "--hive-timestamp", "timestamp", "--exit-at-end") as one:
            one.wait_for_end()
        copy, answer = self.copy(data, path), self.warehouse.hives["4.0.1"].beeline
        (hives,), (ducks,) = answer(BARS_IN_HIVE.format(database)), duckdb(copy, BARS_IN_DUCKDB.replace("epoch_us(min(timestamp))", "min(timestamp)::VARCHAR"))
        assert same_rows([ducks | {"t": ducks["t"].replace("T", " ")}], [hives | {"t": hives["t"].removesuffix(".0")}]), (ducks, hives)
        numbers = f"{database}_numbers"
        self.verb_of_4(data, path, numbers)
        assert same_rows(duckdb(copy, BARS_IN_DUCKDB), answer(BARS_IN_HIVE.format(numbers))), "a time as the number that it is"

    def spark(self, version):
        """The seed's questions and the bars, by Spark's own reader of Parquet over the metastore that a run has filled."""
        home = spark.home(version)
        if isinstance(home, str):
            return home
        data, path, database = self.shared()
        copy = self.copy(data, path)
        bars = BARS_IN_HIVE.format(database)
        questions = [read_question(question) for question in QUESTIONS.values()]
        answers = spark.ask(home, self.warehouse, database, [*questions, bars], data.parent)
        for question, answer in zip([*questions, BARS_IN_DUCKDB], answers, strict=True):
            right = duckdb(copy, question)
            assert right and same_rows(right, answer), f"{question}\n  Spark   {answer[:3]}\n  DuckDB  {right[:3]}"
        return None

    def verb_of_4(self, data, path, database):
        subprocess.run([TIDEMARK, "hive", "--mend", "--data", str(data), *[word for word in self.words(path, database, "4.0.1")
                                                                          if "codec" not in word and word != "snappy"]], cwd=data.parent, check=True)


def answer_of(one, path):
    with urllib.request.urlopen(one.url() + path, timeout=PATIENCE) as answer:
        return json.load(answer)


def metric(one, name):
    with urllib.request.urlopen(one.url() + "/metrics", timeout=PATIENCE) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
    return -1


# Two rows of cases that run side by side, because each waits for Hive most of the time. Those of one row may share a data directory.
ROWS = [{
    "beeline answers the seed's questions as DuckDB does, while a run publishes": Stage.questions,
    "a run ends well without a metastore, and tidemark hive --mend catches up": Stage.ended_without,
}, {
    "Hive reads the bars as DuckDB does: decimals, times, flags": Stage.bars,
    "registering twice changes nothing, and a dead metastore moves to the next": Stage.twice,
    "partitions that others dropped, added or moved are told and mended": Stage.partitions,
    "a column that others changed is refused with its name and the cure": Stage.drift,
    "a table of an older contract gets the newer columns": Stage.grown,
    "the metastore has the number of rows of each day": Stage.sizes,
    "doctor tells whether the metastore answers and its tables are ours": Stage.doctor,
    "an address that is none, or no address, is refused": Stage.refused,
}]
KILLED = "a lake in HDFS and its tables in Hive survive kill -9 of whatever takes part"
ALONE = {
    "a metastore that is killed and comes back holds nothing up, and is caught up with": Stage.metastore_away,
    KILLED: lambda stage: killed(stage),
}
ONLY_FULL = {
    "so does one whose PostgreSQL is killed": Stage.postgres_away,
    "the sizes of files by codec": Stage.codecs,
    "Spark 3.5 answers the seed's questions over the metastore as DuckDB does": lambda stage: stage.spark("3"),
    "Spark 4.2 answers the seed's questions over the metastore as DuckDB does": lambda stage: stage.spark("4"),
    "Hive 4 answers the same, with a TIMESTAMP and Zstandard": Stage.hive_4,
}


def killed(stage):
    try:
        import kills  # which needs pyarrow
    except ImportError as missing:
        return str(missing)
    return kills.Kills(stage).play(int(os.environ.get("HIVE_KILLS") or 0))


def main():
    if why := hive.why_not(*(["4.0.1"] if FULL else [])):
        harness.skip("the lake's tables in Hive", why)
        harness.end()
    harness.choose(os.environ.get("HIVE_CASES", ""))
    alone = ALONE | (ONLY_FULL if FULL or os.environ.get("HIVE_CASES") else {})
    if not harness.any_chosen(name for cases in [*ROWS, alone] for name in cases):
        harness.end()
    with tempfile.TemporaryDirectory(prefix="tidemark-hive-") as folder, hive.Warehouse(folder) as warehouse:
        stage = Stage(pathlib.Path(folder), warehouse)
        with concurrent.futures.ThreadPoolExecutor() as side_by_side:
            for row in [side_by_side.submit(stage.tell, cases) for cases in ROWS]:
                row.result()
        stage.tell(alone)
    sys.exit(1 if harness.has_failed() else 0)


main()
