"""The table of docs/performance.md: Tidemark, Spark and Kafka Streams one after the other on one broker, then Tidemark's delays.

    ./dev bench kafka [--quick] [--write]
"""

import argparse
import pathlib
import sys
import tempfile
import time
from types import SimpleNamespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench")]

import kafka_peers  # noqa: E402  (which finds test/lib/kafka)
import brokers  # noqa: E402
import kafka_latency  # noqa: E402
import tables  # noqa: E402
from tables import millions, target  # noqa: E402

BARS = {"tidemark": 900_000, "spark": 150_000, "streams": 150_000}
SYMBOLS, PARTITIONS = 1_000, 2


def throughput(kafka, folder, quick):
    """The measurements of each job, by name."""
    found = {}
    for name, bars in BARS.items():
        options = SimpleNamespace(bars=bars // 3 if quick else bars, symbols=SYMBOLS, partitions=PARTITIONS, store="rocksdb", bars_at_once=None)
        kafka_peers.fresh_topics(kafka, None if name == "tidemark" else "results", PARTITIONS)
        found[name] = kafka_peers.measure(name, kafka, folder / name, options)
    return found


def rate(found, of):
    return found["bars"] / found[of]


def add_throughput(chapter, found):
    ours, spark = found["tidemark"], found["spark"]
    per_cpu, per_second = (rate(ours, of) / rate(spark, of) for of in ("cpu", "wall"))
    how = f"{SYMBOLS:,} symbols, {PARTITIONS} partitions, JSON, two cores shared with the broker; the worker's CPU, the broker's left out"
    chapter.row("Tidemark, exactly-once", target("≥ 20 × Spark", per_cpu >= 20),
                f"**{millions(rate(ours, 'cpu'))} bars per CPU-second**, {per_cpu:.0f} × Spark",
                f"{ours['bars']:,} bars, {how}; {ours['rows']:,} rows and as many judged bars written, {ours['mb']:.0f} MB")
    chapter.row("… bars a second", target("≥ 10 × Spark", per_second >= 10), f"**{millions(rate(ours, 'wall'))}**, {per_second:.0f} × Spark", "by the wall")
    for name, title in (("spark", "Spark Structured Streaming"), ("streams", "Kafka Streams")):
        peer = found[name]
        chapter.row(title, "", f"{millions(rate(peer, 'cpu'))} bars per CPU-second, {millions(rate(peer, 'wall'))} a second",
                    f"{peer['bars']:,} bars, after a fifth of them to warm up; {peer['rows']:,} rows written, {peer['mb']:,.0f} MB")


def add_delays(chapter, found):
    for delivery, (most, tail) in {"exactly-once": (150, 400), "at-least-once": (30, None)}.items():
        for every, delays in found[delivery].items():
            p50, p99, worst = kafka_peers.middle(delays), kafka_peers.almost_all(delays), delays[-1]
            how = f"{len(delays)} bars, one every {every:g} s, to a consumer who reads what is committed"
            what = f"bar produced → its window, {delivery}, every {every:g} s"
            if len(delays) < 20:  # too few for percentiles: only the worst
                chapter.row(what, target(f"worst < {tail} ms", worst < tail), f"**p50 {p50:.0f} ms, worst {worst:.0f} ms**", how)
                continue
            text = f"p50 < {most} ms" + (f", p99 < {tail} ms" if tail else "")
            chapter.row(what, target(text, p50 < most and (not tail or p99 < tail)), f"**p50 {p50:.0f} ms, p99 {p99:.0f} ms**", how)
    took = found["restarts"]
    chapter.row("kill -9, started again → first new result", target("< 3 s", took[-1] < 3), f"**{took[0]:.1f} to {took[-1]:.1f} s**",
                f"{len(took)} times, under the same instance name; its state comes from the changelog")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench kafka", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a third of the bars")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    begin, chapter = time.monotonic(), tables.Chapter("kafka")
    with tempfile.TemporaryDirectory(prefix="tidemark-kafka-") as folder, brokers.Cluster(pathlib.Path(folder, "kafka"), more=kafka_peers.PATIENT) as kafka:
        add_throughput(chapter, throughput(kafka, pathlib.Path(folder), options.quick))
        kafka_peers.fresh_topics(kafka)
        every = [0.05, 1, 5] if options.quick else list(kafka_latency.BARS)
        add_delays(chapter, kafka_peers.latency(None, kafka, pathlib.Path(folder), SimpleNamespace(every=every)))
    print(f"\n{chapter.markdown()}")
    if options.write:
        tables.Page("performance.md", "bench").write("kafka", f"{chapter.markdown()}\n\n{tables.circumstances(options.quick)}")
    print(f"\n{tables.circumstances(options.quick)} It took {time.monotonic() - begin:.0f} s.")


main()
