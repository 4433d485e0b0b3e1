"""The Flink job (jobs/flink): unit tests, files, and a real session cluster over real Kafka. Started by ./run.

The expected answers are the golden files' and the reference's. Over Kafka the job takes over from `tidemark analyze`, loses a TaskManager
by kill -9 in mid-stream, and hands back: topics, lake and page hold each row once.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [*(str(ROOT / "test/lib" / part) for part in ("", "kafka", "flink_cluster")), str(ROOT / "contract/reference")]

import brokers  # noqa: E402
import flink_cluster  # noqa: E402
import harness  # noqa: E402
import hostile_records  # noqa: E402
import moving  # noqa: E402
import tidemark_reference as reference  # noqa: E402

FULL = bool(os.environ.get("TIDEMARK_FULL"))
LEAST_TESTS = 130


def unit_tests():
    """the golden cases, and arithmetic against arithmetic"""
    done = subprocess.run(flink_cluster.unit_tests(), capture_output=True, text=True, check=False)
    passed = re.search(r"\[ *(\d+) tests successful", done.stdout)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert passed and int(passed[1]) >= LEAST_TESTS, done.stdout[-1000:]
    print(f"# {passed[1]} tests")


def files():
    """files in their order give the reference's bytes"""
    with tempfile.TemporaryDirectory(prefix="tidemark-flink-") as name:
        folder = pathlib.Path(name)
        partition, given = reference.Partition(), []
        for number in (1, 2):
            file = folder / f"market-{number}.jsonl"
            lines = list(hostile_records.records(10 + number, 1_500))
            file.write_bytes(b"".join(line + b"\n" for line in lines))
            given.append(file)
            for position, line in enumerate(lines, start=1):
                line = line[:-1] if line.endswith(b"\r") else line
                if line.strip(b" \t\r"):
                    partition.take(line, str(file), position)
        partition.finish()
        done = subprocess.run(flink_cluster.local(["lines", *given, "--output", folder / "out"], "256m", flink_cluster.SHORT_LIVED),
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        for kind, want in (("trends", "".join(partition.trends).encode()), ("late", b"".join(partition.late)), ("rejects", "".join(partition.rejects).encode())):
            (part,) = (folder / "out" / kind).glob("part-*")
            assert part.read_bytes() == want, f"{kind} differ"
        account = ",".join(f'"{kind}":{count}' for kind, count in partition.stats.items())
        assert f"{{{account}}}" in done.stderr, done.stderr[-500:]


def refusals():
    """wrong words are refused with the cure"""
    for words, cure in ((["kafka"], "--brokers"), (["lines", "--output", "x"], "wants a file"), (["lines", "x", "--output", "y", "--size", "90"], "90s, 5m"),
                        (["kafka", "--brokers", "x", "--sort"], "there is no --sort"), ([], "kafka or lines")):
        done = subprocess.run(flink_cluster.local(words, "64m", flink_cluster.SHORT_LIVED), capture_output=True, text=True, check=False)
        assert done.returncode == 2 and cure in done.stderr, (words, done.returncode, done.stderr[-600:])


def main():
    reason = flink_cluster.why_not() or brokers.why_not()
    if reason:
        harness.skip("flink", reason)
        return
    harness.tell("the job's unit tests pass: every golden case, and exact arithmetic", unit_tests)
    harness.tell("files give the reference's bytes", files)
    if FULL:
        harness.tell("wrong words are refused with the cure", refusals)
    if harness.any_chosen([moving.NAME, moving.LONG_NAME]):
        with tempfile.TemporaryDirectory(prefix="tidemark-flink-") as name, brokers.Cluster(pathlib.Path(name, "kafka")) as kafka:
            harness.tell(moving.NAME, moving.there_and_back, kafka, pathlib.Path(name, "short"), when_failed=kafka.keep_words)
            if FULL:
                harness.tell(moving.LONG_NAME, moving.many_kills, kafka, pathlib.Path(name, "long"), when_failed=kafka.keep_words)


if __name__ == "__main__":
    if sys.argv[1:]:  # a word of the names of the cases to run
        harness.choose(sys.argv[1])
    main()
    harness.end()
