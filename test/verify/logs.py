"""A log.db that is not what was written: each damage is named, with the cure, and nothing is touched."""

import contextlib
import os
import sqlite3

from program import Report, contents, copied, tidemark


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


# What is done → a part of what is said about it.
DAMAGES = {
    "a record is gone": (sql("DELETE FROM tidemark_bars WHERE offset = 100"), "tidemark_bars has no records from offset 100 to 100"),
    "several are": (sql("DELETE FROM alpaca_trends WHERE offset BETWEEN 50 AND 600"), "alpaca_trends has no records from offset 50 to 600"),
    "a trend is none": (sql("UPDATE alpaca_trend_results SET value = 'x' WHERE offset = 7"),
                        "the record at offset 7 of alpaca_trend_results is not what was written"),
    "a bar is none": (sql("UPDATE tidemark_bars SET value = replace(value, 'close', 'clause') WHERE offset = 7"),
                      "the record at offset 7 of tidemark_bars is not what was written"),
    "a kind is none": (sql("UPDATE alpaca_trends SET kind = 'x' WHERE offset = 9"), "alpaca_trends has the kind"),
    "a reader stands too far": (sql("UPDATE positions SET position = 1000000000 WHERE reader = 'store' AND topic = 'tidemark_bars'"),
                                "the reader store stands at offset 1000000000 of tidemark_bars"),
    "a topic begins too late": (sql("UPDATE topics SET begins_at = 1000000000 WHERE topic = 'alpaca_trends'"), "alpaca_trends"),
    "the state of analyze": (sql("UPDATE state SET state = CAST(substr(CAST(state AS TEXT), 1, 30) AS BLOB) WHERE reader = 'analyze'"),
                             "the snapshot of the windows is damaged"),
    "the intent of the store": (sql("INSERT OR REPLACE INTO state VALUES ('store', 'publishing x')"),
                                'the state of the reader "store" in the log is damaged'),
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
        assert any(reason in said for said in named), (what, report.damaged)
        assert all("back" in said + cure for where, said, cure in report.damaged if where == "log.db"), (what, report.damaged)
        assert report.answer["lake"]["bars"]["rows"] > 0
        assert contents(data) == before, f"{what}: something was touched"


def an_unused_index_needs_deep(replays):
    """an index that contradicts its table is found by --deep"""
    data = copied(replays.folder / "undisturbed/data", replays.folder / "log")
    with contextlib.closing(sqlite3.connect(data / "log.db")) as log, log:
        log.execute("CREATE INDEX mine ON tidemark_bars (key)")
        log.execute("PRAGMA writable_schema = ON")
        log.execute("UPDATE sqlite_schema SET sql = 'CREATE INDEX mine ON tidemark_bars (ingested_at)' WHERE name = 'mine'")
    assert Report(data).whole
    assert any("mine" in what for what in Report(data, "--deep").names("log.db"))


def nothing_is_there(replays):
    """a directory that holds nothing of ours is no damage but a wrong --data"""
    empty = replays.folder / "empty"
    empty.mkdir()
    said = tidemark("verify", "--data", empty)
    assert said.returncode == 2 and "--data" in said.stderr, said.stderr
    assert list(empty.iterdir()) == []


CHECKS = [each_is_named, an_unused_index_needs_deep, nothing_is_there]
