"""Runs every function case_…, and prints one sentence for each."""

import asyncio
import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

import websockets

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib")]
import harness  # noqa: E402
import market  # noqa: E402
from server_program import PATIENCE, running, wait_for  # noqa: E402

SYMBOLS, MINUTES = 10_000, 9


class Listener:
    """A client of the live stream that keeps every row, and detects gaps."""

    def __init__(self, socket, pause=0.0):
        self.socket, self.pause = socket, pause
        self.sequence, self.snapshots, self.messages = None, 0, 0
        self.updates, self.finals = {}, {}  # (symbol, window_start) → row
        self.doubled = []

    async def next(self):
        message = json.loads(await asyncio.wait_for(self.socket.recv(), 4 * PATIENCE))
        if message["type"] == "snapshot":
            self.snapshots += 1
        elif message["type"] == "trends":
            assert message["sequence"] == self.sequence + 1, f"{message['sequence']} follows {self.sequence}"
            assert len(message["trends"]) <= 500, "a message is short enough to be read between two frames of a page"
            self.messages += 1
        self.sequence = message.get("sequence", self.sequence)
        for row in message.get("trends", ()):
            held, key = self.finals if row["status"] == "final" else self.updates, (row["symbol"], row["window_start"])
            if message["type"] == "trends" and row["status"] == "final" and key in held:
                self.doubled.append(key)
            held[key] = row
        await asyncio.sleep(self.pause)

    async def until(self, complete):
        while not complete(self):
            await self.next()


def differences(held, starts, newest):
    """The windows that are missing or wrong."""
    found = []
    for start in starts:
        written = market.stamp(start, "%Y-%m-%d %H:%M:%S")
        for at in range(SYMBOLS):
            row = held.get((market.symbol(at), written), {})
            expected = market.window(at, start, newest)
            if {field: row.get(field) for field in expected} != expected:
                found.append((market.symbol(at), written, row, expected))
    return found


def arrived(minute):
    """Whether the last symbol's updates of a minute have arrived. By then those of the others have arrived, or never will."""
    newest, oldest = (market.stamp(start, "%Y-%m-%d %H:%M:%S") for start in (minute, minute - market.WINDOW + 1))
    last = market.symbol(SYMBOLS - 1)
    enough = min(market.WINDOW, minute + 1)
    return lambda listener: (last, newest) in listener.updates and listener.updates.get((last, oldest), {}).get("bar_count") == enough


def metric(program, name):
    return float(program.ask("/metrics").body.decode().split(f"\n{name} ")[1].split("\n")[0])


def asked(data, question):
    database = sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True)
    with contextlib.closing(database):
        return database.execute(question).fetchall()


def in_the_lake(program, data, question):
    answer = subprocess.run([os.environ["TIDEMARK"], "query", "--data", str(data), "--format", "json", question], capture_output=True, text=True, timeout=PATIENCE)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[0])


def case_every_update_of_a_burst_of_10000_symbols_reaches_every_client(data):
    async def main(program):
        async with contextlib.AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(websockets.connect(program.live, max_size=None, ping_interval=None)) for _ in range(2)]
            quick, slow = Listener(sockets[0]), Listener(sockets[1], pause=0.02)
            for listener in (quick, slow):
                await listener.next()
            for minute in range(MINUTES):
                burst = asyncio.create_task(asyncio.to_thread(write, program, market.lines(SYMBOLS, minute)))
                await asyncio.gather(burst, quick.until(arrived(minute)), slow.until(arrived(minute)))
                for listener in (quick, slow):
                    wrong = differences(listener.updates, market.open_starts(minute), minute)
                    assert not wrong, f"minute {minute}: {len(wrong)} windows, first {wrong[0]}"
            return quick, slow

    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        for listener in asyncio.run(main(program)):
            wrong = differences(listener.finals, market.closed_starts(MINUTES - 1), MINUTES - 1)
            assert not wrong, f"{len(wrong)} finals, first {wrong[0]}"
            assert len(listener.finals) == SYMBOLS * len(market.closed_starts(MINUTES - 1)), "a final for each window, and no other"
            assert listener.snapshots == 1 and not listener.doubled, "nobody fell behind, no final came twice"
        assert metric(program, "tidemark_live_behind_total") == 0
        account = program.ask("/api/v1/status").json()["account"]
        assert account["read"] == account["accepted"] == SYMBOLS * MINUTES, account
    closed = SYMBOLS * len(market.closed_starts(MINUTES - 1))
    assert asked(data, "SELECT count(*), count(DISTINCT key || (value ->> 'window_start')) FROM alpaca_trend_results") == [(closed, closed)]
    lake = in_the_lake(program, data, "SELECT (SELECT count(*) FROM stock_trends) AS trends, (SELECT count(*) FROM bars) AS bars")
    assert lake == {"trends": closed, "bars": SYMBOLS * MINUTES}, lake

    # After a restart, the page has all rows, not only its first ones.
    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        wait_for("every window, open or closed", lambda: metric(program, "tidemark_board_rows") == SYMBOLS * (MINUTES + market.WINDOW - 1))
        for at in (0, 4_242, SYMBOLS - 1):
            rows = program.ask(f"/api/v1/trends?symbol={market.symbol(at)}&status=final").json()["trends"]
            expected = [market.window(at, start, MINUTES - 1) for start in market.closed_starts(MINUTES - 1)]
            assert [{field: row[field] for field in expected[0]} for row in rows] == expected, rows


def write(program, lines):
    program.process.stdin.buffer.write(lines)
    program.process.stdin.buffer.flush()


def case_100_symbols_at_1000_bars_a_second_each_leave_nothing_behind(data):
    bars = 300_000

    async def main(program):
        async with websockets.connect(program.live, max_size=None, ping_interval=None) as socket:
            listener = Listener(socket)
            while program.ask("/api/v1/status").json()["account"]["read"] < bars:
                for _ in range(50):
                    await listener.next()
            return listener

    with running("--symbols", "100", "--speed", "60000", data=data) as program:
        listener = asyncio.run(main(program))
        assert not listener.doubled and listener.messages > 0
        # A client restarts from a snapshot only if the machine has held it up for seconds.
        assert listener.snapshots <= 1 + metric(program, "tidemark_live_behind_total")
    read, judged, closed, distinct = asked(
        data,
        "SELECT (SELECT count(*) FROM alpaca_trends WHERE kind = 'data' AND offset <"
        " (SELECT position FROM positions WHERE reader = 'analyze')), (SELECT count(*) FROM tidemark_bars),"
        " count(*), count(DISTINCT key || (value ->> 'window_start')) FROM alpaca_trend_results",
    )[0]
    assert read >= bars and judged == read, f"{read} bars were read, {judged} are judged"
    assert closed == distinct > 0.9 * read, f"{closed} windows, {distinct} of them different"
    lake = in_the_lake(program, data, "SELECT (SELECT count(*) FROM stock_trends) AS trends, (SELECT count(*) FROM bars) AS bars")
    assert lake == {"trends": closed, "bars": judged}, lake


def main(word=""):
    harness.choose(word)
    with tempfile.TemporaryDirectory(prefix="tidemark-load-") as folder:
        for name, case in list(globals().items()):
            if name.startswith("case_"):
                harness.tell(name.removeprefix("case_").replace("_", " "), case, pathlib.Path(folder) / name)


main(*sys.argv[1:])
harness.end()
