"""A damaged log.db: each damage is named with the cure, and nothing is touched."""

import contextlib
import os
import re
import sqlite3

import pyarrow
import pyarrow.parquet

from program import Report, contents, copied, files_of, tidemark


def sql(*statements):
    def damage(path):
        with contextlib.closing(sqlite3.connect(path)) as log, log:
            for statement in statements:
                log.execute(statement)
    return damage


def overwrite(path):
    with open(path, "r+b") as file:
        file.seek(int(path.stat().st_size * 0.3))
        file.write(b"\xff" * 200_000)


def row_with(topic, offset):
    """The condition on the row of a topic's table that holds this record, alone or among others."""
    return f"offset = (SELECT max(offset) FROM {topic}_rows WHERE offset <= {offset})"


def change(topic, offset, what):
    return sql(f"UPDATE {topic}_rows SET {what} WHERE {row_with(topic, offset)}")


def replaced(topic, offset, columns, other, other_offset):
    return change(topic, offset, f"({columns}) = (SELECT {columns} FROM {other}_rows WHERE {row_with(other, other_offset)})")


# The damage → a pattern that the report has.
DAMAGES = {
    "a record is gone": (sql(f"DELETE FROM tidemark_bars_rows WHERE {row_with('tidemark_bars', 100)}"),
                         r"tidemark_bars has no records from offset (100|[89]\d) to 1\d\d$"),
    "several are": (sql("DELETE FROM alpaca_trends_rows WHERE offset BETWEEN 50 AND 600"), r"alpaca_trends has no records from offset [5-9]\d to 6\d\d$"),
    "the last ones are": (sql("DELETE FROM tidemark_bars_rows WHERE offset > 700"), "one of both is older than the other"),
    "a digit of a trend": (change("alpaca_trend_results", 7, "value = replace(value, '\"bar_count\":', '\"bar_count\":1')"),
                           "the record at offset 7 of alpaca_trend_results is not what was written: (its checksum is that of another|the checksum of)"),
    "a digit of a bar": (change("tidemark_bars", 7, "value = replace(value, '\"verdict\":\"accepted\"', '\"verdict\":\"corrected\"')"),
                         "the record at offset 7 of tidemark_bars is not what was written: (its checksum is that of another|the checksum of)"),
    "what a feed brought": (change("alpaca_trends", 9, "value = value || ' '"), "the record at offset 9 of alpaca_trends is not"),
    "a key": (change("alpaca_trends", 9, "key = 'X' || key"), "the record at offset 9 of alpaca_trends is not"),
    "a time": (change("tidemark_bars", 9, "ingested_at = ingested_at + 1"), "the record at offset 9 of tidemark_bars is not"),
    "how many share a row": (change("tidemark_bars", 9, "records = coalesce(records, 1) + 1"), r"the record at offset \d+ of tidemark_bars is not"),
    "another row's place": (replaced("tidemark_bars", 9, "key, value, ingested_at, records, crc32c", "tidemark_bars", 400),
                            r"the record at offset \d of tidemark_bars is not"),
    "the row of another table": (replaced("alpaca_trends", 9, "value, records, crc32c", "tidemark_bars", 9), r"the record at offset \d of alpaca_trends is not"),
    "a checksum is gone": (change("tidemark_bars", 9, "crc32c = NULL"), "offset 9 of tidemark_bars is not what was written: it has no checksum"),
    "a kind is none": (change("alpaca_trends", 9, "kind = 'x'"), "it has the kind"),
    "a reader stands too far": (sql("UPDATE positions SET position = 1000000000 WHERE reader = 'store' AND topic = 'tidemark_bars'"),
                                'the row "store, tidemark_bars" of table positions is not what was written'),
    "a topic begins too late": (sql("UPDATE topics SET begins_at = 1000000000 WHERE topic = 'alpaca_trends'"),
                                'the row "alpaca_trends" of table topics is not what was written'),
    "the state of analyze": (sql("UPDATE state SET state = CAST(substr(CAST(state AS TEXT), 1, 30) AS BLOB) WHERE reader = 'analyze'"),
                             'the row "analyze" of table state is not what was written'),
    "a reader's old position": (sql("UPDATE positions SET crc32c = crc32c + 1"), "are not those that the last transaction left"),
    "a cursor that is gone": (sql("DELETE FROM feed_cursors"), "are not those that the last transaction left"),
    "a summary": (sql("UPDATE summary SET summary = '1' || summary"), 'the summary in the row "1" of table summary is not what was written'),
    "its pages": (overwrite, ""),
    "its end is missing": (lambda path: os.truncate(path, path.stat().st_size // 2), "log.db is damaged: "),
    "it is no database": (lambda path: path.write_bytes(b"no database" * 1000), "log.db is damaged: file is not a database"),
}


def each_is_named(replays):
    """a damaged log is named with the reason and the cure, the lake is looked at all the same, and nothing is touched"""
    for what, (damage, reason) in DAMAGES.items():
        data = copied(replays.folder / "undisturbed/data", replays.folder / "log")
        damage(data / "log.db")
        before = contents(data)
        report = Report(data)
        named = report.names("log.db")
        assert any(re.search(reason, said) for said in named), (what, report.damaged)
        assert all("back" in said + cure for where, said, cure in report.damaged if where == "log.db"), (what, report.damaged)
        assert report.answer["lake"]["bars"]["rows"] > 0
        assert contents(data) == before, f"{what}: something was touched"


def rows_are_counted(replays):
    """how many records have a checksum, how many have none, and how many a wrong one"""
    data = copied(replays.folder / "undisturbed/data", replays.folder / "log")
    log = Report(data).answer["log"]
    records = sum(log["records"].values())
    assert (log["covered"], log["not_covered"], log["damaged"]) == (records, 0, 0), log
    with contextlib.closing(sqlite3.connect(data / "log.db")) as opened, opened:
        rotten = opened.execute(f"SELECT offset, coalesce(records, 1) FROM tidemark_bars_rows WHERE {row_with('tidemark_bars', 3)} "
                                f"OR {row_with('tidemark_bars', 50)}").fetchall()
        opened.executemany("UPDATE tidemark_bars_rows SET value = value || ' ' WHERE offset = ?", [(offset,) for offset, _ in rotten])
    report, many = Report(data), sum(number for _, number in rotten)
    assert len(rotten) == 2 and (report.answer["log"]["covered"], report.answer["log"]["damaged"]) == (records - many, many), report.answer["log"]
    named = {offset for offset in range(rotten[-1][0] + rotten[-1][1]) if any(f"the record at offset {offset} of" in what for what in report.names("log.db"))}
    assert named == {first + i for first, number in rotten for i in range(number)} or many > 20, (rotten, report.damaged)


def changed_without_a_trace(path, change):
    """Changes a value of a row of the lake, in a file whose own checksums are all correct."""
    rows = pyarrow.parquet.read_table(path, partitioning=None)
    footer = pyarrow.parquet.read_schema(path).metadata
    with pyarrow.parquet.ParquetWriter(path, rows.schema.with_metadata(footer), write_page_checksum=True) as writer:
        writer.write_table(change(rows).replace_schema_metadata(footer))


def one_more(column):
    def change(rows):
        values = rows[column].to_pylist()
        values[5] += 1
        index = rows.schema.get_field_index(column)
        return rows.set_column(index, rows.schema.field(index), pyarrow.array(values, rows.schema.field(index).type))
    return change


def values_are_those_of_the_log(replays):
    """a row of the lake that says something else than the log is found, and the log says it again"""
    for table, column in (("bars", "close"), ("bars", "trade_count"), ("stock_trends", "avg_close"), ("stock_trends", "revision")):
        data = copied(replays.folder / "undisturbed/data", replays.folder / "values")
        path = max(files_of(data, table), key=lambda file: file.stat().st_size)
        changed_without_a_trace(path, one_more(column))
        report = Report(data)
        said = [what for where, what, _ in report.damaged if where.endswith(path.name)]
        assert any("1 rows of it are not those of the log" in what for what in said), (table, column, report.damaged)
        assert Report(data, "--repair").whole
        assert Report(data).whole
        replays.compare(data)


def an_unused_index_needs_deep(replays):
    """an index that contradicts its table is found by --deep"""
    data = copied(replays.folder / "undisturbed/data", replays.folder / "log")
    with contextlib.closing(sqlite3.connect(data / "log.db")) as log, log:
        log.execute("CREATE INDEX mine ON tidemark_bars_rows (key)")
        log.execute("PRAGMA writable_schema = ON")
        log.execute("UPDATE sqlite_schema SET sql = 'CREATE INDEX mine ON tidemark_bars_rows (ingested_at)' WHERE name = 'mine'")
    assert Report(data).whole
    assert any("mine" in what for what in Report(data, "--deep").names("log.db"))


def nothing_is_there(replays):
    """a directory that holds nothing of ours is no damage but a wrong --data"""
    empty = replays.folder / "empty"
    empty.mkdir()
    said = tidemark("verify", "--data", empty)
    assert said.returncode == 2 and "--data" in said.stderr, said.stderr
    assert list(empty.iterdir()) == []


CHECKS = [each_is_named, rows_are_counted, values_are_those_of_the_log, an_unused_index_needs_deep, nothing_is_there]
