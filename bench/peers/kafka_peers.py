"""Checks the jobs of kafka_jobs.py one by one: do they compute what the contract says, and how fast are they?

    ./dev bench kafka-peers check [JOB]       a small market: the last row of each window is the reference's final
    ./dev bench kafka-peers measure [JOB]     bars a second, and bars a CPU second of the job, brokers left out
    ./dev bench kafka-peers read              Spark's Kafka source reads what Tidemark has written, row by row
    ./dev bench kafka-peers latency           of Tidemark: from a bar to its window, in both kinds of delivery, and restarts
                [--every 0.05,1,5]            seconds between bars
                [--bars 300000] [--symbols 1000] [--partitions 2] [--store rocksdb|memory] [--bars-at-once N]

JOB is tidemark, spark or streams; the last two unless told. `./dev bench kafka` measures all three on one broker.
"""

import argparse
import decimal
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import kafka_jobs
from kafka_jobs import ROOT
import kafka_latency

sys.path[:0] = [str(ROOT / "contract/reference")]
import brokers  # noqa: E402  (of test/lib/kafka, as the next three)
import records  # noqa: E402
import tidemark_reference as reference  # noqa: E402
import topics  # noqa: E402

TIDEMARK = os.environ.get("TIDEMARK", str(ROOT / "build/release/tidemark"))
NOT_COMPUTED = {"revision", "status", "feed"}


def simulated(symbols, minutes):
    command = [TIDEMARK, "simulate", "--symbols", str(symbols), "--minutes", str(minutes)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.splitlines()


def thinned(lines):
    """A market with holes, so that windows hold one to five bars, and with bars without vwap."""
    for number, line in enumerate(lines):
        bar = json.loads(line)
        if number % 7 == 0:
            bar["vwap"] = None
        if number * 2_654_435_761 % 100 < 60:
            yield json.dumps(bar, separators=(",", ":")).encode()


def keyed(lines):
    """The key is the symbol, which stands first in the line."""
    return [(line[11 : line.index(b'"', 11)], line) for line in lines]


PATIENT = {"broker.session.timeout.ms": 18_000, "controller.quorum.fetch.timeout.ms": 18_000}  # tolerates a busy machine
RESULTS = {"tidemark": "alpaca_trend_results"}


def start(name, kafka, folder, options):
    if name == "tidemark":
        job = kafka_jobs.tidemark(TIDEMARK, kafka.bootstrap, folder / name)
        kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
        return job
    where = (kafka.bootstrap, "alpaca_trends", "results", folder / name)
    job = kafka_jobs.spark(*where, bars_at_once=options.bars_at_once) if name == "spark" else kafka_jobs.streams(*where, store=options.store)
    kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)  # the whole process group: Spark is a Python, two shells and a Java
    return job


# ── what it computes ──────────────────────────────────────────────────────────────────────────────────────────────


def check(name, kafka, folder, options):
    lines = list(thinned(simulated(20, 40)))
    wanted = {key_of(row): row for row in map(json.loads, reference.run([("-", b"\n".join(lines))]).trends)}
    records.produce(kafka.bootstrap, "alpaca_trends", keyed(lines))
    with start(name, kafka, folder, options) as job:
        job.wait_until_done(topics.ends(kafka.bootstrap, "alpaca_trends"))
        job.end()
    rows = [record.json() | {"key": record.key.decode()} for record in records.read(kafka.bootstrap, RESULTS.get(name, "results"))]
    last = {key_of(row): row for row in rows}
    assert all(row["key"] == row["symbol"] for row in rows), "a row has another key than its symbol"
    assert last.keys() == wanted.keys(), f"{len(last)} windows, should be {len(wanted)}: {sorted(last.keys() ^ wanted.keys())[:4]}"
    singles = sum(row["bar_count"] == 1 for row in wanted.values())
    assert singles > 50 and any(row["avg_vwap"] is None for row in wanted.values()), "the market has nothing odd in it"
    near = [key for key in wanted if differences(last[key], wanted[key])]
    for key in near:
        assert is_rounding(last[key], wanted[key]), f"{key}: {differences(last[key], wanted[key])}"
    assert len(near) * 20 <= len(wanted), f"{len(near)} of {len(wanted)} windows differ in the last digit"
    print(f"{job.name}: {len(rows)} rows of {len(wanted)} windows ({singles} of one bar); {len(near)} differ from the reference, in the last digit")


