"""Goes on with a log that an older program wrote and was killed over, and compares with a run that had it all to itself; and with
none, where it was lost.

log-v2.sql is what `sqlite3 log.db .dump` said of the log of version 2 (commit 45b2005) after `tidemark run bars.jsonl` was
killed in its middle: the last snapshot stands far before the position, and windows are open.
"""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import harness  # noqa: E402

HERE = pathlib.Path(__file__).parent
TIDEMARK = os.environ.get("TIDEMARK") or str(HERE.parents[1] / "build/release/tidemark")
TOPICS = ["alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]


def tables(data):
    """What a log holds, without the wall's time."""
    log = sqlite3.connect(data / "log.db")
    log.text_factory = bytes
    held = {topic: log.execute(f"SELECT offset, kind, key, value, time FROM {topic} ORDER BY offset").fetchall() for topic in TOPICS}
    held["cursor"] = log.execute("SELECT * FROM feed_cursors").fetchall()
    held["position"] = log.execute("SELECT position FROM positions WHERE reader = 'analyze'").fetchall()
    held["version"] = log.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall()
    held["topics"] = log.execute("SELECT * FROM topics").fetchall()
    held["shape"] = log.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
    log.close()
    return held


def needs(data):
    log = sqlite3.connect(data / "log.db")
    return log.execute("SELECT reader, topic, position, needs FROM readers ORDER BY reader, topic").fetchall()


def run(folder, *words):
    return subprocess.run([TIDEMARK, "run", "--port", "0", "--data", "data", "--speed", "max", "--exit-at-end", *words, "bars.jsonl"],
                          cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=90)


def begun(folder, bars=True):
    folder.mkdir()
    if bars:
        shutil.copy(HERE / "bars.jsonl", folder)
    return folder


def old_log(folder):
    (folder / "data").mkdir()
    log = sqlite3.connect(folder / "data/log.db")
    log.executescript((HERE / "log-v2.sql").read_text())
    log.close()


def goes_on_as_if_nothing_had_happened(place):
    undisturbed, upgraded = begun(place / "undisturbed"), begun(place / "upgraded")
    run(undisturbed).check_returncode()
    old_log(upgraded)
    second = run(upgraded)
    assert second.returncode == 0, second.stderr
    assert second.stderr.count("log.upgraded") == 1, second.stderr
    want, got = tables(undisturbed / "data"), tables(upgraded / "data")
    assert len(want["alpaca_trend_results"]) > 45, "nothing was left to do"
    for what, rows in want.items():
        assert got[what] == rows, f"{what} differs: {len(got[what])} rows, {len(rows)} in the undisturbed run"
    third = run(upgraded)
    assert third.returncode == 0 and "log.upgraded" not in third.stderr, third.stderr


def keeps_what_the_old_snapshot_needs(place):
    # Input that ends at once leaves all but the upgrade undone: no bar has come since.
    folder = begun(place / "needs", bars=False)
    old_log(folder)
    subprocess.run([TIDEMARK, "run", "--port", "0", "--data", "data", "--feed", "stdin", "--exit-at-end"], cwd=folder,
                   env={"PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL, capture_output=True, timeout=90, check=True)
    (analyze, *store) = needs(folder / "data")
    assert analyze == ("analyze", "alpaca_trends", 63, 2), analyze  # the end of the input is a record, too
    assert [row[2] == row[3] for row in store] == [True, True], store


def refuses_a_version_that_nobody_knows(place):
    folder = begun(place / "unknown")
    old_log(folder)
    log = sqlite3.connect(folder / "data/log.db")
    log.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    log.commit()
    log.close()
    before = (folder / "data/log.db").read_bytes()
    refused = run(folder)
    assert refused.returncode == 2 and "has version 1 of the tables" in refused.stderr, refused.stderr
    assert (folder / "data/log.db").read_bytes() == before, "it was touched"


def ask(folder, sql):
    answer = subprocess.run([TIDEMARK, "query", "--data", "data", "--format", "csv", sql], cwd=folder, capture_output=True, text=True,
                            timeout=90, check=True)
    return [line.split(",") for line in answer.stdout.splitlines()[1:]]


def lake_of(folder):
    lake = folder / "data/lake"
    return {str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*.parquet")}


def a_lost_log_leaves_the_lake_right(place):
    folder = begun(place / "lost")
    run(folder).check_returncode()
    before = lake_of(folder)
    bars, trends = ask(folder, "SELECT count(*), max(position) FROM bars")[0], ask(folder, "SELECT count(*) FROM stock_trends")[0]
    old_log_file = (folder / "data/log.db").read_bytes()
    for path in (folder / "data").glob("log.db*"):
        path.unlink()

    # The last bar again, with another volume; then a bar of a new day.
    last = json.loads((folder / "bars.jsonl").read_bytes().splitlines()[-1])
    last["volume"] = 4711
    lines = [last, dict(last, timestamp="2026-01-06T15:00:00Z")]
    (folder / "bars.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    second = run(folder)
    assert second.returncode == 0 and "log.new_behind_lake" in second.stderr and "10000000000" in second.stderr, second.stderr

    after = lake_of(folder)
    assert {name: after.get(name) for name in before} == before, "a file of the old log was changed"
    assert len(after) > len(before), "nothing new was published"
    assert ask(folder, "SELECT count(*), count(DISTINCT (symbol, timestamp_ns)) FROM bars") == [[str(int(bars[0]) + 1)] * 2]
    assert int(ask(folder, "SELECT count(*) FROM bars_all")[0][0]) > int(bars[0]) + 1
    again = ask(folder, f"SELECT volume, position FROM bars WHERE symbol = '{last['symbol']}' AND timestamp_ns = "
                f"(SELECT max(timestamp_ns) FROM bars WHERE symbol = '{last['symbol']}' AND dt = '2026-01-05')")
    assert [float(again[0][0]), int(again[0][1])] == [4711, 10_000_000_000], again
    assert int(ask(folder, "SELECT count(*) FROM stock_trends")[0][0]) > int(trends[0])
    with contextlib.closing(sqlite3.connect(folder / "data/log.db")) as log:
        (first,) = log.execute("SELECT min(offset) FROM alpaca_trends").fetchone()
        assert first == 10_000_000_000 > int(bars[1]), first

    # The old log, back from somewhere, is older than the lake now.
    for path in (folder / "data").glob("log.db*"):
        path.unlink()
    (folder / "data/log.db").write_bytes(old_log_file)
    refused = run(folder)
    assert refused.returncode == 2 and "log.db is older than data/lake" in refused.stderr, refused.stderr
    assert lake_of(folder) == after, "the lake was touched"


for check in (goes_on_as_if_nothing_had_happened, keeps_what_the_old_snapshot_needs, refuses_a_version_that_nobody_knows,
              a_lost_log_leaves_the_lake_right):
    with tempfile.TemporaryDirectory(prefix="tidemark-upgrade-") as place:
        harness.tell(f"upgrade: {check.__name__.replace('_', ' ')}", check, pathlib.Path(place))
harness.end()
