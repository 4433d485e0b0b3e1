"""The lake in HDFS with tables in Hive: publishing beside the local disk, a large market, a final's way to beeline, registering a day.

HDFS, PostgreSQL, metastore and HiveServer2 run on this machine, too, on the same cores.
"""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error

import google
import live
from chapters.sustained import slope
from measure import median, progress, status_mb
from tables import target

LIB = pathlib.Path(__file__).resolve().parents[2] / "test/lib"
sys.path += [str(LIB / "hive"), str(LIB / "kafka"), str(LIB)]

SYMBOLS = 10_000
STORE_EVERY = 10  # seconds, for the ways to beeline


def place(warehouse, path):
    return warehouse.hdfs.url(path).replace("webhdfs://", "webhdfs://tidemark@")


def words(warehouse, number):
    return ["--lake", place(warehouse, f"/lake/{number}"), "--lake-codec", "snappy", "--hive", warehouse.hive.metastore_url,
            "--hive-database", f"lake_{number}"]


def throughput(chapter, options, hdfs, how, wanted=""):
    os.environ["BENCH_HDFS"] = hdfs.url("/lake/bench").replace("webhdfs://", "webhdfs://tidemark@")
    found = google.medians("hdfs_bench", options.quick)
    for name, words in (("both", "both tables, 50,000 rows each"), ("trends", "trends, of two days"), ("bars", "bars, of one day")):
        here, there = found[f"publish_local/{name}"], found[f"publish_hdfs/{name}"]
        share = there.items_per_second / here.items_per_second
        is_aim = wanted and name == "both"
        chapter.row(f"published over WebHDFS{how}: {words}", target(wanted, share >= 0.5) if is_aim else "", f"**{share:.0%}** of local disk: {there.items_per_second / 1e3:,.0f} k rows/s",
                    f"Snappy, durable and shown; local disk {here.items_per_second / 1e3:,.0f} k rows/s; medians of publications in turns, by the wall")


