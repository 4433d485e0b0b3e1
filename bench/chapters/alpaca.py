"""Alpaca: a full market's burst into the log, and a year of history from a server of our own."""

import datetime
import json
import pathlib
import shutil
import subprocess

import google
from measure import progress, run
from tables import millions, target

SYMBOLS = ["AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"]


def measure_into(chapter, options):
    burst = google.medians("alpaca_bench", options.quick)["burst/10000"]
    chapter.row("10,000 bars of one minute, from frames of the stream into the log", target("< 300 ms", burst.milliseconds < 300),
                f"**{burst.milliseconds:.0f} ms**", "read, transcribed, judged to be bars, durable; one thread, median")

    days = 40 if options.quick else 365
    folder = pathlib.Path("backfilled")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    server = subprocess.Popen([options.tidemark, "alpaca-server", "--port", "0", "--symbols", ",".join(SYMBOLS), "--rate-limit", "0",
                               "--start", "2026-01-01T00:00:00Z", "--history", f"{days}d"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = server.stdout.readline().strip()
        bars = len(SYMBOLS) * days * 24 * 60
        first = datetime.date(2026, 1, 1) - datetime.timedelta(days=days)

        def fetched(name, *words):
            progress(f"backfilling {name}")
            usage = run(["env", "ALPACA_API_KEY=k", "ALPACA_API_SECRET=s", options.tidemark, "backfill", "--symbols", ",".join(SYMBOLS), "--from", first,
                         "--to", "2025-12-31", "--data", folder / name, "--alpaca-data-url", url, "--json", *words], stdout=subprocess.PIPE)
            account = json.loads(usage.output)
            assert account["import"]["imported"] == bars, account
            return usage

        fetched("warm", "--no-recompute")  # the first request generates the simulated year
        whole, anew = fetched("whole", "--no-recompute"), fetched("anew")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    progress("")
    rate = bars / whole.wall
    chapter.row("`tidemark backfill`, into the lake's bars", target("> 300 k bars/s", rate > 300e3),
                f"**{millions(rate)}** bars/s, {millions(bars / whole.cpu)} per CPU-second, {whole.peak_mb:.0f} MB",
                f"{bars / 1e6:.1f} M bars: {days} days of 5 symbols, day and night; fetched, kept, imported, durable; by the wall, the server on the same two cores")
    chapter.row("the same, and its days made anew", "", f"{millions(bars / anew.wall)} bars/s", "with `recompute` of every day")
