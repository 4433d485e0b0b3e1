"""The questions of deploy/hive, DuckDB's answers to them on a copy of a lake, and how they are compared with others'."""

import json
import math
import pathlib
import shutil
import subprocess

from life import PATIENCE, TIDEMARK

QUESTIONS = {path.stem: path for path in sorted((pathlib.Path(__file__).resolve().parents[3] / "deploy/hive").glob("*.sql"))}


def read_question(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("--")]
    return " ".join(" ".join(lines).split()).rstrip(";")


def same_value(one, other):
    if one == other or (one is None and other == "NULL"):
        return True
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9)
    except (TypeError, ValueError):
        return str(one) == str(other)


def same_rows(one, other):
    return len(one) == len(other) and all(left.keys() == right.keys() and all(same_value(left[name], right[name]) for name in left)
                                          for left, right in zip(one, other))


def with_files(copy, files):
    """The same lake with only these files of trends."""
    made = copy.parent / "moment"
    shutil.rmtree(made, ignore_errors=True)
    for name in files:
        place = made / "lake" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.hardlink_to(copy / "lake" / name)
    return made


def duckdb(data, question):
    told = subprocess.run([TIDEMARK, "query", "--data", str(data), "--format", "json", question], capture_output=True, text=True, timeout=PATIENCE)
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()] if not told.stdout.startswith("[") else json.loads(told.stdout)
