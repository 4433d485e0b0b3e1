"""What exactness costs on Spark: the jobs of jobs/spark beside jobs that compute the same windows in doubles, in turns, in one run.

    ./dev bench spark [--only batch|stream] [--quick] [--write]

    batch     jobs/spark against windows_spark.py, both on JSON lines, in processes of their own; the cost of an empty input is taken off both
    stream    jobs/spark's stream against spark_windows.py, from topic to topic, after a warm-up

The target is at least 40 % of the rate per CPU-second of the job in doubles.
"""

import argparse
import os
import pathlib
import sys
import tempfile
from types import SimpleNamespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "test/stages/spark-stream")]

import kafka_jobs  # noqa: E402
import kafka_peers  # noqa: E402  (which finds test/lib/kafka)
import brokers  # noqa: E402
import measure  # noqa: E402
import spark_stream  # noqa: E402
import tables  # noqa: E402
from tables import millions, target  # noqa: E402

HERE = pathlib.Path(__file__).parent
PACKAGE = spark_stream.HOME  # PySpark 4, for all jobs of this run
TARGET = 0.4


def environment(more=""):
    os.environ.update({
        "PYTHONPATH": os.pathsep.join(map(str, (PACKAGE, ROOT / "jobs/spark"))), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --driver-memory 2g --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "
        f"--conf spark.sql.shuffle.partitions=2 {more} pyspark-shell",
    })


def batch(folder, bars, rounds):
    """The CPU seconds of each job for this many bars, without those for a few: (exact, doubles)."""
    environment()
    few, many = ((folder / name, count) for name, count in (("few.jsonl", 1_000), ("many.jsonl", bars)))
    for file, count in (few, many):
        file.write_bytes(b"\n".join(kafka_peers.simulated(1_000, max(1, count // 1_000))) + b"\n")
    number = iter(range(1_000))

    def exact(file):
        return measure.run([sys.executable, ROOT / "test/stages/parity/spark_process.py", "batch", file, "--json", folder / f"out-{next(number)}"])

    def doubles(file):
        return measure.run([sys.executable, HERE / "windows_spark.py", file, "2"])

    runners = {("exact", "few"): lambda: exact(few[0]), ("doubles", "few"): lambda: doubles(few[0]), ("exact", "many"): lambda: exact(many[0]),
               ("doubles", "many"): lambda: doubles(many[0])}
    found = measure.in_turns(rounds, runners)
    cpu = {name: measure.median_of(results, "cpu") for name, results in found.items()}
    return [SimpleNamespace(bars=bars, cpu=cpu[job, "many"] - cpu[job, "few"], start=cpu[job, "few"]) for job in ("exact", "doubles")]


def exact_stream(kafka, folder):
    """As kafka_jobs.spark, of the exact stream."""
    folder = kafka_jobs.new(folder)
    jars = ",".join(map(str, (spark_stream.jar(), *sorted(spark_stream.CONNECTOR.glob("*.jar")))))
    command = [sys.executable, "-m", "tidemark_spark", "stream", "--jar", jars, "--kafka", kafka.bootstrap, "--checkpoint", folder / "checkpoint",
               "--trigger", "1s", "--batch-records", "1000000"]
    return kafka_jobs.Job("Spark, exact", command, folder, lambda: kafka_jobs.spark_position(folder / "checkpoint", "alpaca_trends"))


def stream(kafka, folder, bars):
    """(exact, doubles), each with bars, cpu, wall, rows and mb."""
    environment()
    jobs = {"exact": lambda where: exact_stream(kafka, where),
            "doubles": lambda where: kafka_jobs.spark(kafka.bootstrap, "alpaca_trends", "results", where, jars=spark_stream.CONNECTOR)}
    # How kafka_peers.measure starts a job, and where it finds its rows.
    kafka_peers.start = lambda name, _, where, __: owed(kafka, jobs[name](where / name))
    kafka_peers.RESULTS |= {"exact": "alpaca_trend_results", "doubles": "results"}
    found = []
    for name in jobs:
        kafka_peers.fresh_topics(kafka, None, 2)
        for topic in ["results"] if name == "doubles" else ["alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]:
            kafka_peers.topics.create(kafka.bootstrap, topic, 2, retention_ms=-1)
        options = SimpleNamespace(bars=bars, symbols=1_000, partitions=2, store="rocksdb", bars_at_once=None)
        found.append(SimpleNamespace(**kafka_peers.measure(name, kafka, folder, options)))
    return found


def owed(kafka, job):
    kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
    return job


def main():
    parser = argparse.ArgumentParser(prog="./dev bench spark", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer bars, one round")
    parser.add_argument("--write", action="store_true", help="write the table into docs/spark.md")
    parser.add_argument("--only", choices=("batch", "stream"), help="one of the two")
    options = parser.parse_args()
    chapter = tables.Chapter("rate")
    with tempfile.TemporaryDirectory(prefix="tidemark-spark-") as scratch:
        folder = pathlib.Path(scratch)
        if options.only != "stream":
            exact, doubles = batch(folder, 200_000 if options.quick else 600_000, 1 if options.quick else 3)
            add(chapter, "batch", exact, doubles, f"{exact.bars:,} bars of 1,000 symbols in JSON lines; the CPU seconds of a thousand bars ({exact.start:.0f} and "
                                                  f"{doubles.start:.0f}: start, plans, compilation) taken off both")
        if options.only != "batch":
            with brokers.Cluster(folder / "kafka", more=kafka_peers.PATIENT) as kafka:
                exact, doubles = stream(kafka, folder, 60_000 if options.quick else 150_000)
            add(chapter, "stream", exact, doubles, f"{exact.bars:,} bars of 1,000 symbols, two partitions, topic to topic; {exact.mb:,.0f} and {doubles.mb:,.0f} MB; "
                                                   "the exact job also writes judged bars, late bars and dead letters")
    print(f"\n{chapter.markdown()}\n\n{tables.circumstances(options.quick)}")
    if options.write:
        tables.Page("spark.md", "bench spark").write("rate", f"{chapter.markdown()}\n\n{tables.circumstances(options.quick)}")


def add(chapter, kind, exact, doubles, how):
    share = (exact.bars / exact.cpu) / (doubles.bars / doubles.cpu)
    chapter.row(f"{kind}: exact against doubles", target("≥ 40 %", share >= TARGET), f"**{share:.0%}** of the rate: {millions(exact.bars / exact.cpu)} bars per "
                f"CPU-second against {millions(doubles.bars / doubles.cpu)}", how)


if __name__ == "__main__":
    main()
