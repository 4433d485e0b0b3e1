"""A year of minute bars through `tidemark import` and `tidemark recompute`."""

import datetime
import pathlib
import shutil
import subprocess
import sys

from measure import progress, run
from tables import millions, target

MINUTES = 390  # of a trading day


def trading_days(count):
    day = datetime.date(2025, 1, 2)
    while count > 0:
        if day.weekday() < 5:
            yield day
            count -= 1
        day += datetime.timedelta(days=1)


def measure_into(chapter, options):
    symbols, days = (100, 20) if options.quick else (500, 252)
    bars = symbols * days * MINUTES
    folder = pathlib.Path("year")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = []
    for number, day in enumerate(trading_days(days), start=1):
        progress(f"simulating {day}")
        files.append(folder / f"{day}.jsonl")
        market = ["--symbols", symbols, "--minutes", MINUTES, "--seed", number, "--start", f"{day}T14:30:00Z"]
        subprocess.run([str(word) for word in [options.tidemark, "simulate", *market, "--output", files[-1]]], check=True)
    gigabytes = sum(file.stat().st_size for file in files) / 1e9

    def imported(name, files):
        progress(f"importing {name}")
        usage = run([options.tidemark, "import", "--data", folder / name, "--no-recompute", "--json", *files], stdout=subprocess.PIPE)
        if f'"imported":{bars},"superseded":0,"identical":0,"poorer":0,"rejected":0'.encode() not in usage.output:
            sys.exit(f"bench: {bars} bars were due: {usage.output.decode()}")
        return usage

    def told(usage):
        return f"**{millions(bars / usage.wall)}** bars/s, {millions(bars / usage.cpu)} per CPU-second, {usage.peak_mb:.0f} MB"

    lines = imported("of-lines", files)
    progress("recomputing")
    anew = run([options.tidemark, "recompute", "--data", folder / "of-lines", "--from", "2025-01-01", "--to", "2026-12-31"])
    for file in files:
        file.unlink()
    columns = imported("of-parquet", sorted((folder / "of-lines/lake/bars").glob("*/*.parquet")))
    shutil.rmtree(folder)
    progress("")
    reached = [target("≥ 1 M bars/s, < 1 GB", bars / usage.wall >= 1e6 and usage.peak_mb < 1_000) for usage in (lines, anew, columns)]
    chapter.row("`tidemark import`, JSON lines", reached[0], told(lines), f"{bars / 1e6:.1f} M bars: {days} trading days of {symbols} symbols, a file a day ({gigabytes:.1f} GB); by the wall, two threads, once, durable and shown")
    chapter.row("`tidemark recompute` of all of it", reached[1], told(anew), "the trends of every day, into an empty table; by the wall, two threads")
    chapter.row("`tidemark import`, Parquet", reached[2], told(columns), "the same bars from the files of that lake, into another one")
