"""A market of many symbols whose bars of a minute arrive together, and clients that record when each update arrives."""

import base64
import bisect
import collections
import functools
import json
import os
import socket
import subprocess
import threading
import time

FIRST_MINUTE = 1_767_623_400  # 2026-01-05T14:30:00Z
OPEN_WINDOWS = 5  # changed by each bar: five minutes long, one a minute


class Market:
    """One bar a minute for each symbol, all in the same second. Every bar revises five windows."""

    def __init__(self, symbols):
        self.names = [f"S{number:05d}" for number in range(symbols)]

    def minute(self, number):
        return [self.bar(at, number) for at in range(len(self.names))]

    def bar(self, at, number, second=0):
        stamp = self.stamp(FIRST_MINUTE + 60 * number + second)
        open_ = 100 + at % 50 + (number * 7 + at) % 13 / 100
        close = open_ + ((number * at + second) % 7 - 3) / 100
        return (
            f'{{"symbol":"{self.names[at]}","timestamp":"{stamp}","open":{open_:.2f},"high":{max(open_, close) + 0.05:.2f},'
            f'"low":{min(open_, close) - 0.05:.2f},"close":{close:.2f},"volume":{1000 + number * at % 500},'
            f'"vwap":{(open_ + close) / 2:.3f},"trade_count":{at % 90 + 1},"feed":"sim"}}\n'
        )

    @staticmethod
    @functools.cache
    def stamp(second):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


class Updates:
    """Counts the updates of each minute and records when the last one arrived."""

    def __init__(self, symbols):
        self.expected = symbols * OPEN_WINDOWS
        self.seen = collections.defaultdict(set)
        self.complete = {}  # minute → time
        self.window_minutes = {}

    def row(self, row, now):
        if row["status"] != "update":
            return
        # A symbol has one bar a minute, so the revision of a window tells the minute of its latest bar.
        start = row["window_start"]
        if (first := self.window_minutes.get(start)) is None:
            first = (calendar_seconds(start) - FIRST_MINUTE) // 60
            self.window_minutes[start] = first
        minute = max(first, 0) + row["revision"] - 1
        seen = self.seen[minute]
        seen.add((row["symbol"], start))
        if len(seen) == self.expected:
            self.complete.setdefault(minute, now)


def calendar_seconds(text):
    return int(time.mktime(time.strptime(text, "%Y-%m-%d %H:%M:%S"))) - time.timezone


class QuickClient:
    """Receives bytes and records their times; parses them only at the end, so that the client itself is not measured."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /api/v1/live HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        self.pieces, self.ends, self.times = [], [], []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        view = memoryview(bytearray(1 << 20))
        total, spoken = 0, time.time()
        while size := self.socket.recv_into(view):
            total += size
            self.times.append(now := time.time())
            if now > spoken + 10:  # the server drops clients that are silent for a minute, so send a pong, masked with zeros
                self.socket.sendall(b"\x8a\x80\0\0\0\0")
                spoken = now
            self.pieces.append(bytes(view[:size]))
            self.ends.append(total)

    def messages(self):
        """Each message and the time of its last byte; call it after the program has ended."""
        self.thread.join()
        data = b"".join(self.pieces)
        at = data.index(b"\r\n\r\n") + 4
        while at + 2 <= len(data):
            opcode, size, at = data[at] & 15, data[at + 1] & 127, at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size, at = int.from_bytes(data[at : at + width], "big"), at + width
            if opcode == 1 and at + size <= len(data):
                yield json.loads(data[at : at + size]), self.times[bisect.bisect_left(self.ends, at + size)]
            at += size


# Reads every message as a page would, and reports when it had the last row of a minute.
PLAIN_CLIENT = """
const [port, symbols, first_minute] = process.argv.slice(1).map(Number);
const expected = 5 * symbols, seen = new Map(), rows = new Map();
const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`);
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === "snapshot") console.log(JSON.stringify({ snapshot: message.sequence }));
  for (const row of message.type === "trends" ? message.trends : []) {
    rows.set(row.symbol + row.window_start, row);
    if (row.status !== "update") continue;
    const first = (Date.parse(row.window_start.replace(" ", "T") + "Z") / 1000 - first_minute) / 60;
    const minute = Math.max(first, 0) + row.revision - 1;
    const count = (seen.get(minute) ?? 0) + 1;
    seen.set(minute, count);
    if (count === expected) console.log(JSON.stringify({ minute, time: Date.now() / 1000 }));
  }
};
socket.onclose = () => process.exit(0);
"""


class PlainClient:
    """JavaScript's own WebSocket and JSON.parse, in a process of its own."""

    def __init__(self, node, port, symbols):
        command = [node, "-e", PLAIN_CLIENT, str(port), str(symbols), str(FIRST_MINUTE)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert "snapshot" in json.loads(self.process.stdout.readline())  # connected

    def complete(self):
        """Minute → time; call it after the program has ended."""
        told = [json.loads(line) for line in self.process.communicate()[0].splitlines()]
        if any("snapshot" in line for line in told):
            raise SystemExit("bench: the plain client fell behind and was given another snapshot")
        return {line["minute"]: line["time"] for line in told}


def play(program, market, minutes, every, spread):
    """Writes a minute's bars every `every` seconds, at once or over `spread` seconds. Returns when each minute's last bar
    was passed to the program; for bars written at once, when the first one was offered."""
    pipe = program.process.stdin
    begin = time.time()
    written = []
    for number in range(minutes):
        lines = market.minute(number)
        time.sleep(max(0.0, begin + number * every - time.time()))
        first = time.time()
        if spread:
            step = max(1, len(lines) // 100)
            for at in range(0, len(lines), step):
                time.sleep(max(0.0, first + spread * at / len(lines) - time.time()))
                pipe.write("".join(lines[at : at + step]).encode())
                pipe.flush()
            written.append(time.time())
        else:
            pipe.write("".join(lines).encode())
            pipe.flush()
            written.append(first)
    return written
