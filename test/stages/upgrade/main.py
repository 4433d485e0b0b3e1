"""Continues a log that an older program wrote until it was killed, and compares with an uninterrupted run of this program; also
without the log, if it was lost.

log-vN.sql.gz is SQLite's dump (zcat shows it) of the log of version N after `tidemark run bars.jsonl` was killed in its middle: the last
snapshot is far before the position, and windows are open. The programs are those of commits 45b2005 (2), f27f83a (3), 129dabf (4), 53f2900 (5),
93908bd (6) and 29f9fe7 (7). The first two made trends by contract 1. bars-v3.jsonl has bars whose vwap is 0, which was a price then and is
null now, and closes in hundredths of a cent.
"""

import contextlib
import gzip
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402

HERE = pathlib.Path(__file__).parent
TIDEMARK = os.environ.get("TIDEMARK") or str(HERE.parents[2] / "build/release/tidemark")
VERSIONS = {2: "bars.jsonl", 3: "bars-v3.jsonl", 4: "bars-v3.jsonl", 5: "bars-v3.jsonl", 6: "bars-v3.jsonl", 7: "bars-v3.jsonl"}
TOPICS = ["alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]


def tables(data):
    """The contents of a log, without wall-clock times."""
    log = sqlite3.connect(data / "log.db")
    log.text_factory = bytes
    held = {topic: log.execute(f"SELECT offset, kind, key, value, time FROM {topic} ORDER BY offset").fetchall() for topic in TOPICS}
    held["cursor"] = log.execute("SELECT feed, cursor FROM feed_cursors").fetchall()
    held["position"] = log.execute("SELECT position FROM positions WHERE reader = 'analyze'").fetchall()
    held["version"] = log.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall()
    held["topics"] = log.execute("SELECT topic, begins_at FROM topics").fetchall()
    held["shape"] = log.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
    log.close()
    return held


def needs(data):
    log = sqlite3.connect(data / "log.db")
    return log.execute("SELECT reader, topic, position, needs FROM readers ORDER BY reader, topic").fetchall()


def run(folder, *words):
    """Nothing is trimmed: the dumps say when their records arrived, and grow older."""
    command = [TIDEMARK, "run", "--port", "0", "--data", "data", "--keep-log", "forever", "--speed", "max", "--exit-at-end", *words, "bars.jsonl"]
    return subprocess.run(command, cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=90)


def begun(folder, bars="bars.jsonl"):
    folder.mkdir()
    if bars:
        shutil.copy(HERE / bars, folder / "bars.jsonl")
    return folder


def dump(version):
    return gzip.decompress((HERE / f"log-v{version}.sql.gz").read_bytes()).decode()


def old_log(folder, version=2):
    """Returns the contents of its topics."""
    (folder / "data").mkdir()
    log = sqlite3.connect(folder / "data/log.db")
    log.executescript(dump(version))
    log.text_factory = bytes
    held = {topic: log.execute(f"SELECT offset, kind, key, value, time FROM {topic} ORDER BY offset").fetchall() for topic in TOPICS}
    log.close()
    return held


def goes_on_as_if_nothing_had_happened(version):
    def check(place):
        undisturbed = begun(place / f"undisturbed-{version}", VERSIONS[version])
        upgraded = begun(place / f"upgraded-{version}", VERSIONS[version])
        run(undisturbed).check_returncode()
        old = old_log(upgraded, version)
        second = run(upgraded)
        assert second.returncode == 0, second.stderr
        assert second.stderr.count("log.upgraded") == 1, second.stderr
        want, got = tables(undisturbed / "data"), tables(upgraded / "data")
        assert len(want["alpaca_trend_results"]) > len(old["alpaca_trend_results"]) + 10, "nothing was left to do"
        for what, rows in want.items():
            # Rows of the older program stay as they were.
            said = old.get(what, [])
            assert got[what][: len(said)] == said, f"{what} was changed"
            assert got[what][len(said):] == rows[len(said):], f"{what} differs: {len(got[what])} rows, {len(rows)} in the undisturbed run"
        third = run(upgraded)
        assert third.returncode == 0 and "log.upgraded" not in third.stderr, third.stderr

    check.__name__ = f"a log of version {version} goes on as if nothing had happened"
    return check


def counts_old_rows_as_of_another_contract(place):
    """Checks that a recompute counts the older program's trends in the lake as another contract, not as changed."""
    undisturbed, folder = begun(place / "undisturbed", VERSIONS[3]), begun(place / "recomputed", VERSIONS[3])
    run(undisturbed).check_returncode()
    old = old_log(folder, 3)
    with contextlib.closing(sqlite3.connect(folder / "data/log.db")) as log:  # there is no lake, so everything is published again
        log.execute("UPDATE positions SET position = 0 WHERE reader = 'store'")
        log.commit()
    run(folder).check_returncode()
    before, after = trends_of(undisturbed), trends_of(undisturbed, recompute=True)  # late bars and corrections of closed windows change some rows
    other = {}
    for row in (json.loads(row[3]) for row in old["alpaca_trend_results"]):
        key = row["symbol"], row["window_start"]
        said = tuple(row[name] for name in COMPARED)
        other[key] = said != before[key][:-1]
    older = sum(other[key] and before[key] == after[key] for key in other)
    assert older > 10, f"the older program made only {older} other rows"
    made = recompute_day(folder)
    changed = sum(before[key] != after[key] for key in before)
    assert (made["other_contract"], made["changed"], made["new"], made["removed"]) == (older, changed, 0, 0), (made, older, changed)
    assert trends_of(folder) == after, "the rows are not those of an undisturbed run, with their revisions"
    again = recompute_day(folder)
    assert again["unchanged"] == again["windows"] == made["windows"], again


COMPARED = ("avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap", "avg_pct_change", "buy_pressure", "bar_count",
            "price_range", "vwap_deviation_pct", "trend_signal")


def trends_of(folder, recompute=False):
    if recompute:
        recompute_day(folder)
    rows = ask(folder, f"SELECT symbol, window_start, {', '.join(COMPARED)}, revision FROM stock_trends")
    return {(symbol, start): tuple(map(value_of, rest)) for symbol, start, *rest in rows}


def value_of(text):
    try:
        return float(text) if text else None
    except ValueError:
        return text


def recompute_day(folder):
    return json.loads(subprocess.run([TIDEMARK, "recompute", "--data", "data", "--day", "2026-01-05", "--json"], cwd=folder,
                                     capture_output=True, text=True, timeout=90, check=True).stdout)


def keeps_what_the_old_snapshot_needs(place):
    # Input that ends at once leaves everything but the upgrade unchanged, because no bar has come.
    folder = begun(place / "needs", bars=None)
    old_log(folder)
    subprocess.run([TIDEMARK, "run", "--port", "0", "--data", "data", "--feed", "stdin", "--max-ahead", "off", "--exit-at-end"], cwd=folder,
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

    # The old log, restored from somewhere, is now older than the lake.
    for path in (folder / "data").glob("log.db*"):
        path.unlink()
    (folder / "data/log.db").write_bytes(old_log_file)
    refused = run(folder)
    assert refused.returncode == 2 and "log.db is older than data/lake" in refused.stderr, refused.stderr
    assert lake_of(folder) == after, "the lake was touched"


for check in (*map(goes_on_as_if_nothing_had_happened, VERSIONS), counts_old_rows_as_of_another_contract,
              keeps_what_the_old_snapshot_needs, refuses_a_version_that_nobody_knows,
              a_lost_log_leaves_the_lake_right):
    with tempfile.TemporaryDirectory(prefix="tidemark-upgrade-") as place:
        harness.tell(f"upgrade: {check.__name__.replace('_', ' ')}", check, pathlib.Path(place))
harness.end()
