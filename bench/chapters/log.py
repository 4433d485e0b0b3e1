"""The embedded log alone, and a replay through all of `tidemark run`."""

import pathlib
import shutil

import google
import inputs
from measure import median_of, progress, run
from tables import millions


DATA = pathlib.Path("replayed")


def size_of(part):
    """Bytes of a file of the data directory, or of a folder in it."""
    path = DATA / part
    return path.stat().st_size if path.is_file() else sum(file.stat().st_size for file in path.rglob("*.parquet"))


def measure_into(chapter, options):
    log = google.medians("log_bench", options.quick)
    for name, words in (("append/1", "append of a bar"), ("append/5", "append of 5 bars"), ("commit/5", "commit of 5 judged bars and 5 trends")):
        chapter.row(f"log: {words}", "", f"{log[name].milliseconds:.1f} ms", "by the wall, durable")
    for name, words in (("append/4096", "append of 4,096 bars"), ("commit/4096", "commit of 4,096 judged bars and 4,096 trends"), ("poll/4096", "reading by 4,096")):
        found = log[name]
        chapter.row(f"log: {words}", "", f"{found.items_per_second / 1e3:,.0f} k rows/s", f"by the wall, durable where written; {found.items_per_cpu_second / 1e3:,.0f} k per CPU-second")

    count = 100_000 if options.quick else 300_000
    path, _ = inputs.bars(options.tidemark, count)
    results = []
    rounds = 2 if options.quick else 5
    for turn in range(rounds):
        progress(f"replay {turn + 1} of {rounds}")
        shutil.rmtree(DATA, ignore_errors=True)
        command = [options.tidemark, "run", "--feed", "replay", path, "--speed", "max", "--exit-at-end", "--data", DATA, "--port", "0"]
        results.append(run(command))
    progress("")
    cpu, wall = median_of(results, "cpu"), median_of(results, "wall")
    chapter.row(
        "`tidemark run`, replay at full speed",
        "",
        f"**{count / cpu / 1e3:.0f} k bars per CPU-second**, {count / wall / 1e3:.0f} k by the wall, {median_of(results, 'peak_mb'):.0f} MB",
        f"{count / 1e3:.0f} k bars of {inputs.MANY:,} symbols through log, windows, lake and page, all durable; median of {rounds}",
    )
    log_bytes, lake_bytes = (size_of(part) / count for part in ("log.db", "lake"))
    chapter.row("… disk", "", f"{log_bytes:.0f} bytes a bar in the log, {lake_bytes:.0f} in the lake", "bar, judged bar and trend; the lake holds bar and trend")
    shutil.rmtree(DATA)
