"""Hostile files under --memory: refused by name, or read, and never more than the bound and a fixed allowance."""

import datetime
import gzip
import os
import pathlib
import zipfile

import parquet_bombs as bombs
import pyarrow as pa
import pyarrow.parquet as pq
from process import ALLOWANCE, MB, ended_well, run

FULL = os.environ.get("TIDEMARK_FULL") == "1"
MEMORY = 256


def bounded(ended, memory=MEMORY):
    ended_well(ended)
    assert ended.peak < memory * MB + ALLOWANCE, ended
    return ended


def bring_in(folder, file, *words, memory=MEMORY):
    return bounded(run("import", file, "--data", folder / "data", "--memory", f"{memory}MB", *words), memory)


# A description, how the file is made, and the text of the refusal; None if the file is read.
PARQUET = [
    ("a cell of 1 GB, to which all rows refer", lambda: bombs.one_cell(1_000_000_000), ["its column symbol", "1.0 GB", "--memory is 256 MB"]),
    ("cells of 10 MB in one page of 1 GB", lambda: bombs.many_cells(10_000_000), ["its column symbol", "1.0 GB", "--memory is 256 MB"]),
    ("a page of 125 million zeros", lambda: bombs.zeros(125_000_000), ["its column open", "1.0 GB", "--memory is 256 MB"]),
    ("a page that says it is 2 GB and holds nothing", bombs.lying_header, ["its column close", "2.1 GB", "--memory is 256 MB"]),
    ("a column that says it is longer than the file", bombs.lying_chunk, None),
    ("4,000,000,000 rows", bombs.absurd_rows, ["says that it has 4000000000 rows", "get it again"]),
    ("a footer of 120 MB", bombs.long_footer, ["its footer", "--memory is 256 MB"]),
    ("a column 2,000 groups deep", lambda: bombs.deep(2_000), ["is damaged", "deeply nested"]),
    ("a column 30,000 groups deep", lambda: bombs.deep(30_000), ["is damaged"]),
    ("3,000 columns", lambda: bombs.wide(3_000), None),
    ("60,000 row groups of nothing", lambda: bombs.empty_groups(60_000), ["is damaged"]),
]


def parquet(folder, make, words):
    file = folder / "bomb.parquet"
    file.write_bytes(make())
    ended = bring_in(folder, file)
    if words is None:
        return
    assert ended.code in (1, 2), ended
    assert str(file) in ended.err and all(word in ended.err for word in words), ended
    left = list((folder / "data/lake").glob("*/dt=*")) if (folder / "data/lake").is_dir() else []
    assert not left, left


def huge_cells_are_read_where_they_fit(folder):
    """a page that fits is read: 100 cells of 1 MB, of which the beginning is told"""
    file = folder / "cells.parquet"
    file.write_bytes(bombs.many_cells(1_000_000))
    ended = bring_in(folder, file)
    assert ended.code == 1 and "100 bad_symbol" in ended.err, ended


