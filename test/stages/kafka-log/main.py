"""Runs the unit tests that need a broker (io/kafka and the conformance suite) against a real one; in the long run also against the
newest release."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "test/lib/kafka"), str(ROOT / "test/lib")]

import brokers  # noqa: E402
import harness  # noqa: E402

TESTS = ROOT / "build/release/tidemark_tests"
PATIENCE = 900  # seconds for all of them


def run(tests, **cluster):
    """Runs these tests, or the chosen ones of them, on a new cluster. True if all passed."""
    # The conformance suite exists only if brokers are named; listing does not contact them.
    listed = subprocess.run([TESTS, f"--gtest_filter={tests}", "--gtest_list_tests"], env=os.environ | {"TIDEMARK_TEST_KAFKA": "listed"},
                            capture_output=True, text=True, check=True).stdout
    where = f", on Kafka {cluster.get('release', brokers.RELEASE)}"
    names = [name for name in names_of(listed) if harness.is_chosen(name + where)]
    if not names:
        return True
    tests = ":".join(names)
    with tempfile.TemporaryDirectory() as folder, brokers.Cluster(folder, **cluster) as kafka:
        try:
            told = subprocess.run([TESTS, f"--gtest_filter={tests}"], env=os.environ | {"TIDEMARK_TEST_KAFKA": kafka.bootstrap},
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
            printed, code = told.stdout, told.returncode
        except subprocess.TimeoutExpired as hung:  # its output still tells in which test
            printed, code = (hung.stdout or b"").decode(errors="replace"), 1
        begun = None
        for line in printed.splitlines():
            if found := re.match(r"\[ RUN      \] (\S+)", line):
                begun = found[1]
            elif found := re.match(r"\[ +(OK|FAILED|SKIPPED) +\] ([^ ,]+).*\(\d+ ms\)", line):
                begun = None
                # Trimming is skipped, because the brokers do it.
                print({"OK": "ok -", "FAILED": "not ok -", "SKIPPED": "#"}[found[1]], found[2] + where)
            else:
                print(line)
        if begun:
            print(f"{begun} ended the program, or did not end\nnot ok - {begun}{where}")
            kafka.keep_words()
        return code == 0


def names_of(listed):
    """Parses GoogleTest's list: a suite, then its tests; text after a # is a comment."""
    suite = ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith(" "):
            yield suite + name.strip()
        elif name.endswith("."):
            suite = name


def releases():
    return [brokers.RELEASE, brokers.NEWEST] if os.environ.get("TIDEMARK_FULL") else [brokers.RELEASE]


def main():
    good = all([run("KafkaLog.*:Kafka/*", release=release) for release in releases()])
    # So many partitions take seconds to create, and until then there is no coordinator.
    return 0 if run("KafkaNewCluster.*", more={"offsets.topic.num.partitions": 1_000}) and good else 1


if why := next(filter(None, map(brokers.why_not, releases())), None):
    harness.skip("the log over Kafka", why)
    harness.end()
sys.exit(main())
