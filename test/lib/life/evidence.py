"""The contents of a data directory, in a form in which two of them can be compared."""

import itertools
import json
import pathlib
import shutil
import sqlite3
import tempfile

import pyarrow
import pyarrow.parquet

TOPICS = ["alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]


class Evidence(AssertionError):
    """A data directory that is not as expected."""


def ask(data, *questions):
    """Queries a copy of the log, because opening the original would repair it."""
    with tempfile.TemporaryDirectory(prefix="tidemark-evidence-") as folder:
        for name in ("log.db", "log.db-wal"):
            if (data / name).exists():
                shutil.copy(data / name, folder)
        connection = sqlite3.connect(pathlib.Path(folder) / "log.db")
        connection.text_factory = bytes
        try:
            return [connection.execute(question).fetchall() for question in questions]
        finally:
            connection.close()


def read_log(data):
    """The rows of each topic, without the time of ingestion."""
    answers = ask(data, *(f"SELECT offset, kind, key, value, time, bytes_in_all FROM {topic} ORDER BY offset" for topic in TOPICS))
    log = dict(zip(TOPICS, answers))
    for topic, rows in log.items():
        if [row[0] for row in rows] != list(range(len(rows))):
            raise Evidence(f"the offsets of {topic} have a hole")
    return log


def kept_log(data):
    """As read_log, for a log that may have been trimmed: topic → its beginning, and its rows from there on."""
    answers = ask(data, "SELECT topic, begins_at FROM topics",
                  *(f"SELECT offset, kind, key, value, time, bytes_in_all FROM {topic} ORDER BY offset" for topic in TOPICS))
    begins = {topic.decode(): begin for topic, begin in answers[0]}
    log = {topic: (begins[topic], rows) for topic, rows in zip(TOPICS, answers[1:])}
    for topic, (begin, rows) in log.items():
        if [row[0] for row in rows] != list(range(begin, begin + len(rows))):
            raise Evidence(f"the offsets of {topic} have a hole")
    return log


def left_behind(data):
    """What a killed process left in the log: whether a publication was under way, and how many records had been trimmed."""
    if not (data / "log.db").exists():
        return False, 0
    try:
        states, trimmed = ask(data, "SELECT state FROM state WHERE reader = 'store'", "SELECT sum(begins_at) FROM topics")
    except sqlite3.OperationalError:  # killed before the tables were made
        return False, 0
    return any(row[0] for row in states), trimmed[0][0] or 0


def ranges_of(folder):
    """The offsets in the names of a table's files: (from, to) → files."""
    ranges = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        if not path.name.endswith(".parquet") or path.name.startswith("."):
            raise Evidence(f"a leftover: {path}")
        _, begin, end = path.stem.rsplit("-", 2)
        ranges.setdefault((int(begin), int(end)), []).append(path)
    return dict(sorted(ranges.items()))


def read_table(folder, rows_in_log, order):
    """Day → its rows sorted by these columns, because the files of a day may have been merged. The files' names
    must cover [0, rows in the log); duplicates show in the rows."""
    ranges = ranges_of(folder)
    published = 0
    for begin, end in ranges:
        if begin > published:
            raise Evidence(f"{folder.name}: a file begins at {begin}, those before end at {published}")
        published = max(published, end)
    if published != rows_in_log:
        raise Evidence(f"{folder.name}: published up to {published}, the log ends at {rows_in_log}")
    days = {}
    for path in itertools.chain.from_iterable(ranges.values()):
        days.setdefault(path.parent.name, []).append(pyarrow.parquet.read_table(path, partitioning=None))
    in_order = [(column, "ascending") for column in order]
    return {day: pyarrow.concat_tables(days[day]).combine_chunks().sort_by(in_order) for day in sorted(days)}


def read_lake(data, log):
    lake = {
        "stock_trends": read_table(data / "lake/stock_trends", len(log["alpaca_trend_results"]),
                                   ["symbol", "window_start"]),
        "bars": read_table(data / "lake/bars", len(log["tidemark_bars"]), ["position"]),
    }
    for table, topic in (("stock_trends", "alpaca_trend_results"), ("bars", "tidemark_bars")):
        rows = sum(day.num_rows for day in lake[table].values())
        if rows != len(log[topic]):
            raise Evidence(f"{table} has {rows} rows, the log {len(log[topic])}")
    positions = [p for day in lake["bars"].values() for p in day.column("position").to_pylist()]
    if sorted(positions) != [json.loads(row[3])["position"] for row in log["tidemark_bars"]]:
        raise Evidence("the positions of the lake's bars are not those of the log")
    return lake


def first_difference(found, right):
    for number, (one, other) in enumerate(itertools.zip_longest(found, right)):
        if one != other:
            return f"row {number}\n  is        {str(one)[:400]}\n  should be {str(other)[:400]}"
    return "no difference"


def same_log(found, right):
    for topic in TOPICS:
        if found[topic] != right[topic]:
            raise Evidence(f"{topic}: {first_difference(found[topic], right[topic])}")


def same_end_of_log(found, right):
    for topic, (begin, rows) in found.items():
        if rows != right[topic][begin:]:
            raise Evidence(f"{topic} from {begin} on: {first_difference(rows, right[topic][begin:])}")


def same_lake(found, right):
    for table in right:
        if list(found[table]) != list(right[table]):
            raise Evidence(f"{table}: the days are {list(found[table])}, should be {list(right[table])}")
        for day, rows in right[table].items():
            if not found[table][day].equals(rows):
                raise Evidence(f"{table}/{day}: {first_difference(found[table][day].to_pylist(), rows.to_pylist())}")
