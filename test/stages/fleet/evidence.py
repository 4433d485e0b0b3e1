"""Compares the results of a fleet with the expected ones: topics and lake against the contract's reference, row by row.

The reference (contract/reference, which shares no code with the program) judges each partition of alpaca_trends in the order of
its offsets, as a reader of committed records finds them.
"""

import collections
import decimal
import itertools
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "contract/reference"))

import pyarrow.parquet  # noqa: E402
import records  # noqa: E402
from instant import bar_time_text  # noqa: E402
from partition import Partition  # noqa: E402
from writing import written_bar  # noqa: E402

OF_A_PARTITION = 10**15  # positions: docs/kafka.md
LONGEST = 65_536


class Evidence(AssertionError):
    """Something is lost, duplicated or wrong."""


class Judge(Partition):
    """The reference, which also records the verdict on each bar, as tidemark_bars must."""

    def __init__(self, updates):
        super().__init__(updates=updates)
        self.judged = []

    def take(self, record, source, position):
        self.position = position
        super().take(record, source, position)

    def admit(self, bar, record):
        outcome = super().admit(bar, record)
        if outcome != "duplicate":
            self.judged.append(f'{written_bar(bar).rstrip()[:-1]},"verdict":"{outcome}","position":{self.position}}}')
        return outcome


def judge(arrived, updates):
    """The reference's results for the records of one partition."""
    judged = Judge(updates)
    for record in arrived:
        headers, value = dict(record.headers), record.value
        position = record.partition * OF_A_PARTITION + record.offset
        if value is None and "tidemark-heartbeat" in headers:
            value = f'{{"heartbeat":"{bar_time_text(int(headers["tidemark-heartbeat"]))}"}}'.encode()
        elif value is None and "tidemark-end" in headers:
            judged.finish()
            continue
        elif value is None or not value.strip(b" \t\r"):
            continue
        if "tidemark-bytes" in headers:  # the rest of an overlong record does not count
            value = value.ljust(int(headers["tidemark-bytes"]), b"x")
        judged.take(value, "alpaca_trends", position)
    return judged


class Topics:
    """The topics of a fleet: partition → committed values."""

    def __init__(self, fleet, where=None):
        where = where or fleet.where
        read = lambda name: by_partition(records.read(where, fleet.topic(name)))  # noqa: E731
        trends = read("alpaca_trend_results")
        self.finals = {number: [v for v in values_of(rows) if is_final(v)] for number, rows in trends.items()}
        self.trends = {number: values_of(rows) for number, rows in trends.items()}
        self.bars = {number: values_of(rows) for number, rows in read("tidemark_bars").items()}
        self.late = {number: values_of(rows) for number, rows in read("alpaca_late_bars").items()}
        self.letters = read("alpaca_dead_letters")
        self.arrived = read("alpaca_trends")
        self.judges = {}

    def judge(self, number, updates):
        """The reference's results, computed once, because it is slow."""
        if number not in self.judges or updates and not self.judges[number].updates:
            self.judges[number] = judge(self.arrived.get(number, []), updates)
        return self.judges[number]


def by_partition(found):
    return {number: list(rows) for number, rows in itertools.groupby(found, lambda record: record.partition)}


def values_of(rows):
    return [row.value for row in rows]


def is_final(trend):
    return b'"status":"final"' in trend


def arrivals(topics):
    """The input without offsets: partition → (value, headers)."""
    return {number: [(row.value, row.headers) for row in rows] for number, rows in topics.arrived.items()}


def same(what, found, right):
    if found == right:
        return
    counted, wanted = collections.Counter(found), collections.Counter(right)
    lost, more = wanted - counted, counted - wanted
    for number, (one, other) in enumerate(itertools.zip_longest(found, right)):
        if one != other:
            raise Evidence(f"{what}: {sum(lost.values())} lost, {sum(more.values())} doubled or wrong; first at {number} of {len(right)}\n"
                           f"  is        {str(one)[:400]}\n  should be {str(other)[:400]}")


def encoded(texts):
    return [text.rstrip("\n").encode() for text in texts]


def right_topics(topics, updates=False):
    """Checks that each topic matches the reference: each final, judged bar, late bar and dead letter once, in order. With
    `updates`, which cost the reference much time, each update must be one of the reference's, too."""
    for number in topics.arrived.keys() | topics.trends.keys() | topics.bars.keys():
        right = topics.judge(number, updates)
        trends = encoded(right.trends)
        same(f"finals of partition {number}", topics.finals.get(number, []), [trend for trend in trends if is_final(trend)])
        same(f"judged bars of partition {number}", topics.bars.get(number, []), encoded(right.judged))
        same(f"late bars of partition {number}", topics.late.get(number, []), [late.rstrip(b"\n") for late in right.late])
        same(f"dead letters of partition {number}", values_of(topics.letters.get(number, [])), encoded(right.rejects))
        right_updates(number, topics.trends.get(number, []), set(trends) if updates else None)


def right_updates(number, trends, known):
    """Checks updates, whose number depends on the load: revisions rise, and the final is the last."""
    said = {}
    for trend in trends:
        if known and trend not in known:
            raise Evidence(f"partition {number}: nobody would say {trend[:400]}")
        row = json.loads(trend)
        window = (row["symbol"], row["window_start"])
        before = said.get(window)
        if before and (before["status"] == "final" or before["revision"] > row["revision"]):
            raise Evidence(f"partition {number}: {trend[:400]} comes after {before}")
        said[window] = row


EXACT = ("symbol", "open", "high", "low", "close", "volume", "vwap", "verdict", "position")


def lake_rows(folder, columns=None):
    """The rows of all files of a table. A hidden file would be a leftover."""
    rows = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix != ".parquet" or path.name.startswith("."):
            raise Evidence(f"a leftover: {path}")
        rows += pyarrow.parquet.read_table(path, columns=columns, partitioning=None).to_pylist()
    return rows


def right_lake(lake, topics):
    """Checks that the lake has each final and each judged bar of the topics once."""
    window = lambda row: (row["symbol"], row["window_start"])  # noqa: E731
    finals = [json.loads(trend) for rows in topics.finals.values() for trend in rows]
    for row in finals:
        del row["status"]
    text = lambda row: json.dumps({name: float(value) if isinstance(value, int) else value for name, value in row.items()})  # noqa: E731
    same("finals in the lake", [text(row) for row in sorted(lake_rows(lake / "stock_trends"), key=window)],
         [text(row) for row in sorted(finals, key=window)])
    exact = lambda row: tuple(  # noqa: E731
        decimal.Decimal(value) if isinstance(value, int) else value for value in (row[name] for name in EXACT))
    bars = [json.loads(bar, parse_float=decimal.Decimal) for rows in topics.bars.values() for bar in rows]
    position = lambda row: row["position"]  # noqa: E731
    same("bars in the lake", [exact(row) for row in sorted(lake_rows(lake / "bars", list(EXACT)), key=position)],
         [exact(row) for row in sorted(bars, key=position)])


def check(fleet, where=None, lake=True, updates=False):
    """Checks everything; returns the topics as read."""
    topics = Topics(fleet, where)
    right_topics(topics, updates)
    if lake:
        right_lake(fleet.lake, topics)
    return topics


def all_finals(topics):
    return sorted(trend for rows in topics.finals.values() for trend in rows)


def as_undisturbed(topics, undisturbed):
    """Checks that both had the same input in the same order, and the same finals."""
    for number, came in arrivals(undisturbed).items():
        same(f"what came in partition {number}", arrivals(topics).get(number, []), came)
    same("finals of an undisturbed run", all_finals(topics), all_finals(undisturbed))
