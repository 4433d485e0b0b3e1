"""Very many bars a second for a long time: neither lag nor memory may grow."""

import sqlite3
import statistics
import time

import live
from measure import median, progress
from tables import target


def slope(samples):
    """The growth per minute in the second half of (seconds, value), by least squares."""
    half = samples[len(samples) // 2 :]
    return statistics.linear_regression(*zip(*half)).slope * 60


def sustained(options, seconds, *arguments):
    """Samples of a running program: bars read, lags and megabytes, by seconds."""
    bars, analyze, store, memory = [], [], [], []
    with live.running(options.tidemark, *arguments) as program:
        program.wait_for_page()
        with program.stream() as stream:
            stream.recv()
        database = sqlite3.connect(f"file:{program.data}/log.db?mode=ro", uri=True)
        cpu, begin = program.cpu(), time.time()
        while time.time() < begin + seconds:
            time.sleep(seconds / 60)
            now = time.time() - begin
            waiting, unstored = live.lags(database)
            bars.append((now, program.status()["account"]["read"]))
            analyze.append((now, waiting))
            store.append((now, unstored))
            memory.append((now, program.memory()[0]))
        cpu = (program.cpu() - cpu) / (time.time() - begin)
        database.close()
    return bars, analyze, store, memory, cpu


def measure_into(chapter, options):
    seconds = 20 if options.quick else options.sustained_seconds
    for words, rate, arguments in (
        ("1,000 bars a second in all", 1_000, ("--speed", "600")),
        ("1,000 bars a second each", 100_000, ("--speed", "60000", "--keep-log-size", "2GB")),
    ):
        progress(f"sustained: 100 symbols, {words}, {seconds} s")
        bars, analyze, store, memory, cpu = sustained(options, seconds, "--symbols", "100", *arguments)
        read = (bars[-1][1] - bars[0][1]) / (bars[-1][0] - bars[0][0])
        steady = read > 0.98 * rate and slope(analyze) < rate and max(count for _, count in analyze[len(analyze) // 2 :]) < 2 * rate
        chapter.row(
            f"100 symbols, {words}",
            target("no growth of lag or memory", steady and slope(memory) < 2),
            f"**{read:,.0f} bars/s**; lag {median([n for _, n in analyze]):,.0f} records, {slope(analyze):+,.0f} a minute; memory {memory[-1][1]:.0f} MB, {slope(memory):+.1f} MB a minute",
            f"{seconds} s of a simulated market, minute bars, each closes a window{', the log kept at 2 GB' if '--keep-log-size' in arguments else ''}; waiting for the lake {median([n for _, n in store]):,.0f} rows, {slope(store):+,.0f} a minute; {cpu:.2f} cores",
        )
    progress("")
