"""The live stream, received by an independent client."""

import asyncio
import json
import pathlib
import subprocess
import sys

import websockets

import contract
from server_program import PATIENCE, running, wait_for

sys.path.append(str(pathlib.Path(__file__).parents[2] / "lib/java_node"))
import ports  # noqa: E402

SCHEMAS = {"snapshot": "Snapshot", "part": "Part", "resumed": "Resumed", "trends": "Trends", "status": "StatusMessage", "replay": "ReplayMessage"}


class Listener:
    """Keeps what a page would keep, and fails on messages that a page could not understand."""

    def __init__(self, socket, check=contract.check):
        self.socket, self.check = socket, check
        self.rows, self.sequence, self.epoch = {}, None, None

    async def next(self, kind=None):
        """The next message, or the next of a kind; all are checked."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            self.check(message, f"/components/schemas/{SCHEMAS[message['type']]}")
            self._take(message)
            if kind in (None, message["type"]):
                return message

    def _take(self, message):
        if message["type"] == "snapshot":
            keys = [(row["symbol"], row["window_end"]) for row in message["trends"]]
            assert keys == sorted(set(keys)), "a snapshot is sorted, each row once"
            if "status" in message:  # else more parts follow
                assert message["symbols"] == sorted({row["symbol"] for row in message["trends"]})
            self.rows = {}
            self.epoch = message["epoch"]
        elif message["type"] == "trends":
            assert message["sequence"] == self.sequence + 1, "no gap in the sequence"
        for row in message.get("trends", []):
            key = row["symbol"], row["window_start"]
            if held := self.rows.get(key):
                better = (row["status"] == "final") > (held["status"] == "final")
                assert better or row["status"] == held["status"] and row["revision"] > held["revision"], (held, row)
            self.rows[key] = row
        self.sequence = message.get("sequence", self.sequence)


FROM_AFAR = {"X-Forwarded-For": "203.0.113.9"}  # as a proxy on this machine sends it


def case_messages_are_packed_for_who_comes_over_a_network(data):
    """Checks that the compressed stream is the same, and that compression is declined on loopback."""

    async def talk(program, headers):
        async with websockets.connect(program.live, max_size=None, additional_headers=headers) as socket:
            listener = Listener(socket)
            await listener.next("snapshot")
            await listener.next("trends")
            return [extension.name for extension in socket.protocol.extensions], listener

    with running("--speed", "600", data=data) as program:
        agreed, packed = asyncio.run(talk(program, FROM_AFAR))
        none, plain = asyncio.run(talk(program, {}))
    assert agreed == ["permessage-deflate"] and none == [], (agreed, none)
    both = packed.rows.keys() & plain.rows.keys()
    finals = [key for key in both if packed.rows[key]["status"] == plain.rows[key]["status"] == "final"]
    assert all(packed.rows[key] == plain.rows[key] for key in finals)


def case_a_packed_bomb_ends_the_connection(data):
    """Checks that a megabyte in one kilobyte is refused as too large, and that other clients do not notice."""

    async def talk(program):
        async with (
            websockets.connect(program.live, max_size=None, additional_headers=FROM_AFAR) as hostile,
            websockets.connect(program.live, max_size=None) as other,
        ):
            await hostile.send("x" * 1_000_000)
            try:
                while True:
                    await asyncio.wait_for(hostile.recv(), PATIENCE)
            except websockets.ConnectionClosed as closed:
                assert closed.rcvd is not None and closed.rcvd.code == 1009, closed
            await Listener(other).next("snapshot")

    with running(data=data) as program:
        asyncio.run(talk(program))


def listen(program, talk, query=""):
    async def main():
        async with websockets.connect(program.live + query, max_size=None) as socket:
            return await talk(Listener(socket))

    return asyncio.run(main())


def case_a_snapshot_then_every_change_in_sequence(data):
    async def talk(listener):
        snapshot = await listener.next()
        assert snapshot["type"] == "snapshot" and len(snapshot["symbols"]) == 5
        history = [row for row in snapshot["trends"] if row["symbol"] == "AAPL"]
        assert len(history) > 100, "the page is full at first sight: two hours of windows"
        for _ in range(8):
            await listener.next("trends")
        await listener.next("status")
        return listener.rows

    with running("--speed", "120", data=data) as program:
        wait_for("two hours", lambda: len(program.ask("/api/v1/trends?symbol=AAPL").json()["trends"]) > 100)
        rows = listen(program, talk)
        answered = program.ask("/api/v1/trends?limit=10000&status=final").json()["trends"]
        held = {(row["symbol"], row["window_start"]): row for row in answered}
        finals = [row for row in rows.values() if row["status"] == "final"]
        assert finals and all(held[row["symbol"], row["window_start"]] == row for row in finals)


def case_history_of_whom_is_asked_and_the_newest_of_the_others(data):
    async def talk(listener):
        snapshot = await listener.next("snapshot")
        statuses = {symbol: [] for symbol in snapshot["symbols"]}
        for row in snapshot["trends"]:
            statuses[row["symbol"]].append(row["status"])
        assert len(statuses["MSFT"]) == len(statuses["TSLA"]) == 7, statuses
        # Windows of five minutes, a delay of two: seven are open behind the newest final, six once the heartbeat
        # has said that the minute is complete.
        for other in ("AAPL", "AMZN", "GOOGL"):
            assert statuses[other] in (["final"] + ["update"] * 6, ["final"] + ["update"] * 7), statuses

    with running("--speed", "1", data=data) as program:
        wait_for("two hours", lambda: len(program.ask("/api/v1/trends?symbol=TSLA").json()["trends"]) > 100)
        listen(program, talk, "?symbols=MSFT,TSLA&history=7")


def case_a_snapshot_in_parts_is_the_same_as_a_whole_one(data):
    async def parts_of(listener):
        parts = [await listener.next()]
        while "status" not in parts[-1]:
            parts.append(await listener.next())
        await listener.next("status")  # and continues normally
        return parts

    async def whole(listener):
        return await listener.next()

    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        for minute in range(60):
            for symbol in range(40):
                program.process.stdin.write(bar(minute, 100 + symbol % 10, f"S{symbol:02}"))
        program.process.stdin.flush()
        wait_for("all bars", lambda: program.ask("/api/v1/status").json()["account"]["accepted"] == 60 * 40)
        wait_for("all rows", lambda: len(program.ask("/api/v1/trends?limit=10000").json()["trends"]) == 64 * 40)
        first, *others = listen(program, parts_of, "?parts=true")
        expected = listen(program, whole)
        assert len(others) >= 9 and first["type"] == "snapshot" and all(one["type"] == "part" for one in others)
        assert all(len(one.get("trends", [])) + len(one.get("bars", [])) == 500 for one in [first, *others[:-1]]), "all are full but the last"
        for name in ("trends", "bars"):
            assert [each for one in [first, *others] for each in one.get(name, [])] == expected[name], name
        assert [first[name] for name in ("epoch", "sequence", "symbols")] == [expected[name] for name in ("epoch", "sequence", "symbols")]
        assert [part["type"] for part in listen(program, parts_of, "?parts=true&symbols=S01&history=2")] == ["snapshot"] + ["part"] * 5
        one = listen(program, parts_of, "?parts=false")
        assert len(one) == 1 and one[0]["trends"] == expected["trends"]
        assert [each["symbol"] for each in program.ask("/api/v1/symbols?limit=2").json()["symbols"]] == ["S00", "S01"]


def bars_by_time(bars):
    return {(symbol, time): rest for symbol, time, *rest in bars}


def case_bars_come_beside_the_rows_and_are_in_the_snapshot(data):
    async def talk(listener, program):
        assert "bars" not in await listener.next()
        program.process.stdin.write(bar(0, "101.123456789"))
        program.process.stdin.flush()
        while "bars" not in (message := await listener.next("trends")):
            pass
        expected = {("ABC", "2026-11-20T10:00:00Z"): [100, 110, 90, 101.123456789, 1000]}
        assert bars_by_time(message["bars"]) == expected, message["bars"]
        program.process.stdin.write(bar(0, 95))  # a correction
        program.process.stdin.flush()
        while "bars" not in (message := await listener.next("trends")):
            pass
        assert message["bars"] == [["ABC", "2026-11-20T10:00:00Z", 100, 110, 90, 95, 1000]]
        answered = program.ask("/api/v1/bars?symbol=ABC")
        assert b"95,1000]" in answered.body and answered.json()["bars"] == message["bars"]
        async with websockets.connect(program.live, max_size=None) as socket:
            assert (await Listener(socket).next())["bars"] == message["bars"]

    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        listen(program, lambda listener: talk(listener, program))
    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        answered = program.ask("/api/v1/bars?symbol=ABC").json()
        assert answered == {"symbol": "ABC", "bars": [["ABC", "2026-11-20T10:00:00Z", 100, 110, 90, 95, 1000]]}, "as before the restart"


def case_who_was_away_a_moment_hears_what_he_missed_and_no_more(data):
    async def main(program):
        async with websockets.connect(program.live, max_size=None) as socket:
            listener = Listener(socket)
            await listener.next("snapshot")
            first = await listener.next("trends")
            epoch, sequence = listener.epoch, first["sequence"]
        await asyncio.sleep(1.5)  # no client is connected now
        query = f"?epoch={epoch}&sequence={sequence}"
        async with websockets.connect(program.live + query, max_size=None) as socket:
            again = Listener(socket)
            resumed = await again.next()
            assert (resumed["type"], resumed["epoch"], resumed["sequence"]) == ("resumed", epoch, sequence), resumed
            for _ in range(3):
                await again.next("trends")  # without a gap, which would fail the listener
        for other in ("?epoch=0000&sequence=1", f"?epoch={epoch}&sequence=1000000"):
            async with websockets.connect(program.live + other, max_size=None) as socket:
                assert (await Listener(socket).next())["type"] == "snapshot"

    with running("--speed", "120", data=data) as program:
        wait_for("rows", lambda: program.ask("/api/v1/symbols").json()["symbols"])
        asyncio.run(main(program))
        assert program.ask("/api/v1/live?epoch=0", headers={"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}).status == 400


def case_two_clients_hear_the_same(data):
    async def main(program):
        async with websockets.connect(program.live, max_size=None) as one, websockets.connect(
            program.live, max_size=None
        ) as other:
            first, second = Listener(one), Listener(other)
            await first.next("snapshot")
            await second.next("snapshot")
            heard, last = [{}, {}], max(first.sequence, second.sequence) + 6
            for listener, messages in zip((first, second), heard):
                while listener.sequence < last:
                    message = await listener.next("trends")
                    messages[message["sequence"]] = message
            common = heard[0].keys() & heard[1].keys()
            assert len(common) >= 3 and all(heard[0][n] == heard[1][n] for n in common)

    with running("--speed", "120", data=data) as program:
        asyncio.run(main(program))


def bar(minute, close, symbol="ABC"):
    return (
        f'{{"symbol":"{symbol}","timestamp":"2026-11-20T10:{minute:02}:00Z","open":100,"high":110,"low":90,'
        f'"close":{close},"volume":1000,"vwap":{close}}}\n'
    )


def case_a_bar_becomes_an_update_and_a_window_its_final(data):
    # By hand: the window 09:56–10:01 holds the one bar of 10:00. A bar of 10:03 moves the watermark to 10:01
    # (delay of two minutes) and closes it.
    async def talk(listener, program):
        assert (await listener.next("snapshot"))["trends"] == []
        program.process.stdin.write(bar(0, 101))
        program.process.stdin.flush()
        key = "ABC", "2026-11-20 09:56:00"
        while key not in listener.rows:
            await listener.next("trends")
        row = listener.rows[key]
        assert row["status"] == "update" and row["revision"] == 1 and row["bar_count"] == 1, row
        assert row["avg_close"] == 101 and row["volatility"] is None and row["window_end"] == "2026-11-20 10:01:00", row
        starts = {start for _, start in listener.rows}
        assert starts == {f"2026-11-20 {time}:00" for time in ("09:56", "09:57", "09:58", "09:59", "10:00")}, starts
        program.process.stdin.write(bar(3, 102))
        program.process.stdin.flush()
        while listener.rows[key]["status"] != "final":
            await listener.next("trends")
        assert listener.rows[key] == {**row, "status": "final"}
        while (message := await listener.next("status"))["status"]["watermark"] is None:
            pass
        assert message["status"]["watermark"] == "2026-11-20T10:01:00Z"
        assert message["status"]["event_time"] == "2026-11-20T10:03:00Z"
        assert message["status"]["account"]["accepted"] == 2

    with running("--feed", "stdin", "--max-ahead", "off", data=data, stdin=subprocess.PIPE) as program:
        listen(program, lambda listener: talk(listener, program))


def case_a_kill_and_a_new_start_lose_nothing_that_was_seen(data):
    async def finals(listener):
        snapshot = await listener.next("snapshot")
        for _ in range(6):
            await listener.next("trends")
        return listener.epoch, snapshot, {k: r for k, r in listener.rows.items() if r["status"] == "final"}

    (port,) = ports.free(1)  # the same port, where a page reconnects
    with running("--speed", "120", data=data, port=port) as program:
        wait_for("two hours", lambda: len(program.ask("/api/v1/trends?symbol=AAPL").json()["trends"]) > 100)
        epoch, _, before = listen(program, finals)
        same_epoch, _, _ = listen(program, finals)
        assert same_epoch == epoch, "a reconnect is no restart"
        program.kill()
    with running("--speed", "120", data=data, port=port) as program:
        other_epoch, snapshot, after = listen(program, finals)
        assert other_epoch != epoch, "another life counts anew"
        assert snapshot["status"]["account"]["accepted"] >= len(before)
        oldest = min(start for _, start in after)
        lost = [k for k, row in before.items() if k[1] >= oldest and after.get(k) != row]
        assert before and not lost, f"seen before the kill, not or otherwise after it: {lost[:5]}"


def behind(program):
    metrics = program.ask("/metrics").body.decode()
    return float(metrics.split("\ntidemark_live_behind_total ")[1].split("\n")[0])


def case_a_client_that_does_not_read_delays_nobody(data):
    async def main(program):
        reader, writer = await asyncio.open_connection("127.0.0.1", program.port, limit=1024)
        writer.write(
            b"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")  # and reads nothing more
        async with websockets.connect(program.live + "?history=1", max_size=None, ping_interval=None) as socket:
            listener = Listener(socket, check=lambda *_: None)  # without checks, for speed
            while behind(program) == 0:
                for _ in range(20):
                    await listener.next("trends")
            for _ in range(20):
                await listener.next("trends")
        writer.close()

    with running("--speed", "6000", "--symbols", "100", data=data) as program:
        asyncio.run(main(program))
