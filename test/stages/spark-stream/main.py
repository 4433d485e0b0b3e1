"""Spark's stream (jobs/spark, jobs/spark-stream): three partitions of real Kafka, driver and workers killed -9 in mid-stream, and started
again from the checkpoint. Started by ./run, in the long form only.

Spark's Kafka sink writes at least once. So of rows that are equal, the later ones are left out; what remains is the reference's, in its order.
`tidemark store` leaves them out, too: the lake has each final once, and `tidemark serve` shows them.
"""

import contextlib
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), *(str(ROOT / "test/lib" / part) for part in ("", "kafka", "flink_cluster", "java_node"))]

import brokers  # noqa: E402
import harness  # noqa: E402
import hostile_records  # noqa: E402
import market  # noqa: E402
import moving  # noqa: E402
import spark_stream  # noqa: E402
import standalone  # noqa: E402
import topics  # noqa: E402

KILLS = 2


def words(log, at_once):
    return ["--kafka", log.where, "--topic-prefix", f"{log.name}-", "--application", log.name, "--checkpoint", log.folder / "checkpoint", "--batch-records", at_once]


def started(log, command, environment):
    log.said = log.folder / f"{len(log.members)}-spark.log"
    with open(log.said, "wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=log.folder, env=environment, start_new_session=True)
    log.members.append(process)
    log.kafka.keeper.watch(process.pid)
    return process


FEW, MANY = 150, 1_000  # messages in a micro-batch: of one that is killed in mid-stream, and of one that comes to the end


def started_here(log, at_once=FEW):
    return started(log, spark_stream.command(*words(log, at_once)), spark_stream.environment())


def started_on(spark, log, at_once=FEW):
    return started(log, *spark.submit("stream", *map(str, words(log, at_once))))


def kill(process):
    """SIGKILL for Python and the Java process, which is driver and worker."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # one of Tidemark has no group of its own
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
    return [line for partition in want for line in partition.finals], repeated


def judged(log):
    return sum(topics.ends(log.where, log.topic("tidemark_bars")).values())


def more_is_written(log, process):
    """Waits until the stream has written, and still runs."""
    before = judged(log)
    moving.until(lambda: process.poll() is not None or judged(log) > before, "the stream writes", log.said.read_text)
    assert process.poll() is None, log.said.read_text()[-4000:]


def ended(log, process):
    """All of the input is done: the topics are the reference's, and the lake has each row once."""
    want = sum(len(partition.finals) for partition in market.expected(log.sent))

    def is_there():
        assert process.poll() is None, log.said.read_text()[-4000:]
        return sum(len(without_repeats(market.finals_of(lines))) for lines in log.results()["finals"]) >= want

    moving.until(is_there, f"there are {want} finals", log.said.read_text)
    finals, repeated = check(log)
    print(f"# {len(log.sent)} messages, {len(finals)} finals, {repeated} lines written again")
    kill(process)
    moving.stored(log, finals)


def parts_of(count, seed):
    made = market.messages(seed=seed, count=3_000)
    step = len(made) // count
    return [*(made[number * step:(number + 1) * step] for number in range(count - 1)), [*made[(count - 1) * step:], *market.ends()]]


@contextlib.contextmanager
def topics_of(kafka, folder, name):
    log = moving.Log(kafka, folder, name)
    for topic in ("alpaca_trends", *moving.WRITTEN.values()):
        topics.create(log.where, log.topic(topic), market.PARTITIONS)
    try:
        yield log
    finally:
        for process in log.members:
            kill(process)


def killed(kafka, folder):
    with topics_of(kafka, folder, "spark") as log:
        *parts, last = parts_of(KILLS + 1, seed=8)
        for part in parts:
            process = started_here(log)
            log.send(part)
            more_is_written(log, process)
            kill(process)
        process = started_here(log, MANY)
        log.send(last)
        ended(log, process)


def on_cluster(kafka, folder):
    """spark-submit to a master and a worker: the batch job, then the stream, whose executor and driver are killed."""
    with topics_of(kafka, folder, "cluster") as log, standalone.Standalone(folder / "standalone") as spark:
        file = folder / "market.jsonl"
        file.write_bytes(b"".join(record + b"\n" for record in hostile_records.records(7, 1_000)))
        standalone.batch(spark, moving.TIDEMARK, file, folder)
        first, second, last = parts_of(3, seed=9)
        process = started_on(spark, log)
        log.send(first)
        more_is_written(log, process)
        executors = spark.executors()
        assert executors, spark.words()
        for pid in executors:
            os.kill(pid, signal.SIGKILL)
        log.send(second)
        more_is_written(log, process)
        kill(process)
        process = started_on(spark, log, MANY)
        log.send(last)
        ended(log, process)


def documented(_, folder):
    """Each spark-submit of docs/spark.md: Spark's parser takes all of its words. What it submits to is not there."""
    folder.mkdir()
    lines = re.findall(r"`(spark-submit --master .*?)`", (ROOT / "docs/spark.md").read_text())
    assert len(lines) >= 7 and all(any(master in line for line in lines) for master in ("spark://", "yarn", "k8s://")), lines
    environment = os.environ | {"SPARK_HOME": str(standalone.HOME), "YARN_CONF_DIR": str(folder), "PYSPARK_PYTHON": sys.executable}
    for line in lines:
        _, *given = shlex.split(line)
        verb = "stream" if "stream" in given else "batch"
        process = subprocess.Popen([standalone.HOME / "bin/spark-submit", "--verbose", *given], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment, start_new_session=True)
        said = ""
        while "verbose " not in said and (more := process.stdout.readline()):  # the last of the parsed arguments
            said += more
        kill(process)
        parsed = {name: value for name, value in re.findall(r"^  (\w+) +(.+)$", said, re.M)}
        master = given[given.index("--master") + 1]
        assert parsed.get("master") == master and f"[{verb} " in parsed.get("childArgs", ""), f"{line}\n{said[-3000:]}"
        assert parsed["primaryResource"].endswith("run.py") and parsed["pyFiles"].endswith("tidemark_spark.zip"), f"{line}\n{parsed}"
        assert ("jars" in parsed and parsed["jars"].endswith("tidemark-spark-stream.jar")) == (verb == "stream"), f"{line}\n{parsed}"


def main():
    reason = None if os.environ.get("TIDEMARK_FULL") else "only in the long form (--full)"
    reason = reason or spark_stream.why_not() or brokers.why_not()
    if reason:
        harness.skip("spark-stream", reason)
        return
    with tempfile.TemporaryDirectory(prefix="tidemark-spark-stream-") as name, brokers.Cluster(pathlib.Path(name, "kafka")) as kafka:
        for case, text in CASES.items():
            harness.tell(text, case, kafka, pathlib.Path(name, case.__name__), when_failed=kafka.keep_words)


CASES = {
    documented: "every spark-submit line of docs/spark.md is understood by Spark: local, standalone, YARN, Kubernetes",
    killed: "a stream killed -9 in mid-stream goes on from its checkpoint: 0 differing rows, each once in the lake",
    on_cluster: "spark-submit to a standalone master and worker: batch and stream, executor and driver killed -9: 0 differing rows, each once in the lake",
}


if __name__ == "__main__":
    main()
    harness.end()
