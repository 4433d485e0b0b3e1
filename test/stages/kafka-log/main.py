"""Runs the unit tests that need a broker (io/kafka and the conformance suite) against a real one; in the long run also against the
newest release."""

import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "test/lib/kafka"), str(ROOT / "test/lib")]

import brokers  # noqa: E402
import google_tests  # noqa: E402
import harness  # noqa: E402


def run(tests, **cluster):
    """Runs these tests, or the chosen ones of them, on a new cluster. True if all passed."""
    where = f", on Kafka {cluster.get('release', brokers.RELEASE)}"
    # The conformance suite exists only if brokers are named; listing does not contact them.
    names = google_tests.chosen(tests, where, {"TIDEMARK_TEST_KAFKA": "listed"})
    if not names:
        return True
    with tempfile.TemporaryDirectory() as folder, brokers.Cluster(folder, **cluster) as kafka:
        # Trimming is skipped, because the brokers do it.
        is_well = google_tests.run(names, {"TIDEMARK_TEST_KAFKA": kafka.bootstrap}, where)
        if not is_well:
            kafka.keep_words()
        return is_well


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
