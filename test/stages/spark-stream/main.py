"""Spark's stream (jobs/spark, jobs/spark-stream): three partitions of real Kafka, driver and workers killed -9 in mid-stream, and started
again from the checkpoint. Started by ./run, in the long form only.

Spark's Kafka sink writes at least once. So of rows that are equal, the later ones are left out; what remains is the reference's, in its order.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), *(str(ROOT / "test/lib" / part) for part in ("", "kafka", "flink_cluster", "java_node"))]

import brokers  # noqa: E402
import harness  # noqa: E402
import market  # noqa: E402
import moving  # noqa: E402
import spark_stream  # noqa: E402
import topics  # noqa: E402

KILLS = 2


def started(log):
    command = spark_stream.command("--kafka", log.where, "--topic-prefix", f"{log.name}-", "--application", log.name, "--checkpoint",
                                   log.folder / "checkpoint", "--batch-records", "150")
    log.said = log.folder / f"{len(log.members)}-spark.log"
    with open(log.said, "wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=log.folder, env=spark_stream.environment(),
                                   start_new_session=True)
    log.members.append(process)
    log.kafka.keeper.watch(process.pid)
    return process


def kill(process):
    """SIGKILL for Python and the Java process, which is driver and worker."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def without_repeats(lines):
    return list(dict.fromkeys(lines))


def check(log):
    want, found = market.expected(log.sent), log.results()
    repeated = 0
    for number, partition in enumerate(want):
        got = {"finals": market.finals_of(found["finals"][number]), "late": found["late"][number], "letters": found["letters"][number],
               "bars": [line for line in found["bars"][number] if b'"verdict":"late"' not in line]}
        for kind, lines in got.items():
            wanted, once = without_repeats(getattr(partition, kind)), without_repeats(lines)
            repeated += len(lines) - len(once)
            if kind == "bars":
                once = without_repeats(line.rsplit(b',"verdict":', 1)[0] + b"}" for line in once)
            at = next((i for i, pair in enumerate(zip(wanted, once)) if pair[0] != pair[1]), min(len(wanted), len(once)))
            assert once == wanted, (f"partition {number}, {kind}: {len(once)} lines, should be {len(wanted)}; at {at}: {once[at:at + 1]} instead of "
                                    f"{wanted[at:at + 1]}")
    return sum(len(partition.finals) for partition in want), repeated


def killed(kafka, folder):
    log = moving.Log(kafka, folder, "spark")
    made = market.messages(seed=8, count=3_000)
    step = len(made) // (KILLS + 1)
    with contextlib.ExitStack() as ending:
        ending.callback(lambda: [kill(process) for process in log.members])
        for name in ("alpaca_trends", *moving.WRITTEN.values()):
            topics.create(log.where, log.topic(name), market.PARTITIONS)
        for number in range(KILLS):
            process = started(log)
            log.send(made[number * step:(number + 1) * step])
            before = sum(topics.ends(log.where, log.topic("tidemark_bars")).values())
            moving.until(lambda: process.poll() is not None or sum(topics.ends(log.where, log.topic("tidemark_bars")).values()) > before,
                         "the stream writes", log.said.read_text)
            assert process.poll() is None, log.said.read_text()[-4000:]
            kill(process)
        process = started(log)
        log.send([*made[KILLS * step:], *market.ends()])
        want = sum(len(partition.finals) for partition in market.expected(log.sent))

        def is_there():
            assert process.poll() is None, log.said.read_text()[-4000:]
            return sum(len(without_repeats(market.finals_of(lines))) for lines in log.results()["finals"]) >= want

        moving.until(is_there, f"there are {want} finals", log.said.read_text)
        finals, repeated = check(log)
        print(f"# {len(log.sent)} messages, {finals} finals, {KILLS} kills, {repeated} lines written again")


def main():
    reason = None if os.environ.get("TIDEMARK_FULL") else "only in the long form (--full)"
    reason = reason or spark_stream.why_not() or brokers.why_not()
    if reason:
        harness.skip("spark-stream", reason)
        return
    with tempfile.TemporaryDirectory(prefix="tidemark-spark-stream-") as name, brokers.Cluster(pathlib.Path(name, "kafka")) as kafka:
        harness.tell("a stream killed -9 in mid-stream goes on from its checkpoint: 0 differing rows", killed, kafka, pathlib.Path(name, "stream"),
                     when_failed=kafka.keep_words)


if __name__ == "__main__":
    main()
    harness.end()
