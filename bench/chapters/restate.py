"""Compaction and recompute of a day of very many symbols that `tidemark run` has published."""

import json
import pathlib
import shutil
import subprocess
import sys

from measure import median_of, progress, run
from tables import millions, target

MINUTES = 390  # of a trading day
DAY = "2026-01-05"  # the simulator's default


def measure_into(chapter, options):
    symbols, rounds = (1_000, 2) if options.quick else (10_000, 3)
    bars, data, lines = symbols * MINUTES, pathlib.Path("restated"), pathlib.Path("restated.jsonl")
    shutil.rmtree(data, ignore_errors=True)
    progress("filling a lake")
    market = ["--symbols", symbols, "--minutes", MINUTES, "--shuffle", "2m", "--output", lines]
    subprocess.run([str(word) for word in [options.tidemark, "simulate", *market]], check=True)
    run([options.tidemark, "run", "--feed", "replay", lines, "--speed", "max", "--exit-at-end", "--compact-after", "never", "--data", data, "--port", "0"])
    lines.unlink()
    files = len(list(data.glob("lake/bars/*/*.parquet")))

    def recompute():
        usage = run([options.tidemark, "recompute", "--data", data, "--day", DAY, "--json"], stdout=subprocess.PIPE)
        said = json.loads(usage.output)
        if said["bars"] != bars or said["windows"] != said["unchanged"]:
            sys.exit(f"bench: {bars} bars and no change were due: {said}")
        return usage

    def row(what, usages, how):
        wall, peak = median_of(usages, "wall"), max(usage.peak_mb for usage in usages)
        told = f"**{wall:.1f} s**, {millions(bars / median_of(usages, 'cpu'))} bars per CPU-second, {peak:.0f} MB"
        chapter.row(what, target("< 10 s, < 1 GB", wall < 10 and peak < 1_000), told, how)

    progress("recomputing")
    scattered = [recompute() for _ in range(rounds)]
    progress("compacting")
    compacted = run([options.tidemark, "compact", "--data", data])
    progress("recomputing")
    sorted_day = [recompute() for _ in range(rounds)]
    shutil.rmtree(data)
    progress("")
    how = f"{bars / 1e6:.1f} M bars of {symbols:,} symbols, every row computed, written and compared with the one that was there; by the wall, two threads, median of {rounds}"
    row(f"`tidemark recompute`, a day of {symbols:,} symbols in {files} files", scattered, how)
    row("… after compaction", sorted_day, "the same in one file")
    chapter.row("`tidemark compact` of that day", "", f"{compacted.wall:.1f} s, {compacted.peak_mb:.0f} MB", "bars and as many trends, sorted, a thread; by the wall, once")
