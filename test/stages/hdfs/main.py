"""Runs the unit tests that need an HDFS against a real one: the disk over WebHDFS, and the conformance suite of disks."""

import pathlib
import sys
import tempfile

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/hdfs")]

import cluster  # noqa: E402
import google_tests  # noqa: E402
import harness  # noqa: E402

UNIT_TESTS = "HdfsDiskTest.*:Hdfs/*"


def main():
    if why := cluster.why_not():
        harness.skip("a disk in HDFS", why)
        harness.end()
    tests = google_tests.chosen(UNIT_TESTS, environment={"TIDEMARK_TEST_HDFS": "webhdfs://listed/lake"})
    with tempfile.TemporaryDirectory(prefix="tidemark-hdfs-") as folder, cluster.Cluster(pathlib.Path(folder) / "hdfs") as hdfs:
        is_well = not tests or google_tests.run(tests, {"TIDEMARK_TEST_HDFS": hdfs.url("/lake/unit-tests")})
    sys.exit(0 if is_well else 1)


main()
