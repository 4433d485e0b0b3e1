"""Problems in the topics: garbage, missing records, added partitions, wrong settings."""

import json
import re

import evidence
import records
import topics
from confluent_kafka.admin import AdminClient, NewPartitions
from stand import PARTITIONS

TOPICS = ("alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters", "tidemark_state")


def rubbish(stand):
    """rubbish in the log is in the dead letters, each once, with Connect's headers that point at it; nothing stops"""
    with stand.fleet("rubbish") as fleet:
        bars = [line for line in stand.lines[:400] if line.startswith(b'{"symbol":"S')]
        padded = b'{"pad":"' + b"x" * 10_000_000 + b'"}'
        odd = [(b"SYM0001", None), (None, None), (b"", None, [("some", b"header")]), (b"SYM0001", b""), (None, b" \t"), (b"", b"{"),
               (None, b"\xff\xfe"), (b"SYM0001", b"[]"), (b"", b'{"symbol":"SYM0001"}'), (b"SYM0002", b"x" * 10_000_000),
               (None, padded), (b"k" * 10_000, b"null"), (b"SYM0003", b'{"a":1,"a":2}'), (None, b'{"heartbeat":7}')]
        odd = [(*row, None)[:3] for row in odd]
        topics.create(fleet.where, fleet.topic("alpaca_trends"), PARTITIONS)
        workers = [fleet.analyze(), fleet.store()]
        for number in range(PARTITIONS):
            mixed = [(json.loads(bar)["symbol"].encode(), bar, None) for bar in bars[number::PARTITIONS]]
            for row in odd:
                mixed.insert(stand.chance.randrange(len(mixed)), row)
            records.produce(fleet.where, fleet.topic("alpaca_trends"), [(*row, number) for row in mixed], **{"message.max.bytes": 12 << 20})
        fleet.settle()
        assert all(worker.lives() for worker in workers), fleet.evidence()
        fleet.end()
        found = evidence.check(fleet)
        letters = [letter for rows in found.letters.values() for letter in rows]
        assert len(letters) == PARTITIONS * 9, len(letters)
        for letter in letters:
            told, said = {name: value.decode() for name, value in letter.headers}, letter.json()
            partition, offset = divmod(said["position"], evidence.OF_A_PARTITION)
            right = {"topic": fleet.topic("alpaca_trends"), "partition": str(partition), "offset": str(offset),
                     "exception.message": f"{said['reason']}: {said['field']}" if said["field"] else said["reason"],
                     "stage": "VALUE_CONVERTER", "connector.name": fleet.name}
            assert told == {f"__connect.errors.{name}": value for name, value in right.items()}, (told, right)
            meant = found.arrived[partition]
            (meant,) = [record for record in meant if record.offset == offset]
            assert said["record"] is None or meant.value.decode().startswith(said["record"]), said


def refused_partitions(stand):
    """topics that do not fit together are refused with exit code 2 and a sentence: another number of partitions, a state not compacted"""
    with stand.fleet("uneven") as fleet:
        topics.create(fleet.where, fleet.topic("alpaca_trend_results"), 3)
        topics.create(fleet.where, fleet.topic("alpaca_trends"), PARTITIONS)
        for verb, *feed in (("ingest", "--feed", "simulator"), ("analyze",), ("store",), ("serve",)):
            code, _, said = fleet.run(verb, *feed)
            assert code == 2 and f"{fleet.topic('alpaca_trend_results')} has 3 partitions" in said and "has 4" in said, (verb, code, said)
    with stand.fleet("forgetful") as fleet:
        topics.create(fleet.where, fleet.topic("tidemark_state"), PARTITIONS)
        code, _, said = fleet.run("analyze")
        assert code == 2 and f"{fleet.topic('tidemark_state')} has cleanup.policy=delete" in said and "compact" in said, (code, said)


