"""Very many symbols in one second, and a start with a day of history."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time

import burst
import live
from measure import median, progress, status_mb
from tables import target

SYMBOLS = 10_000
ROWS = 400_000  # the most that the page holds
EVERY = 1.5  # wall-clock seconds between two market minutes


def bursts(options, minutes, spread, plain):
    """Milliseconds from the last bar to the last update of each full minute, for both clients; peak memory, and CPU per minute."""
    market = burst.Market(SYMBOLS)
    with live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE) as program:
        program.wait_for_page()
        quick = burst.QuickClient(program.port)
        slow = burst.PlainClient(os.environ["NODE"], program.port, SYMBOLS) if plain else None
        cpu = program.cpu()
        written = burst.play(program, market, minutes, EVERY, spread)
        time.sleep(EVERY)
        cpu = (program.cpu() - cpu) / minutes
        behind = b"\ntidemark_live_behind_total 0\n" in program.ask("/metrics")[1]
        peak = status_mb(program.process.pid, "VmHWM")
        program.process.stdin.close()
    if not behind:
        raise SystemExit("bench: a client fell behind")
    if slow:
        complete = slow.complete()
    else:
        updates = burst.Updates(SYMBOLS)
        for message, now in quick.messages():
            for row in message.get("trends", ()):
                updates.row(row, now)
        complete = updates.complete
    full = range(min(7, minutes - 3), minutes)  # before, fewer windows are open
    if missing := [minute for minute in full if minute not in complete]:
        raise SystemExit(f"bench: the updates of the minutes {missing} never came")
    return [(complete[minute] - written[minute]) * 1e3 for minute in full], peak, cpu


def burst_rows(chapter, options):
    minutes = 12 if options.quick else 60
    how = f"{SYMBOLS:,} bars of one second on standard input, {minutes} such minutes, {EVERY} s apart; 50,000 updates and 10,000 finals each, durable, by the wall"
    peaks = []
    cases = (
        ("at once", 0.0, False, "from the first byte that is offered to the last row at a client who only takes bytes"),
        ("within 0.9 s", 0.9, False, "from the last bar to the last row, the same client"),
        ("at once, a browser's client", 0.0, True, "the same to JavaScript's own WebSocket, JSON.parse and a map of rows"),
    )
    for words, spread, plain, end in cases:
        progress(f"load: {SYMBOLS:,} bars {words}, {minutes} minutes")
        times, peak, cpu = bursts(options, minutes, spread, plain)
        peaks.append(peak)
        chapter.row(
            f"{SYMBOLS:,} bars {words} → all their updates",
            target("< 250 ms", max(times) < 250),
            f"**p50 {median(times):.0f} ms, worst {max(times):.0f} ms**",
            f"{how}; {end}; {cpu * 1e3:.0f} ms of CPU a minute",
        )
    chapter.row("… resident memory", target("< 400 MB", max(peaks) < 400), f"**{max(peaks):.0f} MB**", "the most at any time; the page holds 40 windows of each symbol")


def make_history(options, minutes):
    """A data directory in which a run was killed after a day, with its windows still open."""
    market = burst.Market(SYMBOLS)
    program = live.Live(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE)
    program.wait_for_page()
    for number in range(minutes):
        if number % 30 == 0:
            progress(f"load: {number} of {minutes} minutes of history")
        program.process.stdin.write("".join(market.minute(number)).encode())
    program.process.stdin.flush()
    database = sqlite3.connect(f"file:{program.data}/log.db?mode=ro", uri=True)
    while True:  # until all bars are judged and most rows are in the lake
        bars = database.execute("SELECT count(*) FROM alpaca_trends WHERE offset = ?", (minutes * SYMBOLS - 1,)).fetchone()[0]
        waiting, unstored = live.lags(database)
        if bars and waiting == 0 and unstored < 60_000:
            break
        time.sleep(0.2)
    database.close()
    program.process.send_signal(signal.SIGKILL)
    program.process.wait()
    return program.data


def restart(options, data):
    """Seconds from the start to the page, to its badges, to readiness, and to a full page."""
    program = live.Live(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE, data=data)
    page = program.wait_for_page()
    program.patiently(lambda: program.ask("/api/v1/symbols")[1].count(b'"symbol"') >= SYMBOLS, "the symbols")
    badges = time.perf_counter() - program.started
    program.patiently(lambda: program.ask("/readyz")[0] == 200, "readiness")
    ready = time.perf_counter() - program.started
    full = f"\ntidemark_board_rows {ROWS}\n".encode()
    program.patiently(lambda: full in program.ask("/metrics")[1], "the history")
    history = time.perf_counter() - program.started
    program.process.send_signal(signal.SIGKILL)
    program.process.wait()
    return page, badges, ready, history


def restart_rows(chapter, options):
    minutes = 60 if options.quick else 390
    data = make_history(options, minutes)
    try:
        starts = []
        for turn in range(5):
            progress(f"load: start {turn + 1} of 5 upon {minutes} minutes of history")
            starts.append(restart(options, data))
    finally:
        size = (data / "log.db").stat().st_size
        shutil.rmtree(data)
    page, badges, ready, history = (median(times) for times in zip(*starts))
    chapter.row(
        f"start upon {minutes} minutes of {SYMBOLS:,} symbols → page served",
        target("< 1 s", page < 1),
        f"**{page:.2f} s**",
        f"by the wall, median of 5, each after kill -9; {minutes * SYMBOLS / 1e6:.1f} M bars, a log of {size / 1e9:.1f} GB",
    )
    chapter.row("… → every symbol on it", "", f"{badges:.2f} s", "to the last byte of `/api/v1/symbols`")
    chapter.row("… → ready", "", f"{ready:.2f} s", "the windows are restored and the next bar is judged")
    chapter.row("… → a page that is full", "", f"{history:.2f} s", f"{ROWS:,} windows, while it is served")


def measure_into(chapter, options):
    burst_rows(chapter, options)
    restart_rows(chapter, options)
    progress("")
