"""The latency from a bar on standard input to its window at a WebSocket client, with two durable steps in between."""

import json
import subprocess
import threading
import time

import live
from measure import fsync_ms, percentile, progress
from tables import target

FIRST_MINUTE = 1_767_623_400  # 2026-01-05T14:30:00Z
STEP = 3  # market seconds from one round of bars to the next


def record_of(symbol, second, number):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
    close = 100 + number % 7
    return json.dumps({"symbol": symbol, "timestamp": stamp, "open": 100, "high": 110, "low": 90, "close": close, "volume": 100 + number})


class Expected:
    """The bar behind each revision of the youngest window, and the time at which it was written."""

    def __init__(self):
        self.lock = threading.Lock()
        self.written = {}  # (symbol, window_start) → times of its bars that have not arrived, oldest first
        self.arrived = {}  # (symbol, window_start) → how many have
        self.delays = []

    def write(self, symbol, second, now):
        window = time.strftime("%Y-%m-%d %H:%M:00", time.gmtime(second))
        with self.lock:
            self.written.setdefault((symbol, window), []).append(now)

    def arrive(self, row, now):
        key = (row["symbol"], row["window_start"])
        with self.lock:
            times = self.written.get(key, [])
            for at in range(self.arrived.get(key, 0), min(row["revision"], len(times))):
                self.delays.append((now - times[at]) * 1e3)
                self.arrived[key] = at + 1

    def missing(self):
        with self.lock:
            return sum(len(times) for times in self.written.values()) - len(self.delays)


def listen(stream, expected):
    for text in stream:
        now = time.perf_counter()
        for row in json.loads(text).get("trends", ()):
            expected.arrive(row, now)


def delays(options, symbols, every, seconds):
    """Milliseconds of every bar, with a bar for each symbol every `every` seconds, and the server's own figure."""
    expected = Expected()
    with live.running(options.tidemark, "--feed", "stdin", "--max-ahead", "off", stdin=subprocess.PIPE) as program:
        program.wait_for_page()
        with program.stream() as stream:
            threading.Thread(target=listen, args=(stream, expected), daemon=True).start()
            begin = time.perf_counter()
            for number in range(int(seconds / every)):
                time.sleep(max(0.0, begin + number * every - time.perf_counter()))
                second = FIRST_MINUTE + number * STEP
                lines = "".join(record_of(symbol, second, number) + "\n" for symbol in symbols)
                now = time.perf_counter()
                for symbol in symbols:
                    expected.write(symbol, second, now)
                program.process.stdin.write(lines.encode())
                program.process.stdin.flush()
            give_up = time.perf_counter() + 10
            while expected.missing() and time.perf_counter() < give_up:
                time.sleep(0.01)
            own = program.status()["latency_ms"]
        program.process.stdin.close()
    if expected.missing():
        raise SystemExit(f"bench: {expected.missing()} bars never reached the live stream")
    return expected.delays, own


def measure_into(chapter, options):
    seconds = 8 if options.quick else 30
    five = ("AAPL", "TSLA", "GOOGL", "MSFT", "AMZN")
    for words, symbols, every in (("20 bars a second", five[:1], 0.05), ("5 symbols every 100 ms", five, 0.1), ("5 symbols once a second", five, 1.0)):
        progress(f"latency: {words}, {seconds} s")
        times, own = delays(options, symbols, every, seconds)
        progress("")
        p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
        chapter.row(
            f"bar → its window at the client, {words}",
            target("p50 < 10 ms, p99 < 50 ms", p50 < 10 and p99 < 50),
            f"**p50 {p50:.1f} ms, p99 {p99:.1f} ms**, worst {max(times):.1f} ms",
            f"{len(times)} bars, by the wall, from the write of the line to the row in a Python client; the server's own figure p50 {own['p50']:.1f}, p99 {own['p99']:.1f} ms",
        )
    chapter.row("yardstick: fdatasync of 4 kB", "", f"{fsync_ms('.'):.1f} ms", "two of them lie between bar and update: the bar, and what was made of it")
