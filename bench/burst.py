"""A market of many symbols whose bars of a minute come together, and clients that note when each update has come."""

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
OPEN_WINDOWS = 5  # that a bar changes: five minutes long, one a minute


class Market:
    """Each minute one bar a symbol, all of the same second. Every bar is a revision of five windows."""

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
    """Counts each minute's updates; when the last of them came."""

    def __init__(self, symbols):
        self.expected = symbols * OPEN_WINDOWS
        self.seen = collections.defaultdict(set)
        self.complete = {}  # minute → time
        self.window_minutes = {}

    def row(self, row, now):
        if row["status"] != "update":
            return
        # A symbol has one bar a minute, so the revision of a window says which minute's bar it has just taken.
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
    """Takes bytes as they come and notes when; what they say is read when all is over, so that it is not he who is measured."""

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
            if now > spoken + 10:  # who is silent for a minute is taken for dead: an unasked pong, masked with zeros
                self.socket.sendall(b"\x8a\x80\0\0\0\0")
                spoken = now
            self.pieces.append(bytes(view[:size]))
            self.ends.append(total)

    def messages(self):
        """Each message and when its last byte had come; the program must have ended."""
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


# Reads every message as a page would, and says when it had a minute's last row in hand.
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
        assert "snapshot" in json.loads(self.process.stdout.readline())  # he is there

    def complete(self):
        """Minute → time; the program must have ended."""
        told = [json.loads(line) for line in self.process.communicate()[0].splitlines()]
        if any("snapshot" in line for line in told):
            raise SystemExit("bench: the plain client fell behind and was given another snapshot")
        return {line["minute"]: line["time"] for line in told}


def play(program, market, minutes, every, spread):
    """Writes a minute's bars each `every` seconds, all at once or over `spread` seconds. Gives when each minute's last bar
    was in the program's hands: of bars that come at once, when the first was offered."""
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
