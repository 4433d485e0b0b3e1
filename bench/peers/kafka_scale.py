"""How cost grows with symbols, partitions and workers, and what follows for whole markets: the tables of docs/scale.md.

    ./dev bench scale [--quick] [--write]

What is measured and what is computed from it stand in tables of their own.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench")]

import kafka_jobs  # noqa: E402
import kafka_peers  # noqa: E402  (which finds test/lib/kafka)
import brokers  # noqa: E402
import groups  # noqa: E402
import measure  # noqa: E402
import records  # noqa: E402
import tables  # noqa: E402
import topics  # noqa: E402
from confluent_kafka.admin import AdminClient  # noqa: E402

TIDEMARK = kafka_peers.TIDEMARK
SYMBOLS = [10, 100, 1_000, 10_000]
PARTITIONS = [1, 2, 4, 8, 16]
WORKERS = [1, 2, 4]
FEW = 4  # partitions of the measurements with several workers


def simulated(folder, symbols, bars):
    file = folder / f"{symbols}.jsonl"
    command = [TIDEMARK, "simulate", "--symbols", str(symbols), "--minutes", str(max(6, bars // symbols)), "--shuffle", "2m", "--output", str(file)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with open(file, "rb") as lines:
        return file, sum(1 for _ in lines)


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def by_symbols(folder, bars):
    """Rows of (symbols, bars, filter's CPU µs a bar, MB, run's CPU µs a bar, MB, bytes a bar of log and of lake)."""
    found = []
    for symbols in SYMBOLS:
        file, count = simulated(folder, symbols, bars)
        filtered = measure.run([TIDEMARK, "trends", file])
        data = folder / f"run-{symbols}"
        # All of the log is kept, so that its size can be told.
        ran = measure.run([TIDEMARK, "run", file, "--data", data, "--port", "0", "--speed", "max", "--exit-at-end", "--keep-log", "forever"])
        log = sum(path.stat().st_size for path in data.glob("log.db*"))
        found.append((symbols, count, filtered.cpu / count * 1e6, filtered.peak_mb, ran.cpu / count * 1e6, ran.peak_mb, log / count,
                      size_of(data / "lake") / count))
        file.unlink()
    return found


def over_kafka(kafka, folder, bars, partitions, workers=1):
    """A fleet of `analyze` that gets all bars at once, after a fifth of them to warm up."""
    kafka_peers.fresh_topics(kafka, None, partitions)
    lines = kafka_peers.keyed(kafka_peers.simulated(1_000, bars * 6 // 5 // 1_000))
    warm, rest = lines[: len(lines) // 6], lines[len(lines) // 6:]
    records.produce(kafka.bootstrap, "alpaca_trends", warm)
    jobs = []
    try:
        for number in range(workers):
            job = kafka_jobs.tidemark(TIDEMARK, kafka.bootstrap, folder / f"{partitions}-{workers}-{number}")
            kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
            jobs.append(job)
        jobs[0].wait_until_done(topics.ends(kafka.bootstrap, "alpaca_trends"))
        if workers > 1:
            topics.wait_until(lambda: working(kafka) == workers, "all workers have work")
        for job in jobs:
            job.pause()
        records.produce(kafka.bootstrap, "alpaca_trends", rest)
        ends = topics.ends(kafka.bootstrap, "alpaca_trends")
        cpu, broker, begun = sum(job.cpu_seconds() for job in jobs), kafka.cpu_seconds(), time.monotonic()
        for job in jobs:
            job.go_on()
        jobs[0].wait_until_done(ends)
        wall = time.monotonic() - begun
        return SimpleNamespace(partitions=partitions, workers=workers, bars=len(rest), wall=wall, cpu=sum(job.cpu_seconds() for job in jobs) - cpu,
                               broker=kafka.cpu_seconds() - broker, mb=sum(job.peak_mb() for job in jobs) / workers)
    finally:
        for job in jobs:
            job.end()


def working(kafka):
    """How many members of the group have partitions. Their client ids are the same."""
    admin = AdminClient(topics.told(kafka.bootstrap))
    (answer,) = admin.describe_consumer_groups(["tidemark-analyze"]).values()
    return sum(bool(member.assignment.topic_partitions) for member in answer.result(topics.PATIENCE).members)


def stored(kafka, folder, bars):
    """What `store` costs a bar for all that is in the topics now; the brokers' bytes a bar."""
    rows = sum(sum(topics.ends(kafka.bootstrap, topic).values()) for topic in ("alpaca_trend_results", "tidemark_bars"))
    kept = sum(path.stat().st_size for node in kafka.nodes.values() for path in node.folder.rglob("*.log")
               if path.parent.name.startswith(("alpaca_", "tidemark_")))  # not the indexes, which have room for more
    lake = folder / "lake"
    command = [TIDEMARK, "store", "--log", f"kafka://{kafka.bootstrap}", "--data", lake, "--store-every", "5s"]
    position = lambda: groups.committed(kafka.bootstrap, "tidemark-store", "tidemark_bars")  # noqa: E731
    with kafka_jobs.Job("store", command, kafka_jobs.new(folder / "store"), position) as job:
        kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
        # The end of a topic may be the mark of a transaction.
        job.wait_until_done({partition: end - 2 for partition, end in topics.ends(kafka.bootstrap, "tidemark_bars").items()})
        return SimpleNamespace(rows=rows, cpu=job.cpu_seconds(), mb=job.peak_mb(), lake=size_of(lake), kept=kept, bars=bars)


# ---- what follows

