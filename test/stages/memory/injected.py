"""Fails allocations one by one: each failure ends with a message, and a restart gives the same results as an undisturbed run.

The allocator of failing_malloc.c replaces libc's. An allocation fails alone, as a very large one would; or together with all later ones, as
if no memory is left."""

import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import pyarrow.parquet as pq
from limits import RUN, bars
from process import CODES, Ended, run

FULL = os.environ.get("TIDEMARK_FULL") == "1"
SEED = int(os.environ.get("MEMORY_SEED", "1"))
MOMENTS = 400 if FULL else 8
HERE = pathlib.Path(__file__).resolve().parent
_allocator = None


def allocator():
    """Compiles it once for the stage."""
    global _allocator
    if _allocator is None:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="tidemark-malloc-"))
        _allocator = folder / "failing_malloc.so"
        compiler = shutil.which("cc") or shutil.which("gcc")
        subprocess.run([compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", HERE / "failing_malloc.c", "-o", _allocator], check=True)
    return _allocator


def with_failing(words, at, count, tell=None):
    environment = {"LD_PRELOAD": str(allocator()), "FAIL_AT": str(at), "FAIL_COUNT": str(count)}
    if tell:
        environment["FAIL_TELL"] = str(tell)
    return run(*words, environment=environment, timeout=120)


def rows_of(data):
    """The rows that readers of the lake see, in whatever files they are."""
    rows = []
    for file in sorted((data / "lake").glob("[!.]*/dt=*/[!.]*.parquet")):
        columns = pq.read_table(file).to_pydict()
        names = [name for name in columns if name not in ("ingested_at", "imported", "position")]
        rows += [(file.parent.parent.name, *(str(columns[name][row]) for name in names)) for row in range(len(columns["symbol"]))]
    return sorted(rows)


def trends(folder):
    words = ["trends", bars(folder), "--threads", "2"]
    return words, lambda ended: ended.out, lambda: None


def imported(folder):
    data = folder / "data"
    return ["import", bars(folder), "--data", data], lambda _: rows_of(data), lambda: shutil.rmtree(data, ignore_errors=True)


def analyzed(folder):
    data = folder / "data"
    return ["run", "--data", data, *RUN, bars(folder)], lambda _: rows_of(data), lambda: shutil.rmtree(data, ignore_errors=True)


STORIES = {"trends": trends, "import": imported, "a run from its feed to its lake": analyzed}


def is_told(ended: Ended):
    """A library that fails to start may report it with its own text, as the loader does."""
    assert ended.code in (*CODES, 127), ended
    assert ended.code == 0 or ended.sentence(), ended
    assert "terminate called" not in ended.err, ended


def check(folder, name):
    words, result_of, clear = STORIES[name](folder)
    clear()
    wanted = result_of(run(*words))
    assert wanted
    clear()
    tell = folder / "count"
    counted = with_failing(words, 0, 0, tell)
    assert counted.code == 0, counted
    in_all = int(tell.read_text())
    chance = random.Random(SEED)
    moments = sorted(chance.sample(range(1, in_all + 1), min(MOMENTS, in_all)))
    failures = 0
    for at in moments:
        for count in (1, 0):
            clear()
            ended = with_failing(words, at, count)
            try:
                is_told(ended)
                failures += ended.code != 0
                if ended.code == 0:
                    assert result_of(ended) == wanted, "it says that all went well"
                again = run(*words)
                assert again.code == 0, again
                assert result_of(again) == wanted, "after another start"
            except AssertionError as wrong:
                raise AssertionError(f"FAIL_AT={at} FAIL_COUNT={count} of {in_all}: {wrong}") from wrong
    assert failures >= len(moments) // 2, (failures, in_all)
    print(f"# {name}: {in_all} allocations, {len(moments)} of them failed alone and with all behind them; {failures} times it ended with a sentence")
