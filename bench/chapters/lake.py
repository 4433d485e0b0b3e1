"""The lake: writing it, and answering the questions of docs/questions.md."""

import pathlib
import re
import shutil

import google
import inputs
from measure import median, progress, run

SYMBOLS = 100  # one question is about every pair of them
QUESTIONS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "questions.md"


def questions():
    """Title and SQL of every documented question."""
    found = re.findall(r"^### (.+?)$.*?```sql\n(.+?)```", QUESTIONS.read_text(), re.MULTILINE | re.DOTALL)
    return [(title, sql.strip()) for title, sql in found]


def fill(options, count, data):
    path, _ = inputs.bars(options.tidemark, count, SYMBOLS)
    shutil.rmtree(data, ignore_errors=True)
    run([options.tidemark, "run", "--feed", "replay", path, "--speed", "max", "--exit-at-end", "--data", data, "--port", "0"])


def measure_into(chapter, options):
    lake = google.medians("lake_bench", options.quick)
    for name in ("trends", "bars"):
        found = lake[f"publish/{name}"]
        chapter.row(f"lake: {name} written", "", f"{found.items_per_second / 1e3:,.0f} k rows/s", f"by the wall, files of 50,000 rows, zstd, fsynced and shown; {found.items_per_cpu_second / 1e3:,.0f} k per CPU-second")

    count = 100_000 if options.quick else 300_000
    data = pathlib.Path("asked")
    progress("filling a lake")
    fill(options, count, data)

    def ask(sql):
        return run([options.tidemark, "query", "--data", data, "--format", "csv", sql])

    rounds = 3 if options.quick else 5
    empty = [ask("SELECT 1") for _ in range(rounds)]
    times = {}
    for title, sql in questions():
        progress(f"asking: {title}")
        times[title] = [ask(sql) for _ in range(rounds)]
    progress("")
    medians = {title: median([usage.wall for usage in usages]) for title, usages in times.items()}
    slowest = max(medians, key=medians.get)
    how = f"by the wall, start of the program included; {count / 1e3:.0f} k bars of {SYMBOLS} symbols and as many trends; median of {rounds}"
    chapter.row("`tidemark query`, nothing asked", "", f"{median([usage.wall for usage in empty]):.2f} s", "`SELECT 1`: start of the program, DuckDB loaded and locked down")
    chapter.row(f"`tidemark query`, {len(medians)} questions of [questions.md](questions.md)", "", f"{median(list(medians.values())):.2f} s in the middle, {medians[slowest]:.2f} s the slowest", f"{how}; the slowest is “{slowest}”")
    shutil.rmtree(data)
