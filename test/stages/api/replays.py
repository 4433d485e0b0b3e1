"""A replay of a stored day: its stream, minute by minute, against the lake."""

import asyncio
import os
import json
import subprocess

import websockets

import contract
from live import Listener
from server_program import running, wait_for

DAY = "2026-01-06"
JSON = {"Content-Type": "application/json"}
REPLAYS = "/api/v1/replays"


def two_days(folder):
    """Bars of three symbols from a simulator that crosses midnight; some minutes are missing."""
    folder.mkdir()
    made = subprocess.run(
        [os.environ["TIDEMARK"], "simulate", "--symbols", "AAPL,BTC/USD,TSLA", "--minutes", "900", "--seed", "3",
         "--start", "2026-01-05T18:00:00Z"],
        check=True, capture_output=True, text=True)
    bars = [line for number, line in enumerate(made.stdout.splitlines()) if number % 7]
    file = folder / "bars.jsonl"
    file.write_text("\n".join(bars) + "\n")
    return file, [json.loads(line) for line in bars]


def lake_rows(program, day):
    return asked(program, f"SELECT * EXCLUDE (dt) FROM stock_trends WHERE dt = '{day}' ORDER BY symbol, window_start")


def asked(program, sql):
    answer = program.ask("/api/v1/query", "POST", JSON, json.dumps({"sql": sql}))
    assert answer.status == 200, answer.body
    table = answer.json()
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row)) for row in table["rows"]]


def begin(program, **wishes):
    answer = program.ask(REPLAYS, "POST", JSON, json.dumps({"day": DAY, **wishes}))
    assert answer.status == 200, answer.body
    contract.check(answer.json(), "/components/schemas/Replay")
    return answer.json()["id"]


def change(program, replay, **wishes):
    answer = program.ask(f"{REPLAYS}/{replay}", "POST", JSON, json.dumps(wishes))
    assert answer.status == 200, answer.body


def state(program, replay):
    answer = program.ask(f"{REPLAYS}/{replay}")
    assert answer.status == 200, answer.body
    contract.check(answer.json(), "/components/schemas/Replay")
    return answer.json()


def case_every_final_of_a_replayed_day_is_that_of_the_lake(data):
    file, bars = two_days(data)
    with running("--feed", "replay", str(file), "--speed", "max", "--store-every", "1s", "--delay", "0s", data=data / "data") as program:
        wait_for("the lake", lambda: asked(program, "SELECT count(*) AS bars FROM bars") == [{"bars": len(bars)}])
        wait_for("its trends", lambda: (rows := lake_rows(program, DAY)) and max(row["window_end"] for row in rows) >= "2026-01-06 08:58")
        stored = lake_rows(program, DAY)
        assert len(stored) > 1000, len(stored)
        before = program.ask("/api/v1/status").json()["account"]
        replay = begin(program, play=False)
        wait_for("it to be open", lambda: state(program, replay)["phase"] == "paused")

        async def hear():
            address = f"{program.live.removesuffix('/live')}/replays/{replay}/live"
            async with websockets.connect(address, max_size=None) as socket:
                listener = Listener(socket)
                assert (await listener.next())["type"] == "snapshot"
                told, newest = [], None
                change(program, replay, play=True, speed="max")
                while True:
                    message = await listener.next()
                    if message["type"] == "replay":
                        assert newest is None or message["replay"]["time"] >= newest, "the clock goes forward"
                        newest = message["replay"]["time"]
                        if message["replay"]["phase"] == "ended":
                            return listener.rows, told
                    told += message.get("bars", [])

        rows, told = asyncio.run(hear())
        finals = [row for row in rows.values() if row["status"] == "final" and row["window_start"] >= DAY]
        assert len(finals) == len(rows) - len([row for row in rows.values() if row["window_start"] < DAY]), "all are final at the end"
        finals.sort(key=lambda row: (row["symbol"], row["window_start"]))
        assert len(finals) == len(stored), (len(finals), len(stored))
        for is_, was in zip(finals, stored):
            for name in ("symbol", "window_start", "window_end", "avg_close", "max_close", "min_close", "avg_volume", "volatility", "avg_vwap",
                         "avg_pct_change", "buy_pressure", "bar_count", "price_range", "vwap_deviation_pct", "trend_signal"):
                assert is_[name] == was[name], (name, is_, was)
        sent = sorted((bar["symbol"], bar["timestamp"]) for bar in bars if bar["timestamp"].startswith(DAY))
        assert sorted((bar[0], bar[1]) for bar in told) == sent, "each bar of the day once"
        assert program.ask("/api/v1/status").json()["account"] == before, "the live run knows nothing of it"


def case_a_replay_shows_nothing_of_what_comes_later(data):
    file, _ = two_days(data)
    with running("--feed", "replay", str(file), "--speed", "max", "--store-every", "1s", data=data / "data") as program:
        wait_for("the lake", lambda: DAY in program.ask(REPLAYS).json()["days"])
        wait_for("all of it", lambda: len(lake_rows(program, DAY)) > 1000)
        contract.check(program.ask(REPLAYS).json(), "/paths/~1api~1v1~1replays/get/responses/200/content/application~1json/schema")
        replay = begin(program, play=False, to="2026-01-06T05:00:00Z")
        for time in ("2026-01-06T05:00:00Z", "2026-01-06T07:30:00Z", "2026-01-06T01:10:00Z"):
            change(program, replay, to=time)
            wait_for(time, lambda: state(program, replay)["time"] == time)
            bars = program.ask(f"{REPLAYS}/{replay}/bars?symbol=AAPL").json()["bars"]
            assert bars and max(bar[1] for bar in bars) < time, (time, bars[-1])
            rows = program.ask(f"{REPLAYS}/{replay}/trends?symbol=AAPL").json()["trends"]
            newest = max(row["window_start"] for row in rows)
            assert newest < time.replace("T", " "), (time, newest)
            assert any(row["status"] == "update" for row in rows), "the windows of this minute are open"


def case_replays_are_refused_where_questions_are(data):
    with running("--allow-query", "never", data=data) as program:
        for method, path, body in (("GET", REPLAYS, None), ("POST", REPLAYS, '{"day":"2026-01-06"}'), ("GET", REPLAYS + "/x", None)):
            answer = program.ask(path, method, JSON, body)
            assert answer.status == 403, (path, answer.status)
            contract.check(answer.json(), "/components/schemas/Error")