USED = 0.5  # of a core: the other half is for catching up and for neighbours
DAYS = 30  # of bars and results in the brokers
MARKETS = [  # what, records a second on average, in the worst second, symbols, partitions
    ("10,000 symbols in minute bars", 10_000 / 60, 10_000, 10_000, 8),
    ("50,000 trades a second, each a record", 50_000, 50_000, 10_000, 32),
    ("a hundred tenants of 1,000 symbols in minute bars", 100 * 1_000 / 60, 100 * 1_000, 100_000, 100),
]


def model(symbol_rows, kafka_rows, store):
    """Microseconds of CPU and bytes that a bar costs, from the measurements."""
    many = symbol_rows[-1]
    last = kafka_rows[-1]
    one = next(row for row in kafka_rows if row.partitions == 1)
    return SimpleNamespace(run=many[4], run_mb=many[5], log=many[6], lake=many[7], analyze=max(row.cpu / row.bars * 1e6 for row in kafka_rows),
                           broker=max(row.broker / row.bars * 1e6 for row in kafka_rows), store=store.cpu / store.bars * 1e6, kept=store.kept / store.bars,
                           a_partition=one.bars / one.wall, partition_mb=max(0, (last.mb - one.mb) / (last.partitions - one.partitions)), base_mb=one.mb)


def needs(of, what, average, worst, symbols, partitions):
    cores = lambda micros: average * micros / 1e6 / USED  # noqa: E731
    text = lambda number: f"{number:,.2f}" if number < 10 else f"{number:,.0f}"  # noqa: E731
    behind = worst / (of.a_partition * min(partitions, 2))
    return (what, text(average), f"{partitions}", text(cores(of.analyze)), text(cores(of.store)), text(cores(of.broker)),
            f"{(of.base_mb + of.partition_mb * partitions):,.0f}", f"{average * 86_400 * of.kept * DAYS / 1e9:,.0f}",
            f"{average * 86_400 * of.lake / 1e9:,.1f}", f"{behind:,.1f} s")


def written(symbol_rows, kafka_rows, worker_rows, store):
    first = tables.Chapter("symbols", ("symbols", "bars", "filter, µs of CPU a bar", "MB", "`run`, µs of CPU a bar", "MB", "log, bytes a bar", "lake, bytes a bar"))
    for row in symbol_rows:
        first.row(f"{row[0]:,}", f"{row[1]:,}", f"{row[2]:.2f}", f"{row[3]:.0f}", f"{row[4]:.1f}", f"{row[5]:.0f}", f"{row[6]:.0f}", f"{row[7]:.0f}")
    second = tables.Chapter("partitions", ("partitions", "workers", "bars", "bars a second", "`analyze`, µs of CPU a bar", "broker, µs of CPU a bar", "MB a worker"))
    for row in [*kafka_rows, *worker_rows]:
        second.row(row.partitions, row.workers, f"{row.bars:,}", f"{row.bars / row.wall:,.0f}", f"{row.cpu / row.bars * 1e6:.1f}",
                   f"{row.broker / row.bars * 1e6:.1f}", f"{row.mb:.0f}")
    third = tables.Chapter("store", ("`store`, µs of CPU a bar", "rows a bar", "MB", "lake, bytes a bar", "topics on one broker, bytes a bar"))
    third.row(f"{store.cpu / store.bars * 1e6:.1f}", f"{store.rows / store.bars:.1f}", f"{store.mb:.0f}", f"{store.lake / store.bars:.0f}",
              f"{store.kept / store.bars:.0f}")
    of = model(symbol_rows, kafka_rows, store)
    fourth = tables.Chapter("needs", ("market", "records a second", "partitions", "cores for `analyze`", "for `store`", "for brokers", "MB of all workers",
                                      f"GB on each replica, {DAYS} days", "GB of lake a day", "the worst second is done after"))
    for market in MARKETS:
        fourth.row(*needs(of, *market))
    return [first, second, third], fourth


def main():
    parser = argparse.ArgumentParser(prog="./dev bench scale", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer bars")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/scale.md")
    options = parser.parse_args()
    bars = 60_000 if options.quick else 200_000
    with tempfile.TemporaryDirectory(prefix="tidemark-scale-") as scratch:
        folder = pathlib.Path(scratch)
        symbol_rows = by_symbols(folder, bars)
        print(*symbol_rows, sep="\n", flush=True)
        with brokers.Cluster(folder / "kafka", more=kafka_peers.PATIENT) as kafka:
            kafka_rows = [over_kafka(kafka, folder, bars, partitions) for partitions in PARTITIONS]
            print(*kafka_rows, sep="\n", flush=True)
            worker_rows = [over_kafka(kafka, folder, bars, FEW, workers) for workers in WORKERS[1:]]
            print(*worker_rows, sep="\n", flush=True)
        with brokers.Cluster(folder / "kafka-store", more=kafka_peers.PATIENT) as kafka:
            for_store = over_kafka(kafka, folder / "for-store", bars, FEW)
            store = stored(kafka, folder, for_store.bars * 6 // 5)
    measured, follows = written(symbol_rows, kafka_rows, worker_rows, store)
    for chapter in [*measured, follows]:
        print(f"\n{chapter.markdown()}", flush=True)
    print(f"\n{tables.circumstances(options.quick)}")
    if options.write:
        page = tables.Page("scale.md", "bench scale")
        page.write("measured", "\n\n".join(chapter.markdown() for chapter in measured) + f"\n\n{tables.circumstances(options.quick)}")
        page.write("needs", follows.markdown())


if __name__ == "__main__":
    main()
