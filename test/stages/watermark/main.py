"""`tidemark watermark` on a directory whose watermark a wrong clock has moved: its output, lowering, refusals, and the results.

Finals, late bars and the account are compared with the contract's reference, which shares no code with the program.
"""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "contract/reference"), str(ROOT / "test/lib")]

import harness  # noqa: E402
from instant import instant_of  # noqa: E402
from partition import Partition  # noqa: E402

TIDEMARK = os.environ.get("TIDEMARK") or str(ROOT / "build/release/tidemark")
PATIENCE = 120
DAY = "2020-01-06"


def bar(symbol, minute, close):
    return f'{{"symbol":"{symbol}","timestamp":"{DAY}T15:{minute:02}:00Z","open":100,"high":200,"low":50,"close":{close},"volume":7}}'


def bars(first, last):
    return [bar(symbol, minute, 100 + minute) for minute in range(first, last + 1) for symbol in ("A", "B")]


BEFORE, AFTER = bars(0, 10), bars(11, 30)
WRONG = f'{{"heartbeat":"{DAY}T18:00:00Z"}}'
MISSED = AFTER[:20]  # 15:11 to 15:20 arrive while the watermark is wrong


def run(data, lines):
    subprocess.run([TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--exit-at-end", "--data", data, "--port", "0", "--store-every", "1s"],
                   input="".join(line + "\n" for line in lines), text=True, check=True, timeout=PATIENCE, capture_output=True)


def tidemark(*words, code=0):
    said = subprocess.run([TIDEMARK, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE)
    assert said.returncode == code, (words, said)
    return said.stdout + said.stderr


def values(data, topic, column="value"):
    with contextlib.closing(sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True)) as log:
        return [value for (value,) in log.execute(f"SELECT {column} FROM {topic} ORDER BY offset")]


def reference(*steps):
    partition = Partition()
    for step in steps:
        if isinstance(step, str):
            partition.lower(instant_of(step))
            continue
        for line in step:
            partition.take(line.encode(), "log", 0)
        partition.finish()
    return partition


def compare(data, partition):
    assert [trend + "\n" for trend in values(data, "alpaca_trend_results")] == partition.trends
    assert [value.encode() + b"\n" for value in values(data, "alpaca_late_bars")] == partition.late


def jumped(folder):
    data = folder / "data"
    run(data, BEFORE + [WRONG] + MISSED)
    return data


def check_shown(folder):
    """the watermark ahead of all bars is shown, with the record that moved it there and the cure"""
    data = jumped(folder)
    said = tidemark("watermark", "--data", data)
    # By hand: before the heartbeat at offset 22 the newest bar was 15:10, and the delay is two minutes. 20 bars came
    # after it.
    assert f"watermark          {DAY}T17:58:00Z, 158m ahead of the newest bar\n" in said, said
    assert f"newest bar         {DAY}T15:20:00Z\n" in said and f"largest heartbeat  {DAY}T18:00:00Z\n" in said, said
    assert f"jumped             from {DAY}T15:08:00Z to {DAY}T17:58:00Z at offset 22 of alpaca_trends; 20 bars came late" in said, said
    assert said.endswith(f"tidemark watermark --data {data} --lower-to {DAY}T15:08:00Z\n"), said
    shown = json.loads(tidemark("watermark", "--data", data, "--json"))
    assert shown == {"watermark": f"{DAY}T17:58:00Z", "newest_bar": f"{DAY}T15:20:00Z", "largest_heartbeat": f"{DAY}T18:00:00Z",
                     "jump": {"from": f"{DAY}T15:08:00Z", "to": f"{DAY}T17:58:00Z", "position": 22, "late": 20}}, shown
    compare(data, reference(BEFORE + [WRONG] + MISSED))


def check_lowered(folder):
    """lowered, windows without a final are open again, and no final comes twice: as the reference says; recompute heals the rest"""
    data = jumped(folder)
    said = tidemark("watermark", "--data", data, "--lower-to", f"{DAY}T15:08:00Z")
    # By hand: A and B had premature finals of the windows that end from 15:09 to 15:15.
    assert f"lowered from {DAY}T17:58:00Z to {DAY}T15:08:00Z" in said, said
    assert "14 finals" in said and f"tidemark recompute --data {data} --day {DAY}" in said, said
    run(data, AFTER)
    partition = reference(BEFORE + [WRONG] + MISSED, f"{DAY}T15:08:00Z", AFTER)
    assert partition.stats["late"] == 20 and partition.stats["accepted"] == len(BEFORE + AFTER), partition.stats
    compare(data, partition)
    tidemark("recompute", "--data", data, "--day", DAY)
    right = {(trend["symbol"], trend["window_start"]): (trend["bar_count"], trend["avg_close"])
             for trend in map(json.loads, reference(BEFORE + AFTER).trends)}
    rows = json.loads("[" + ",".join(tidemark("query", "--data", data, "--format", "json", "FROM stock_trends").splitlines()) + "]")
    found = {(row["symbol"], row["window_start"]): (row["bar_count"], row["avg_close"]) for row in rows}
    assert found == right, sorted(found.items() ^ right.items())[:4]


def check_newest_bar(folder):
    """--lower-to newest-bar goes as far as the newest bar by itself would have it; a second time there is nothing to lower"""
    data = jumped(folder)
    assert f"to {DAY}T15:18:00Z" in tidemark("watermark", "--data", data, "--lower-to", "newest-bar")
    run(data, [])
    assert "nothing to lower" in tidemark("watermark", "--data", data, "--lower-to", "newest-bar")
    assert tidemark("watermark", "--data", data).startswith(f"watermark          {DAY}T15:18:00Z\n")


def check_refused(folder):
    """beside a running process it only looks; without a log, or with a time that is none, it says why"""
    data = jumped(folder)
    with subprocess.Popen([TIDEMARK, "run", "--feed", "stdin", "--data", data, "--port", "0"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            while "run.started" not in process.stderr.readline():
                assert process.poll() is None
            assert f"watermark          {DAY}T17:58:00Z" in tidemark("watermark", "--data", data)
            assert f"process {process.pid} works on" in tidemark("watermark", "--data", data, "--lower-to", "newest-bar", code=3)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdin.close()
    assert "there is no log in" in tidemark("watermark", "--data", folder / "nowhere", code=2)
    assert "must be newest-bar, or a time like" in tidemark("watermark", "--data", data, "--lower-to", "yesterday", code=2)
    assert "lower_watermark" not in values(data, "alpaca_trends", "kind")


def tell(case):
    with tempfile.TemporaryDirectory(prefix="watermark-") as folder:
        harness.tell(case.__doc__, case, pathlib.Path(folder))


for each in (check_shown, check_lowered, check_newest_bar, check_refused):
    tell(each)
harness.end()
