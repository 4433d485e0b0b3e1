"""The page in Chromium with 10,000 symbols, and a thousand clients of the live stream at once."""

import contextlib
import gzip
import json
import os
import pathlib
import subprocess
import time

import burst
import chromium
import live
from measure import median, progress
from tables import ROOT, target

SYMBOLS = 10_000
LIVELY = 200  # symbols with a bar a second between the bursts
EVERY = 6.0  # wall-clock seconds between two bursts, which are a market minute apart
FILLED = 60  # minutes until a page holds its full history of a symbol


@contextlib.contextmanager
def on_cores(cores):
    """Processes started in this context run on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def write(program, lines):
    program.process.stdin.write("".join(lines).encode())
    program.process.stdin.flush()


def wait_for_minute(browser, symbol, number):
    """Waits until the page has this minute's row of the last symbol, whose rows come after all others."""
    begin = burst.FIRST_MINUTE + 60 * number
    window = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(begin))
    stop = time.monotonic() + live.PATIENCE
    while time.monotonic() < stop:
        if browser.call(f'() => window.__tidemark?.last_bar("{symbol}")?.time === {begin} && window.__tidemark.rows("{symbol}").at(-1)?.window_start === "{window}"'):
            return
        time.sleep(0.05)
    raise SystemExit(f"bench: the page never got the windows of {window}")


def compare(browser, program, symbols):
    """Checks that the page holds the same rows of these symbols as the server, so no part of a burst is missing."""
    for symbol in symbols:
        shown = browser.call(f'() => window.__tidemark.rows("{symbol}")')
        held = json.loads(program.ask(f"/api/v1/trends?symbol={symbol}&limit=1000")[1])["trends"]
        if not shown or shown != held[-len(shown) :]:
            raise SystemExit(f"bench: the page does not show the newest of {symbol}")


# ── first paint ──────────────────────────────────────────────────────────────────────────────────────────────────────


def paint_rows(chapter, options, browser):
    rounds = 7 if options.quick else 15
    with live.running(options.tidemark) as program:
        program.wait_for_page()
        times = []
        for turn in range(rounds):
            progress(f"dashboard: first paint {turn + 1} of {rounds}")
            times.append(browser.tell("paint", f"http://localhost:{program.port}/")["milliseconds"])
    chapter.row(
        "first paint",
        target("< 300 ms", median(times) < 300),
        f"**{median(times):.0f} ms**, {min(times):.0f} to {max(times):.0f}",
        f"first contentful paint by Chromium's own count, loopback, nothing cached, median of {rounds}; five simulated symbols",
    )
    scripts = sorted((ROOT / "build/release/web/dist").rglob("*.js"))
    size = sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts)
    chapter.row("JavaScript, all of it", target("< 220 kB", size < 220e3), f"**{size / 1e3:.0f} kB** gzipped", f"{len(scripts)} files, some of which come when a view is opened")


# ── no task over 50 ms ───────────────────────────────────────────────────────────────────────────────────────────────


def opening_row(chapter, options, browser):
    """Chromium's trace of a page that connects to a server with 10,000 symbols."""
    market = burst.Market(SYMBOLS)
    rounds = 3 if options.quick else 7
    seen = []
    with live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE) as program:
        program.wait_for_page()
        burst.play(program, market, 10, 1.0, 0.0)
        address = f"http://localhost:{program.port}"
        for turn in range(rounds):
            progress(f"dashboard: opening with {SYMBOLS:,} symbols, {turn + 1} of {rounds}")
            browser.tell("open", f"{address}/openapi.yaml")
            browser.tell("trace")
            browser.tell("visit", f"{address}/#/watch")
            wait_for_minute(browser, market.names[-1], 9)
            time.sleep(2)
            seen.append(browser.tell("traced"))
        program.process.stdin.close()
    too_long = [told["too_long"] for told in seen]
    chapter.row(
        f"tasks over 50 ms while the watchlist opens, {SYMBOLS:,} symbols",
        target("none", max(too_long) == 0),
        f"**{median(too_long):.0f}**, {min(too_long)} to {max(too_long)}, the longest {median([told['longest_ms'] for told in seen]):.0f} ms; "
        f"{median([told['too_long_of_cpu'] for told in seen]):.0f} by their CPU, the most {median([told['most_cpu_ms'] for told in seen]):.0f} ms",
        f"main thread in Chromium's trace, from another page of the server until two seconds after the last row was there; medians of {rounds}",
    )