def add_partitions(fleet):
    admin = AdminClient(topics.told(fleet.where))
    more = [NewPartitions(fleet.topic(name), PARTITIONS + 2) for name in TOPICS]
    for answer in admin.create_partitions(more).values():
        answer.result(topics.PATIENCE)
    topics.wait_until(lambda: all(topics.names(fleet.where)[one.topic] == PARTITIONS + 2 for one in more), "they are there")


def more_partitions(stand):
    """partitions that are added to all topics are refused with exit code 2 and the procedure: by who runs, and by who starts"""
    properties = stand.folder / "soon.properties"
    properties.write_text("topic.metadata.refresh.interval.ms=500\n")  # five minutes by default
    with stand.fleet("grown", words=["--kafka-config", properties]) as fleet:
        worker = fleet.analyze()
        fleet.until(lambda: len(worker.partitions()) == PARTITIONS, "it has all partitions")
        add_partitions(fleet)
        said = worker.ends(2)
        assert "has been given more partitions than the 4" in said and "docs/kafka.md" in said, said
        for verb, *feed in (("ingest", "--feed", "simulator"), ("analyze",), ("store",), ("serve",)):
            code, _, said = fleet.run(verb, *feed)
            assert code == 2 and "began with 4" in said and "docs/kafka.md" in said, (verb, code, said)


def out_of_range(stand):
    """retention has removed what was not read: analyze ends with exit code 1, and names topic and offset"""
    with stand.fleet("forgotten") as fleet:
        worker = fleet.analyze("a")
        fleet.play(stand.file)
        fleet.settle(["alpaca_trends"])
        worker.end()
        bars = [json.loads(line) for line in stand.lines if line.startswith(b'{"symbol":"S')]
        ends = topics.ends(fleet.where, fleet.topic("alpaca_trends"))
        records.produce_bars(fleet.where, bars[:500], fleet.topic("alpaca_trends"))
        topics.delete_before(fleet.where, fleet.topic("alpaca_trends"), {2: ends[2] + 20})
        said = fleet.analyze("a").ends(1)
        # The position is before the marker of the last transaction, or behind it if the marker came as early as the
        # records.
        forgotten = re.escape(f"{fleet.topic('alpaca_trends')}[2] no longer has offset ") + f"({ends[2] - 1}|{ends[2]}),"
        assert re.search(forgotten, said) and "retention" in said, (ends, said)


def write_again(fleet, found, part=slice(None)):
    """What a writer that delivers at least once does after a crash: it appends rows that are in the topics already. Returns their number."""
    count = 0
    for topic, rows in (("alpaca_trend_results", found.finals), ("tidemark_bars", found.bars)):
        again = [(None, value, None, number) for number, values in rows.items() for value in values[part]]
        records.produce(fleet.where, fleet.topic(topic), again)
        count += len(again)
    return count


def told_repeats(member):
    return sum(int(trends) + int(bars) for trends, bars in re.findall(r"store\.repeated trends=(\d+) bars=(\d+)", member.journal()))


def repeated_rows(stand):
    """rows that a writer repeats are in the lake once, though store is killed -9 meanwhile, and the journal counts them"""
    with stand.fleet("repeated") as fleet:
        judge, store = fleet.analyze(), fleet.store("desk")
        fleet.play(stand.file)
        fleet.settle()
        judge.end()
        found = evidence.check(fleet)
        assert write_again(fleet, found, slice(-400, None)) > 400, "there was little to repeat"
        fleet.until(lambda: told_repeats(store) > 0, "the store has read a repeated row")
        write_again(fleet, found, slice(-900, None))
        store.kill()
        store = fleet.store("desk")
        fleet.settle(readers=("alpaca_trend_results", "tidemark_bars"))
        before = told_repeats(store)
        again = write_again(fleet, found)
        fleet.until(lambda: told_repeats(store) - before >= again, f"the store has counted {again} rows")
        fleet.end()
        assert told_repeats(store) - before == again, (told_repeats(store), before, again)
        evidence.right_lake(fleet.lake, found)


CASES = [rubbish, refused_partitions, out_of_range, repeated_rows]
LONG = [more_partitions]