def large_market(chapter, options, warehouse):
    """The market's minutes of a trading day, one a second."""
    minutes = 60 if options.quick else 390
    store, memory = [], []
    bars = subprocess.Popen([options.tidemark, "simulate", "--symbols", str(SYMBOLS), "--minutes", str(minutes)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with live.running(options.tidemark, "--feed", "replay", "-", "--speed", "60", *words(warehouse, "day"), stdin=bars.stdout) as program:
        program.wait_for_page()
        database = sqlite3.connect(f"file:{program.data}/log.db?mode=ro", uri=True)
        cpu, begin = program.cpu(), time.time()
        while (now := time.time() - begin) < minutes:
            progress(f"hdfs: {now:.0f} of {minutes} minutes of {SYMBOLS:,} symbols")
            store.append((now, live.lags(database)[1]))
            memory.append(status_mb(program.process.pid, "VmHWM"))
            time.sleep(1)
        read, cpu = program.status()["account"]["read"], (program.cpu() - cpu) / minutes
        database.close()
        lagging = program.status()["lagging"]
    bars.wait()
    counts = [count for _, count in store]
    wanted, half = SYMBOLS * minutes, counts[len(counts) // 2:]
    # A full minute of bars waits at most, at its end; falling behind is a growth from then on.
    keeps_up = read > 0.95 * wanted and slope(store) < SYMBOLS and max(half) < 2 * SYMBOLS * 60
    chapter.row(f"{SYMBOLS:,} symbols at 60 × real time into HDFS", target("the store does not fall behind", keeps_up),
                f"**{read / minutes:,.0f} bars/s**; {median(half):,.0f} bars wait for the lake, at most {max(half):,.0f}, {slope(store):+,.0f} a minute",
                f"{minutes} market minutes in as many seconds, `store-every` 60 s, tables registered ({'nothing lags' if lagging is None else lagging}); "
                f"{cpu:.2f} cores, beside HDFS and Hive")
    chapter.row("… resident memory of the process", target("< 400 MB", max(memory) < 400), f"**{max(memory):.0f} MB**", "the most at any time, page and log included")


def store_over_kafka(chapter, options, warehouse):
    """The store by itself: a process that reads trends and bars from Kafka. The same market, made by an ingest and an analyze beside it."""
    import brokers
    seconds = 60 if options.quick else 180
    with tempfile.TemporaryDirectory(prefix="tidemark-bench-kafka-") as name, brokers.Cluster(pathlib.Path(name) / "kafka") as kafka, contextlib.ExitStack() as ended:
        def start(verb, *more, stdin=subprocess.DEVNULL):
            command = [options.tidemark, verb, "--log", f"kafka://{kafka.bootstrap}", "--operations-port", str(live.free_port()), "--log-level", "warning",
                       *more]
            process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL)
            ended.callback(end, process)
            return process

        start("analyze")
        store = start("store", "--data", f"{name}/store", *words(warehouse, "kafka"))
        bars = subprocess.Popen([options.tidemark, "simulate", "--symbols", str(SYMBOLS), "--minutes", str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        start("ingest", "--feed", "replay", "-", "--speed", "60", stdin=bars.stdout)
        begun, files = time.monotonic(), []
        while (second := time.monotonic() - begun) < seconds or len(files) < 2:
            assert second < seconds + live.PATIENCE * 3 and store.poll() is None, "the store has published nothing"
            progress(f"hdfs: store over Kafka, second {second:.0f} of {seconds}")
            time.sleep(1)
            files = [f"{day}/{status['pathSuffix']}" for day in days(warehouse, "/lake/kafka/bars") for status in
                     warehouse.hdfs.call("GET", f"/lake/kafka/bars/{day}", "LISTSTATUS")["FileStatuses"]["FileStatus"]]
        memory = status_mb(store.pid, "VmHWM")
        end(bars)
    chapter.row(f"`store` over Kafka, {SYMBOLS:,} symbols at 60 × real time: resident memory", target("< 400 MB", memory < 400), f"**{memory:.0f} MB**",
                f"the most in {second:.0f} s; {len(files)} files of bars in HDFS by then, tables registered")


def end(process):
    process.kill()
    process.wait()


QUESTION = "SELECT max(window_end) AS newest FROM lake_seen.stock_trends"


def ways_to_hive(chapter, options, warehouse):
    """Seconds from when a final is on the page to the end of the first answer that has it: of a session of HiveServer2 that is open, which shows what is
    ours, and of a new beeline, which is a JVM that starts, and a new session."""
    with live.running(options.tidemark, "--speed", "60", "--store-every", f"{STORE_EVERY}s", *words(warehouse, "seen")) as program:
        program.wait_for_page()
        program.patiently(lambda: known(warehouse, "lake_seen", "stock_trends"), "the table")
        turns = 3 if options.quick else 7
        with warehouse.hive.session() as ask:
            ask(QUESTION)  # the first one compiles classes
            ways, questions = finals_on_their_way(program, ask, turns, "an open session")
        way_row(chapter, "final → in the answer of a session that is open", ways, STORE_EVERY + 5, "< `store-every` + 5 s",
                f"`store-every` {STORE_EVERY} s; a question over all files included, which took {median(questions):.1f} s")
        starts = [seconds_of(lambda: warehouse.hive.beeline("SELECT 1 AS one")) for _ in range(3)]
        ways, questions = finals_on_their_way(program, warehouse.hive.beeline, turns, "beeline")
        way_row(chapter, "final → in the answer of a new beeline", ways, STORE_EVERY + 5 + max(questions), "< `store-every` + 5 s + the question",
                f"the question included, which took {median(questions):.1f} s; the start of beeline and its session alone (`SELECT 1`) took {median(starts):.1f} s")


def way_row(chapter, name, ways, most, words, how):
    chapter.row(name, target(words, max(ways) < most), f"**p50 {median(ways):.1f} s, worst {max(ways):.1f} s**", f"{how}; five symbols, {len(ways)} finals")


def finals_on_their_way(program, ask, turns, whose):
    ways, questions = [], []
    for turn in range(turns):
        progress(f"hdfs: final {turn + 1} on its way to {whose}")
        wanted, closed, seen = newest_final(program), time.perf_counter(), ""
        while seen < wanted:
            begun = time.perf_counter()
            (answer,) = ask(QUESTION)
            questions.append(time.perf_counter() - begun)
            seen = answer["newest"]
        ways.append(time.perf_counter() - closed)
    return ways, questions


def seconds_of(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def newest_final(program):
    rows = json.loads(program.ask("/api/v1/trends?limit=500")[1])["trends"]
    return max(row["window_end"] for row in rows if row["status"] == "final").replace("T", " ").rstrip("Z")


def known(warehouse, database, table):
    """The partitions of a table, by the metastore's own rows."""
    return warehouse.postgres.ask(warehouse.hive.database, "-c", f"""SELECT "PART_NAME" FROM "PARTITIONS" p JOIN "TBLS" t USING ("TBL_ID")
        JOIN "DBS" d USING ("DB_ID") WHERE d."NAME" = '{database}' AND t."TBL_NAME" = '{table}'""").split()


def registrations(chapter, options, warehouse):
    """Seconds from when a day has its first file to its partition, for each table of several new lakes."""
    times, first = [], []
    for number in range(2 if options.quick else 5):
        progress(f"hdfs: lake {number + 1} gets its days")
        name = f"new{number}"
        with live.running(options.tidemark, "--speed", "86400", "--store-every", "2s", "--symbols", "5", *words(warehouse, name)) as program:
            seen = {}  # (table, day) → when its folder, and when its partition, was seen
            program.wait_for_page()
            deadline = time.perf_counter() + 20
            while time.perf_counter() < deadline and sum(len(times) == 2 for times in seen.values()) < 8:
                for table in ("stock_trends", "bars"):
                    for day in days(warehouse, f"/lake/{name}/{table}"):
                        seen.setdefault((table, day), [time.perf_counter()])
                    for day in known(warehouse, f"lake_{name}", table):
                        if len(seen.get((table, day), [])) == 1:
                            seen[table, day].append(time.perf_counter())
        begin = min(day for _, day in seen)
        for (_, day), moments in seen.items():
            if len(moments) == 2:
                (first if day == begin else times).append(moments[1] - moments[0])
    if times:
        chapter.row("a day's first file → its partition", target("< 1 s", max(times) < 1), f"**p50 {median(times):.2f} s, worst {max(times):.2f} s**",
                    f"{len(times)} days of both tables, as WebHDFS lists the folder and PostgreSQL has the row; looked at about every 0.1 s")
    chapter.row("… of a new lake: its database and both tables, too", "", f"p50 {median(first):.2f} s, worst {max(first):.2f} s", f"{len(first)} first days")


def days(warehouse, folder):
    try:
        found = warehouse.hdfs.call("GET", folder, "LISTSTATUS")["FileStatuses"]["FileStatus"]
    except urllib.error.HTTPError:
        return []
    return [status["pathSuffix"] for status in found if status["pathSuffix"].startswith("dt=")]


def measure_into(chapter, options):
    import hive
    if why := hive.why_not():
        raise SystemExit(f"bench: {why}")
    import cluster
    with tempfile.TemporaryDirectory(prefix="tidemark-bench-hdfs-") as folder, cluster.Cluster(pathlib.Path(folder) / "hdfs", complete_delay=400) as hdfs:
        throughput(chapter, options, hdfs, ", DataNodes with Hadoop's own pause of 400 ms")
    with tempfile.TemporaryDirectory(prefix="tidemark-bench-hive-") as folder, hive.Warehouse(folder) as warehouse:
        throughput(chapter, options, warehouse.hdfs, "", "≥ 50 % of local disk")
        registrations(chapter, options, warehouse)
        ways_to_hive(chapter, options, warehouse)
        large_market(chapter, options, warehouse)
        store_over_kafka(chapter, options, warehouse)
    progress("")