def key_of(row):
    return row["symbol"], row["window_start"]


def differences(row, wanted):
    return {name: (row[name], value) for name, value in wanted.items() if name not in NOT_COMPUTED and row[name] != value}


def is_rounding(row, wanted):
    """Allows for doubles that fall on the other side of a tie, which many means of two or four prices are, and for values derived from them."""
    return all(abs(got - should) <= (1 if name == "avg_volume" else 0.0002)
               for name, (got, should) in differences(row, wanted).items() if name != "trend_signal")


# ── how fast ──────────────────────────────────────────────────────────────────────────────────────────────────────


def measure(name, kafka, folder, options):
    """Warms a job up with a fifth of the bars, then gives it the rest at once. The job is paused while these are written, so
    that it shares the machine only with the broker."""
    sink = RESULTS.get(name, "results")
    lines = keyed(simulated(options.symbols, options.bars * 6 // 5 // options.symbols))
    warm, rest = lines[: len(lines) // 6], lines[len(lines) // 6 :]
    records.produce(kafka.bootstrap, "alpaca_trends", warm)
    with start(name, kafka, folder, options) as job:
        job.wait_until_done(topics.ends(kafka.bootstrap, "alpaca_trends"))
        before = sum(topics.ends(kafka.bootstrap, sink).values())
        job.pause()
        records.produce(kafka.bootstrap, "alpaca_trends", rest)
        ends, cpu, broker, begin = topics.ends(kafka.bootstrap, "alpaca_trends"), job.cpu_seconds(), kafka.cpu_seconds(), time.monotonic()
        job.go_on()
        job.wait_until_done(ends)
        found = {"job": job.name, "bars": len(rest), "symbols": options.symbols, "wall": time.monotonic() - begin,
                 "cpu": job.cpu_seconds() - cpu, "broker": kafka.cpu_seconds() - broker, "mb": job.peak_mb()}
        found["rows"] = sum(topics.ends(kafka.bootstrap, sink).values()) - before
    print(f"{job.name}: {len(rest)} bars of {options.symbols} symbols in {found['wall']:.1f} s and {found['cpu']:.1f} CPU s: "
          f"{len(rest) / found['wall']:,.0f} bars/s, {len(rest) / found['cpu']:,.0f} bars per CPU second; about {found['rows']} rows written, "
          f"{found['mb']:,.0f} MB; broker {found['broker']:.1f} CPU s", flush=True)
    return found


def read(_, kafka, folder, __):
    """Checks that Spark's counts of Tidemark's topics match their contents."""
    where = ["--log", f"kafka://{kafka.bootstrap}"]
    with kafka_jobs.tidemark(TIDEMARK, kafka.bootstrap, folder / "tidemark") as job:
        kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
        (folder / "bars.jsonl").write_bytes(b"\n".join(simulated(20, 60)) + b"\n")
        subprocess.run([TIDEMARK, "ingest", *where, "--speed", "max", "--exit-at-end", folder / "bars.jsonl"], check=True, stderr=subprocess.DEVNULL)
        # The last offset of each partition is a transaction marker, and no consumer commits beyond it.
        job.wait_until_done({partition: end - 1 for partition, end in topics.ends(kafka.bootstrap, "alpaca_trends").items()})
        job.end()
    bars = records.read(kafka.bootstrap, "alpaca_trends")
    finals = [record.value for record in records.read(kafka.bootstrap, "alpaca_trend_results") if b'"status":"final"' in record.value]
    close = sum(decimal.Decimal(re.search(rb'"avg_close":([0-9.]+)', final)[1].decode()) for final in finals)
    said = subprocess.run([sys.executable, "-B", pathlib.Path(__file__).parent / "spark_reads.py", kafka.bootstrap, kafka_jobs.JARS / "spark-kafka"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    found = json.loads(said.splitlines()[-1])
    wanted = {"heartbeats": sum(record.value is None for record in bars), "bars": 1200, "finals": len(finals), "windows": len(finals), "close": f"{close:.9f}"}
    assert found | wanted == found, f"Spark reads {found}, there stand {wanted}"
    print(f"Spark reads {found}, as it stands there")


def fresh_topics(kafka, sink=None, partitions=2):
    """Fresh topics. Kafka Streams stamps its rows with market time, which may be long ago, so retention would
    remove them at once."""
    for topic in topics.names(kafka.bootstrap):
        topics.delete(kafka.bootstrap, topic)
    topics.wait_until(lambda: not topics.names(kafka.bootstrap), "the topics are gone")
    for topic in filter(None, ("alpaca_trends", sink)):
        topics.create(kafka.bootstrap, topic, partitions, retention_ms=-1)


def latency(_, kafka, folder, options):
    found = {"job": "latency", "exactly-once": {}, "at-least-once": {}}
    for delivery, every in [*(("exactly-once", every) for every in options.every), ("at-least-once", min(options.every))]:
        delays = kafka_latency.measure(TIDEMARK, kafka, folder / f"{delivery}-{every}", delivery, every, kafka_latency.BARS[every])
        found[delivery][every] = delays
        print(f"{delivery}, a bar every {every:g} s: {len(delays)} bars, p50 {middle(delays):.0f} ms, p99 {almost_all(delays):.0f} ms, "
              f"worst {delays[-1]:.0f} ms", flush=True)
        fresh_topics(kafka)
    took = kafka_latency.restarts(TIDEMARK, kafka, folder / "restarts")
    found["restarts"] = took
    print(f"{len(took)} restarts after kill -9: {took[0]:.2f} to {took[-1]:.2f} s to the first new result", flush=True)
    return found


def middle(delays):
    return delays[len(delays) // 2]


def almost_all(delays):
    return delays[len(delays) * 99 // 100]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench kafka-peers", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("check", "measure", "read", "latency"))
    parser.add_argument("job", nargs="?", choices=("tidemark", "spark", "streams"), help="the others unless told")
    intervals = lambda text: [float(every) for every in text.split(",")]  # noqa: E731
    parser.add_argument("--every", type=intervals, default=[0.05, 1, 5], help=f"seconds between bars, of {', '.join(f'{one:g}' for one in kafka_latency.BARS)}")
    parser.add_argument("--bars", type=int, default=300_000)
    parser.add_argument("--symbols", type=int, default=1000)
    parser.add_argument("--partitions", type=int, default=2, help="of both topics")
    parser.add_argument("--store", choices=("rocksdb", "memory"), default="rocksdb", help="where Kafka Streams keeps its windows")
    parser.add_argument("--bars-at-once", type=int, help="Spark's limit for a batch; none unless told")
    options = parser.parse_args()
    jobs = ["tidemark"] if options.what in ("latency", "read") else [options.job] if options.job else ["spark", "streams"]
    for name in jobs:
        with tempfile.TemporaryDirectory(prefix="tidemark-peers-") as folder, brokers.Cluster(pathlib.Path(folder, "kafka"), more=PATIENT) as kafka:
            fresh_topics(kafka, None if name in RESULTS else "results", options.partitions)
            {"check": check, "measure": measure, "latency": latency, "read": read}[options.what](name, kafka, pathlib.Path(folder), options)


if __name__ == "__main__":
    main()
