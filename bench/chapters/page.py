"""From the start of `tidemark run` to a page with badges, and the memory that it takes."""

import json
import time

import live
from measure import median, progress, run
from tables import target


def start(options):
    """Seconds to the page, and to the first rows on the live stream, of a simulated market with five symbols."""
    with live.running(options.tidemark) as program:
        page = program.wait_for_page()
        with program.stream() as stream:
            next(live.messages(stream))
            rows = time.perf_counter() - program.started
    return page, rows


def first_bar(options):
    """Seconds from the first bar of five on standard input to their badges."""
    bar = {"open": 10, "high": 12, "low": 9, "close": 11, "volume": 100}
    with live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=-1) as program:
        with program.stream() as stream:
            for symbol in ("AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"):
                record = {"symbol": symbol, "timestamp": "2026-01-05T14:30:00Z", **bar}
                program.process.stdin.write(json.dumps(record).encode() + b"\n")
            begin = time.perf_counter()
            program.process.stdin.flush()
            missing = {"AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"}
            for message in live.messages(stream):
                missing -= {row["symbol"] for row in message["trends"]}
                if not missing:
                    break
            seconds = time.perf_counter() - begin
        program.process.stdin.close()
    return seconds


def memory(options):
    """Megabytes (in all, and without file pages): when the page is full, once Parquet files exist, after a while."""
    seconds = 15 if options.quick else 60
    with live.running(options.tidemark) as program:
        program.wait_for_page()
        with program.stream() as stream:
            next(live.messages(stream))
            at_start = program.memory()
            while not program.lake_files():
                time.sleep(0.02)
            time.sleep(0.3)
            with_files = program.memory()
            cpu, begin = program.cpu(), time.perf_counter()
            while time.perf_counter() < program.started + seconds:
                stream.recv()
            share = (program.cpu() - cpu) / (time.perf_counter() - begin)
            later = program.memory()
    return at_start, with_files, later, seconds, share


def measure_into(chapter, options):
    rounds = 3 if options.quick else 7
    starts, firsts = [], []
    for turn in range(rounds):
        progress(f"start {turn + 1} of {rounds}")
        starts.append(start(options))
        firsts.append(first_bar(options))
    progress("memory of a run")
    at_start, with_files, later, seconds, share = memory(options)
    progress("")
    version = median([run([options.tidemark, "version"]).wall for _ in range(5 * rounds)])

    page, rows = (median(times) for times in zip(*starts))
    how = f"wall clock, median of {rounds}, a fresh data directory"
    chapter.row("start → page served", target("< 0.5 s", page < 0.5), f"**{page:.3f} s**", f"from exec to the last byte of `/`; {how}")
    chapter.row("start → badges of five symbols", "", f"{rows:.3f} s", "the same, to rows on the live stream; two simulated hours are laid down and fsynced meanwhile")
    chapter.row("first bar → its badge", target("< 1 s", median(firsts) < 1), f"**{median(firsts):.3f} s**", f"five bars on standard input to five symbols on the live stream; {how}")
    most = max(at_start[0], with_files[0], later[0])
    chapter.row(
        "resident memory, five symbols",
        target("< 80 MB", most < 80),
        f"{at_start[0]:.0f} MB when the page is full, {with_files[0]:.0f} MB after the first Parquet files, **{later[0]:.0f} MB** after {seconds} s",
        f"of these not files' {at_start[1]:.0f}, {with_files[1]:.0f} and {later[1]:.0f} MB; the rest are pages of libraries, shared with every other process that uses them",
    )
    chapter.row("processor, five symbols", "", f"{share * 100:.1f} % of a core", "a simulated market minute a second, one client watching")
    chapter.row("start of the binary alone", "", f"{version * 1e3:.0f} ms", "`tidemark version`, by the wall")
