"""Fleets whose store publishes into S3, or into HDFS with tables in Hive, and is killed meanwhile."""

import pathlib
import sys
import tempfile
import time

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TEST / "lib/s3"), str(TEST / "lib/hive")]

import evidence
import hive
import server
from stand import PARTITIONS

KILLS = 3
TABLES = ("stock_trends", "bars")


def store_into_s3(stand):
    """a store over Kafka that is killed publishes each final and each judged bar into S3 once"""
    if why := server.why_not():
        return why
    with server.Server(stand.folder / "s3") as s3:
        key, secret = s3.keys["writer"]
        words = ["--lake", f"s3://{server.BUCKET}/fleet", "--s3-endpoint", s3.endpoint]
        keys = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        story(stand, "s3", words, keys, lambda into: s3.download("fleet", into))


def store_into_hdfs(stand):
    """a store over Kafka that is killed publishes each final and each judged bar into HDFS once, and Hive counts as many rows"""
    if why := hive.why_not():
        return why
    with tempfile.TemporaryDirectory(prefix="tidemark-fleet-hive-") as folder, hive.Warehouse(folder) as warehouse:
        place = warehouse.hdfs.url("/lake/fleet").replace("webhdfs://", "webhdfs://tidemark@")
        words = ["--lake", place, "--lake-codec", "snappy", "--hive", warehouse.hive.metastore_url, "--hive-database", "fleet"]
        topics = story(stand, "hdfs", words, {}, lambda into: warehouse.hdfs.download("/lake/fleet", into))
        answers = warehouse.hive.beeline(*(f"SELECT count(*) AS n FROM fleet.{table}" for table in TABLES))
        right = [sum(len(rows) for rows in found.values()) for found in (topics.finals, topics.bars)]
        assert [int(answer[0]["n"]) for answer in answers] == right, (answers, right)


def story(stand, name, words, variables, download):
    """Ingest, analyze and a store with these settings; the store is killed and started again while bars flow. Returns the topics."""
    with stand.fleet(f"into-{name}") as fleet:
        def start():
            return fleet.start("store", "--data", fleet.folder / "data", "--store-every", "1s", "--instance", "s", *words, variables=variables)

        worker, store = fleet.analyze("a"), start()
        fleet.until(lambda: [len(one.partitions()) for one in (worker, store)] == [PARTITIONS] * 2, "both have all partitions")
        flow = stand.begin_to_play(fleet, "600")
        for _ in range(KILLS):
            fleet.until(lambda store=store: len(store.partitions()) == PARTITIONS, "the store has its partitions")
            time.sleep(stand.chance.uniform(0.2, 1.5))  # a moment to be killed at
            assert store.kill(), "it had ended by itself"
            store = start()
        stand.play_on(flow)
        flow.ends(0)
        fleet.settle()
        fleet.end()
        assert not fleet.lake.exists(), "something lies on the local disk"
        download(fleet.lake)
        topics = evidence.check(fleet)
        evidence.as_undisturbed(topics, stand.right)
        return topics


CASES = [store_into_s3]
LONG = [store_into_hdfs]
