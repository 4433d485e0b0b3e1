"""Undamaged directories of every origin."""

import contextlib
import random
import sqlite3
import struct
import subprocess

from replays import SEED
from life import Life, Moments
from program import TIDEMARK, Report, contents, copied, files_of, tidemark
from story import Story


def is_whole(data, *words):
    before = contents(data)
    report = Report(data, *words)
    assert report.whole and not report.damaged, report.damaged
    assert contents(data) == before, "verify has changed something"
    return report.answer


def after_a_run(replays):
    """a directory that a run has left is whole: every row that is in the log is in the lake"""
    answer = is_whole(replays.folder / "undisturbed/data", "--deep")
    log = {topic: len(rows) for topic, rows in replays.log.items()}
    assert answer["log"]["records"] == log, answer["log"]
    assert answer["compared"] == {"trends": log["alpaca_trend_results"], "bars": log["tidemark_bars"]}, answer
    lake = {table: sum(day.num_rows for day in days.values()) for table, days in replays.lake.items()}
    assert {table: counts["rows"] for table, counts in answer["lake"].items()} == lake, answer["lake"]
    assert not answer["notes"], answer["notes"]
    day = is_whole(replays.folder / "undisturbed/data", "--day", "2026-01-06")
    assert 0 < day["lake"]["bars"]["rows"] < lake["bars"] and day["lake"]["bars"]["days"] == 1, day


def after_kill_9(replays):
    """so is one whose process was killed with -9 at any moment"""
    story = Story(Moments(random.Random(SEED), 0.6), [*replays.words("10000"), "--exit-at-end"])
    directories = 0
    while story.kills < 8:  # a run may end before that many kills; then another one starts
        directories += 1
        data = replays.folder / f"killed-{directories}/data"
        data.parent.mkdir()
        ended = False
        while not ended and story.kills < 8:
            ended = story.life(data)
            if data.exists() and any((data / part).exists() for part in ("log.db", "lake")):  # it may not have made anything yet
                is_whole(data)
    print(story.summary())


def after_a_first_start_that_was_killed_at_once(replays):
    """so is one that has a log.db without tables yet, and no lake"""
    data = replays.folder / "unborn/data"
    data.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(data / "log.db")) as log:
        log.execute("PRAGMA journal_mode = WAL")
    assert is_whole(data)["log"] is None
    broken_off = replays.folder / "broken-off/data"
    broken_off.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(broken_off / "log.db")) as log:
        log.execute("PRAGMA user_version = 1")  # a first page, and no tables
    # The header of the journal of a file that was empty before (sqlite.org/fileformat2.html, 3): no pages to restore.
    head = bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", 0, 0x1234, 0, 512, 4096)
    (broken_off / "log.db-journal").write_bytes(head.ljust(512, b"\0"))
    assert is_whole(broken_off)["log"] is None
    emptied = copied(replays.folder / "undisturbed/data", replays.folder / "emptied")
    (emptied / "log.db").unlink()
    with contextlib.closing(sqlite3.connect(emptied / "log.db")) as log:
        log.execute("PRAGMA journal_mode = WAL")
    assert Report(emptied).names("log.db"), "beside a lake with rows it is damage"


def after_everything(replays):
    """so is one that was compacted, imported into, made anew, and trimmed"""
    data = copied(replays.folder / "undisturbed/data", replays.folder / "restated")
    assert tidemark("compact", "--data", data).returncode == 0
    is_whole(data)
    extra = data.parent / "extra.jsonl"
    with open(extra, "wb") as file:
        subprocess.run([TIDEMARK, "simulate", "--symbols", "AAPL,NEW", "--minutes", "60", "--seed", "9"], stdout=file, check=True)
    imported = tidemark("import", extra, "--data", data)
    assert imported.returncode == 0, imported.stderr
    assert is_whole(data)["compared"]["trends"] > 0
    assert tidemark("recompute", "--day", "2026-01-05", "--data", data).returncode == 0
    is_whole(data)
    again = tidemark("run", "--port", 0, "--data", data, *replays.words("max"), "--exit-at-end", "--keep-log", "1s")
    assert again.returncode == 0, again.stderr
    is_whole(data)
    (data / "log.db").unlink()
    assert is_whole(data, "--without-log")["log"] is None
    refused = tidemark("verify", "--data", data)
    assert refused.returncode == 1 and "log.db is gone" in refused.stderr and not refused.stdout, refused


def beside_a_run(replays):
    """beside a run that publishes, compacts and trims it is whole at every moment"""
    data = replays.folder / "beside/data"
    data.parent.mkdir()
    looks = 0
    with Life(data, *replays.words("2000"), "--keep-log", "1s") as one:
        one.url()
        while looks < 20 and one.status()["feed"]["state"] != "ended":
            report = Report(data)
            assert report.whole, report.damaged
            looks += bool(report.answer["compared"]["bars"])
            files = len(files_of(data, "bars"))
        one.end()
    print(f"# {looks} looks, {files} files of bars at last")
    assert looks > 2
    is_whole(data)


CHECKS = [after_a_run, after_kill_9, after_a_first_start_that_was_killed_at_once, after_everything, beside_a_run]