def stream_of(write, size):
    step = b"A" * MB
    for _ in range(size // MB):
        write(step)


def lines(folder, pack):
    """One line far larger than the bound: a single record that is too long."""
    file = folder / f"line.csv.{pack}"
    head = b"symbol,timestamp,open,high,low,close,volume\nAAPL,2025-01-02T14:30:00Z,1,1,1,1,1\n"
    size = 4_000 * MB if FULL else 400 * MB
    if pack == "zst":
        raw, _ = bombs.packed([head, *[b"A" * MB] * (size // MB)])
        file.write_bytes(raw)
    elif pack == "gz":
        with gzip.open(file, "wb", compresslevel=1) as out:
            out.write(head)
            stream_of(out.write, size)
    else:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("line.csv", "w", force_zip64=True) as out:
            out.write(head)
            stream_of(out.write, size)
    ended = bring_in(folder, file, "--allow-rejects", memory=64)
    assert ended.code == 0 and "1 too_long" in ended.err, ended


def json_text(folder):
    """an answer in JSON that never ends is refused, whatever --memory is"""
    file = folder / "answer.json.zst"
    raw, _ = bombs.packed([b'{"bars":[', *[b" " * MB] * 1_000])
    file.write_bytes(raw)
    ended = bring_in(folder, file, "--format", "alpaca", "--symbol-from-name", memory=64)
    assert ended.code in (1, 2), ended


def many_symbols(folder):
    """a symbol of its own for each of very many bars: read or refused, within the bound"""
    file = folder / "symbols.csv"
    with file.open("w") as out:
        out.write("symbol,timestamp,open,high,low,close,volume\n")
        for number in range(2_000_000 if FULL else 300_000):
            out.write(f"S{number:09d}abcdefghijklmnopqrstuv,2025-01-02T14:30:00Z,1,1,1,1,1\n")
    ended = bring_in(folder, file, "--no-recompute", memory=128)
    assert ended.code == 0 or "--memory" in ended.err, ended


def recomputed(folder):
    """a day of many symbols is made anew within the bound, and as without one"""
    symbols, minutes = (10_000, 390) if FULL else (800, 390)
    begin = 1_735_828_200_000_000
    rows = symbols * minutes
    table = pa.table(
        {
            "symbol": pa.array([f"S{row // minutes:05d}" for row in range(rows)]),
            "timestamp": pa.array([begin + 60_000_000 * (row % minutes) for row in range(rows)], pa.timestamp("us", "UTC")),
            **{name: pa.array([100.0 + row % 7 for row in range(rows)]) for name in ("open", "high", "low", "close")},
            "volume": pa.array([1.0] * rows),
        }
    )
    file = folder / "day.parquet"
    pq.write_table(table, file)
    memory = 512 if FULL else 128
    made = bring_in(folder, file, "--no-recompute", memory=memory)
    assert made.code == 0, made
    few = bounded(run("recompute", "--day", "2025-01-02", "--data", folder / "data", "--memory", f"{memory}MB"), memory)
    assert few.code == 0, few
    again = run("recompute", "--day", "2025-01-02", "--data", folder / "data", "--memory", "4GB", "--dry-run")
    assert again.code == 0 and "0 new, 0 changed" in again.out, again
    # Another bar, so that the day has two files to merge.
    late = folder / "late.csv"
    late.write_text("symbol,timestamp,open,high,low,close,volume\nS00000,2025-01-02T22:00:00Z,1,1,1,1,1\n")
    assert bring_in(folder, late, "--no-recompute", memory=memory).code == 0
    bounded(run("compact", "--data", folder / "data", "--memory", f"{memory}MB"), memory)
    whole = bounded(run("verify", "--data", folder / "data", "--memory", f"{memory}MB"), memory)
    assert whole.code == 0, whole


def too_little_for_a_day(folder):
    """a day that does not fit is refused with what it would take"""
    file = folder / "day.csv"
    with file.open("w") as out:
        out.write("symbol,timestamp,open,high,low,close,volume\n")
        for row in range(400_000):
            at = 1_735_776_000 + row % 86_000
            out.write(f"S{row % 900},{at},1,1,1,1,1\n")
    ended = bring_in(folder, file, memory=64)
    assert ended.code == 2 and "2025-01-02" in ended.err and "--memory is 64 MB" in ended.err, ended
    assert bring_in(folder, file, "--interval", "1s", memory=1_000).code == 0


def lake_that_lies(folder):
    """a file of the lake that says it is larger than it is: damaged, for recompute and verify"""
    data = folder / "data"
    good = folder / "good.csv"
    good.write_text("symbol,timestamp,open,high,low,close,volume\nAAPL,2025-01-02T14:30:00Z,1,1,1,1,1\n")
    assert bring_in(folder, good).code == 0
    bomb = next(pathlib.Path(data / "lake").glob("tidemark_bars/dt=2025-01-02/*.parquet"), None) or next((data / "lake").glob("*bars*/dt=*/*.parquet"))
    bomb.chmod(0o644)
    bomb.write_bytes(bombs.one_cell(1_000_000_000))
    for words in (["recompute", "--day", "2025-01-02"], ["verify"], ["verify", "--repair"]):
        ended = bounded(run(*words, "--data", data, "--memory", f"{MEMORY}MB"))
        assert ended.code == 1 and "damaged" in (ended.err + ended.out).lower(), ended


def sorted_outside(folder):
    """trends --sort keeps to --sort-memory, whatever the input's size"""
    lines, size = (3_000_000, 8) if FULL else (900_000, 8)
    file = folder / "by-symbol.jsonl"
    with file.open("w") as out:
        for row in range(lines):
            symbol, minute = divmod(row, lines // 100)
            stamp = 1_735_689_600 + 60 * minute
            out.write(f'{{"symbol":"S{symbol}","timestamp":"{moment(stamp)}","open":1,"high":1,"low":1,"close":1,"volume":1}}\n')
    ended = ended_well(run("trends", "--sort", "--sort-memory", f"{size}MB", "--output", folder / "out", "--stats", file))
    assert ended.code == 0 and f'"accepted":{lines}' in ended.err, ended
    assert file.stat().st_size > 70 * MB, "an input that would fit whole proves nothing"
    assert ended.peak < (size + 60) * MB, ended


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


CASES = (sorted_outside, huge_cells_are_read_where_they_fit, json_text, many_symbols, recomputed, too_little_for_a_day, lake_that_lies)
