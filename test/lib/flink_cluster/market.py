"""A hostile market in three partitions, and what the contract's reference makes of each: the expected lines of every topic."""

import collections
import json
import pathlib
import re
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path += [str(ROOT / "test/lib"), str(ROOT / "contract/reference")]

import hostile_records  # noqa: E402
import judging  # noqa: E402
import tidemark_reference as reference  # noqa: E402

PARTITIONS = 3
POSITIONS_OF_A_PARTITION = 10**15  # docs/kafka.md
Message = collections.namedtuple("Message", "partition value headers")
Expected = collections.namedtuple("Expected", "finals late letters bars")


def nanoseconds(record):
    """The time of a good bar, for control records that lie near it; or None."""
    try:
        value = judging.judge(record)
    except judging.Reject:
        return None
    return value.time


def messages(seed, count, symbols=12):
    """The market's records, each in the partition of its symbol, with heartbeats and a lowered watermark as control records."""
    made, last = [], None
    for number, record in enumerate(hostile_records.records(seed, count, symbols=symbols)):
        symbol = re.search(rb'"symbol" *: *"([^"]*)"', record)
        partition = (zlib.crc32(symbol[1]) if symbol else number) % PARTITIONS
        made.append(Message(partition, record, None))
        last = nanoseconds(record) or last
        if last and number % 211 == 0:
            made.append(Message(number // 211 % PARTITIONS, None, {"tidemark-heartbeat": str(last)}))
        if last and number % 997 == 500:
            made.append(Message(number // 997 % PARTITIONS, None, {"tidemark-lower-watermark": str(last - 240 * 10**9)}))
    return made


def ends():
    return [Message(partition, None, {"tidemark-end": ""}) for partition in range(PARTITIONS)]


def expected(sent):
    """By partition, what stands in the topics when these messages are done. An offset is the number of messages before it."""
    engines = [reference.Partition() for _ in range(PARTITIONS)]
    offsets = [0] * PARTITIONS
    for message in sent:
        engine, offset = engines[message.partition], offsets[message.partition]
        offsets[message.partition] += 1
        if message.value is not None:
            if message.value.strip(b" \t\r"):
                engine.take(message.value, "alpaca_trends", message.partition * POSITIONS_OF_A_PARTITION + offset)
        elif "tidemark-end" in message.headers:
            engine.finish()
        elif "tidemark-heartbeat" in message.headers:
            time = int(message.headers["tidemark-heartbeat"])
            engine.observe(time)
            engine.close_passed()
            engine.heartbeat = max(time, engine.heartbeat if engine.heartbeat is not None else time)
        else:
            engine.lower(int(message.headers["tidemark-lower-watermark"]))
    return [Expected([line.rstrip("\n").encode() for line in engine.trends], [line[:-1] for line in engine.late],
                     [line.rstrip("\n").encode() for line in engine.rejects], [line.rstrip("\n").encode() for line in engine.bars])
            for engine in engines]


def finals_of(lines):
    return [line for line in lines if b'"status":"final"' in line]


def updates_are_true(lines):
    """Whether no row of a window has a smaller revision than one before it, and none follows the final."""
    last = {}
    for line in lines:
        row = json.loads(line)
        key = row["symbol"], row["window_start"]
        before = last.get(key)
        if before and (before["revision"] > row["revision"] or before["status"] == "final"):
            return False
        last[key] = row
    return True
