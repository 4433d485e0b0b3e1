"""Goes on with a log that an older program wrote and was killed over, and compares with a run that had it all to itself.

log-v2.sql is what `sqlite3 log.db .dump` said of the log of version 2 (commit 45b2005) after `tidemark run bars.jsonl` was
killed in its middle: the last snapshot stands far before the position, and windows are open.
"""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback

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


failed = 0
for check in (goes_on_as_if_nothing_had_happened, keeps_what_the_old_snapshot_needs, refuses_a_version_that_nobody_knows):
    name = check.__name__.replace("_", " ")
    with tempfile.TemporaryDirectory(prefix="tidemark-upgrade-") as place:
        try:
            check(pathlib.Path(place))
        except Exception:
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
            print(f"not ok - upgrade: {name}", flush=True)
            failed += 1
        else:
            print(f"ok - upgrade: {name}", flush=True)
sys.exit(1 if failed else 0)
