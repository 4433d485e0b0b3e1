"""Every verb under `ulimit -v`, from so little that the loader fails, to enough."""

import json
import os

from process import CODES, ended_well, run

FULL = os.environ.get("TIDEMARK_FULL") == "1"
KIB = 1024
LOADER = 127  # the program did not start
STEPS = 24 if FULL else 6
LEAST, MOST = 60_000, 900_000


def bars(folder):
    file = folder / "bars.jsonl"
    with file.open("w") as out:
        for minute in range(60):
            for symbol in ("AAPL", "MSFT"):
                stamp = f"2025-01-02T14:{minute:02d}:00Z"
                values = {name: 10.5 for name in ("open", "high", "low", "close")}
                out.write(json.dumps({"symbol": symbol, "timestamp": stamp, **values, "volume": 7}) + "\n")
    return file


def with_lake(folder):
    made = run("import", bars(folder), "--data", folder / "data")
    assert made.code == 0, made
    return folder / "data"


RUN = ["--feed", "replay", "--speed", "max", "--exit-at-end", "--port", "0", "--max-retries", "0"]
VERBS = [
    ("--version", lambda folder: ["--version"]),
    ("trends", lambda folder: ["trends", bars(folder), "--threads", "3"]),
    ("trends --sort", lambda folder: ["trends", "--sort", bars(folder)]),
    ("import", lambda folder: ["import", bars(folder), "--data", folder / "new"]),
    ("recompute", lambda folder: ["recompute", "--day", "2025-01-02", "--data", with_lake(folder)]),
    ("verify", lambda folder: ["verify", "--repair", "--data", with_lake(folder)]),
    ("compact", lambda folder: ["compact", "--data", with_lake(folder)]),
    ("query", lambda folder: ["query", "SELECT count(*) FROM bars", "--data", with_lake(folder)]),
    ("run", lambda folder: ["run", "--data", folder / "new", *RUN, bars(folder)]),
]


def sizes():
    """Limits in equal ratios, so that small ones are tested closely."""
    return [int(LEAST * (MOST / LEAST) ** (step / (STEPS - 1))) for step in range(STEPS)]


def check(folder, words_of):
    words = words_of(folder)
    codes = []
    for size in sizes():
        ended = run(*words, limit=size * KIB, timeout=60)
        codes.append(ended.code)
        if ended.code == LOADER and "shared librar" in ended.err:
            continue
        ended_well(ended)
    assert LOADER in codes or 2 in codes, codes
    # Without a limit it gives the same results as before, so nothing was damaged meanwhile.
    free = run(*words)
    assert free.code == 0, free
    assert all(code in (*CODES, LOADER) for code in codes), codes