def trickle(program, market, number, until):
    """Writes a bar a second for each lively symbol, evenly, during the minute."""
    begin = time.time()
    step = 1 / LIVELY
    for at in range(int((until - begin) / step)):
        time.sleep(max(0.0, begin + at * step - time.time()))
        write(program, [market.bar(at % LIVELY, number, second=1 + 9 * (at // LIVELY))])


def trace(options, browser, view, minutes):
    """Chromium's trace of the page while the bars of all symbols arrive at once, and others between the bursts."""
    market = burst.Market(SYMBOLS)
    with contextlib.ExitStack() as ends:
        with on_cores({min(os.sched_getaffinity(0))}):  # leaves the page at least one core of its own
            program = ends.enter_context(live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE))
        program.wait_for_page()
        burst.play(program, market, 10, 1.0, 0.0)
        browser.tell("open", f"http://localhost:{program.port}/#/{view}")
        wait_for_minute(browser, market.names[-1], 9)
        time.sleep(3)  # excludes the start of the page
        texts = {number: market.minute(number) for number in range(10, 10 + minutes)}
        browser.tell("trace")
        for number, lines in texts.items():
            until = time.time() + EVERY
            write(program, lines)
            trickle(program, market, number, until)
        told = browser.tell("traced")
        wait_for_minute(browser, market.names[-1], 9 + minutes)
        time.sleep(1)
        compare(browser, program, [market.names[at] for at in (0, LIVELY - 1, LIVELY, SYMBOLS - 1)])
        program.process.stdin.close()
    return told


def trace_rows(chapter, options, browser):
    minutes = 4 if options.quick else 10
    views = (
        ("watchlist", "watch"),
        ("watchlist, sorted by the last price", "watch?sort=last&down"),
        ("symbol, of which a bar comes each second", "symbol/S00000?range=1h"),
    )
    for words, view in views:
        progress(f"dashboard: Chromium's trace, {words}")
        told = trace(options, browser, view, minutes)
        chapter.row(
            f"tasks over 50 ms, {words}",
            target("none", told["too_long"] == 0),
            f"**{told['too_long']}** of {told['tasks']:,}, the longest {told['longest_ms']:.0f} ms; {told['too_long_of_cpu']} by their CPU, the most {told['most_cpu_ms']:.0f} ms",
            f"main thread in Chromium's trace, by the wall and by CPU, {minutes} minutes of the market, each in {EVERY:.0f} s: {SYMBOLS:,} bars at once ({6 * SYMBOLS:,} rows), then {LIVELY} a second "
            f"({5 * LIVELY:,} rows), the server on one of the cores; {100 * told['cpu_seconds'] / (minutes * EVERY):.0f} % of a core; afterwards the page holds what the server holds",
        )


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def heaps(options, browser, symbols, every, minutes):
    """Megabytes of the JavaScript heap every ten minutes for an hour, after a first hour that fills the page."""
    market = burst.Market(symbols)
    readings = []
    with live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE) as program:
        program.wait_for_page()
        write(program, market.minute(0))
        browser.tell("open", f"http://localhost:{program.port}/")
        for number in range(1, FILLED + minutes + 1):
            until = time.time() + every
            write(program, market.minute(number))
            time.sleep(max(0.0, until - time.time()))
            if number % 10 == 0:
                progress(f"dashboard: memory, {number} of {FILLED + minutes} minutes")
                wait_for_minute(browser, market.names[-1], number)
                time.sleep(0.5)
                if number >= FILLED:
                    readings.append(browser.tell("heap")["bytes"] / 1e6)
        program.process.stdin.close()
    return readings


def heap_row(chapter, options, browser):
    symbols, every = (1_000, 0.3) if options.quick else (SYMBOLS, 1.5)
    readings = heaps(options, browser, symbols, every, 60)
    growth = max(readings) / readings[0] - 1
    chapter.row(
        f"JavaScript heap over an hour, {symbols:,} symbols",
        target("flat", growth < 0.02),
        f"**{readings[0]:.1f} → {readings[len(readings) // 2]:.1f} → {readings[-1]:.1f} MB**",
        f"first, middle and last of {len(readings)} readings, each ten minutes of the market and after a forced collection; a minute in {every} s; "
        f"an hour before had filled the page; all of them: {', '.join(f'{reading:.1f}' for reading in readings)}",
    )


# ── a thousand clients ───────────────────────────────────────────────────────────────────────────────────────────────


def clients(options, core, count, bars_a_second, seconds):
    """The clients' report on the delays of bars, and the share of its core that the server used."""
    with on_cores({core}):
        program = live.Live(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE)
    with contextlib.ExitStack() as ends:
        ends.callback(program.stop)
        program.wait_for_page()
        command = [str(word) for word in (pathlib.Path("clients").resolve(), program.port, count, seconds + 8)]
        watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        ends.callback(watching.wait)
        if watching.stdout.readline() != "ready\n":
            raise SystemExit("bench: the clients did not come in")
        cpu, begin = program.cpu(), time.monotonic()
        for at in range(seconds * bars_a_second):
            time.sleep(max(0.0, begin + at / bars_a_second - time.monotonic()))
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(burst.FIRST_MINUTE + at // bars_a_second))
            written = time.monotonic_ns() // 1_000 % 1_000_000_000
            write(program, [f'{{"symbol":"S{at % bars_a_second:05d}","timestamp":"{stamp}","open":10,"high":12,"low":9,"close":11,"volume":{written}}}\n'])
        cpu = (program.cpu() - cpu) / (time.monotonic() - begin)
        told = json.loads(watching.stdout.read())
        behind = b"\ntidemark_live_behind_total 0\n" in program.ask("/metrics")[1]
        program.process.stdin.close()
    if told["bars"] != count * seconds * bars_a_second or told["gone"] or told["snapshots"] != count or not behind:
        raise SystemExit(f"bench: not every bar reached every client: {told}")
    return told, cpu


def client_rows(chapter, options):
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return chapter.row("1,000 clients", "p99 < 250 ms", "not measured", "the server needs a core, and the clients another one")
    seconds = 10 if options.quick else 40
    for bars_a_second in (40, 200):
        progress(f"dashboard: 1,000 clients, {bars_a_second} bars a second")
        with on_cores({cores[1]}):
            told, cpu = clients(options, cores[0], 1_000, bars_a_second, seconds)
        chapter.row(
            f"1,000 clients, each with {bars_a_second} bars and {5 * bars_a_second:,} rows a second",
            target("p99 < 250 ms", told["p99"] < 250),
            f"**p50 {told['p50']:.0f} ms, p99 {told['p99']:.0f} ms**, worst {told['worst']:.0f} ms",
            f"the server on one core, of which it took {100 * cpu:.0f} %; from the write of a bar's line to its message at a client, all {told['bars'] / 1e6:.1f} M of {seconds} s; "
            f"{told['bytes'] / seconds / 1e6:.0f} MB/s in {told['messages'] / seconds / 1e3:.0f} k messages/s; the clients, in C++, and the feed have the other core",
        )


def measure_into(chapter, options):
    if chromium.is_there():
        with chromium.running() as browser:
            paint_rows(chapter, options, browser)
            opening_row(chapter, options, browser)
            trace_rows(chapter, options, browser)
            heap_row(chapter, options, browser)
    else:
        chapter.row("the page in Chromium", "", "not measured", "no browser here: `./dev test browser` installs it")
    client_rows(chapter, options)
    progress("")
