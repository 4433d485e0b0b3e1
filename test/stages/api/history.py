"""History by pages: equal to the lake's files as pyarrow reads them; kept, waiting, and only for whom it may be."""

import datetime
import decimal
import json
import socket
import subprocess
import urllib.parse

import pyarrow.dataset

import contract
from questions import ENDLESS, LONG, TOKEN, asking, children, refusal
from server_program import running, wait_for

POINTER = "/paths/~1api~1v1~1history/get/responses/200/content/application~1json/schema"
WINDOW = (
    "window_start window_end avg_close max_close min_close avg_volume volatility avg_vwap avg_pct_change buy_pressure bar_count "
    "price_range vwap_deviation_pct trend_signal"
).split()
DAYS = 20  # more than a page has
STDIN = ("--feed", "stdin", "--max-ahead", "off", "--store-every", "1s")


def bars_of(symbol, first, days=DAYS, minutes=40):
    """Bars of the middle of each day, with a gap, and prices of many digits; on the last evening they go on past midnight."""
    for day in range(days):
        for minute in range(minutes):
            if minute % 11 == 7:
                continue
            at = first + datetime.timedelta(days=day, minutes=minute + (1415 if day == days - 1 else 0))
            price = decimal.Decimal(100 + day) + decimal.Decimal(minute * minute) / 1000
            yield {
                "symbol": symbol, "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "open": float(price), "high": float(price) + 1.000000001,
                "low": float(price) - 1, "close": float(price) + 0.5, "volume": minute + 0.25, "vwap": float(price), "trade_count": 1,
            }


def fed(program, bars):
    program.process.stdin.writelines(json.dumps(bar) + "\n" for bar in sorted(bars, key=lambda bar: bar["timestamp"]))
    program.process.stdin.flush()


def lake(program, table):
    return pyarrow.dataset.dataset(program.data / "lake" / table, format="parquet", partitioning="hive").to_table().to_pylist()


def time_of(row):
    return datetime.datetime.fromtimestamp(row["timestamp_ns"] // 1_000_000_000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored_bars(program, symbol):
    rows = sorted((row for row in lake(program, "bars") if row["symbol"] == symbol), key=lambda row: row["timestamp_ns"])
    return [[time_of(row), *(row[name] for name in ("open", "high", "low", "close", "volume"))] for row in rows]


def stored_windows(program, symbol):
    rows = sorted((row for row in lake(program, "stock_trends") if row["symbol"] == symbol), key=lambda row: row["window_end"])
    return [[row[name] for name in WINDOW] for row in rows]


def page(program, headers=None, **parameters):
    parameters = {name.rstrip("_"): value for name, value in parameters.items()}
    return program.ask("/api/v1/history?" + urllib.parse.urlencode(parameters), headers=headers or {})


def exact(answer):
    """The numbers of bars are decimals: compared digit by digit."""
    said = json.loads(answer.body, parse_float=decimal.Decimal)
    return [[time, *(decimal.Decimal(value) for value in values)] for time, *values in said["bars"]]


def pages(program, **parameters):
    bars, windows, count = [], [], 0
    while True:
        answer = page(program, **parameters)
        assert answer.status == 200, answer.body
        said = answer.json()
        contract.check(said, POINTER)
        bars, windows, count = exact(answer) + bars, said["windows"] + windows, count + 1
        if said["more_before"] is None:
            return bars, windows, count
        parameters["to"] = said["more_before"]


def filled(program, symbols):
    bars = [bar for symbol in symbols for bar in bars_of(symbol, datetime.datetime(2026, 3, 2, 14, 30))]
    fed(program, bars)
    wait_for("the bars in the lake", lambda: len(lake(program, "bars")) == len(bars))
    # The last windows stay open while the input is; the others are final.
    wait_for("the windows", lambda: max((row["window_end"] for row in lake(program, "stock_trends")), default="") >= "2026-03-22 14:40:00")


def case_pages_of_any_size_are_the_rows_of_the_lake_each_once(data):
    with running(*STDIN, data=data, stdin=subprocess.PIPE) as program:
        filled(program, ("AAPL", "a'B\"\\"))
        for symbol in ("AAPL", "a'B\"\\"):
            want_bars, want_windows = stored_bars(program, symbol), stored_windows(program, symbol)
            assert len(want_bars) == DAYS * 37 and len(want_windows) > DAYS * 40, (len(want_bars), len(want_windows))
            for limit, least in ((10_000, 2), (217, 4)) if symbol == "AAPL" else ((10_000, 2),):
                bars, windows, count = pages(program, symbol=symbol, limit=limit)
                assert bars == want_bars, (limit, len(bars))
                assert windows == want_windows, (limit, len(windows))
                assert count >= least, count
        begin, end = "2026-03-05T14:40:00Z", "2026-03-07T14:50:00Z"
        bars, windows, _ = pages(program, symbol="AAPL", from_=begin, to=end)
        assert bars == [bar for bar in stored_bars(program, "AAPL") if begin <= bar[0] < end] != []
        # A window belongs to its last minute: (begin, end] of the windows' ends.
        assert windows == [row for row in stored_windows(program, "AAPL") if "2026-03-05 14:40:00" < row[1] <= "2026-03-07 14:50:00"] != []
        for nothing in ({"symbol": "NONE"}, {"symbol": "AAPL", "to": "2020-01-01T00:00:00Z"}, {"symbol": "AAPL", "from_": begin, "to": begin}):
            assert pages(program, **nothing)[:2] == ([], []), nothing
        program.process.stdin.close()


def case_a_page_is_kept_until_its_days_change(data):
    with running(*STDIN, data=data, stdin=subprocess.PIPE) as program:
        filled(program, ("AAPL",))
        old = {"symbol": "AAPL", "from_": "2026-03-03T00:00:00Z", "to": "2026-03-05T00:00:00Z"}
        first, newest = page(program, **old), page(program, symbol="AAPL")
        assert page(program, {"If-None-Match": first.headers["ETag"]}, **old).status == 304
        assert page(program, {"If-None-Match": newest.headers["ETag"]}, symbol="AAPL").status == 304
        assert page(program, {"If-None-Match": newest.headers["ETag"]}, **old).status == 200, "the tag of another page"
        fed(program, bars_of("AAPL", datetime.datetime(2026, 3, 22, 15, 30), days=1, minutes=6))
        wait_for("the new bars", lambda: len(page(program, symbol="AAPL").json()["bars"]) > len(newest.json()["bars"]) or page(program, symbol="AAPL").body != newest.body)
        assert page(program, {"If-None-Match": newest.headers["ETag"]}, symbol="AAPL").status == 200
        again = page(program, {"If-None-Match": first.headers["ETag"]}, **old)
        assert again.status == 304 and again.body == b"", "a day that is over has not changed"
        program.process.stdin.close()


def case_history_waits_for_its_turn_while_the_console_is_busy_and_ends_with_its_client(data):
    with running(*STDIN, "--query-timeout", LONG, data=data, stdin=subprocess.PIPE) as program:
        filled(program, ("AAPL",))
        clients = [asking(program, ENDLESS) for _ in range(2)]
        wait_for("both questions", lambda: len(children(program)) == 2)
        targets = [f"/api/v1/history?symbol=AAPL&limit={limit}" for limit in range(1, 9)]
        asked = []
        for target in targets:
            client = socket.create_connection(("127.0.0.1", program.port))
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            asked.append(client)
        for limit, client in enumerate(asked, 1):
            text = b""
            while piece := client.recv(65_536):
                text += piece
            assert text.startswith(b"HTTP/1.1 200 "), text[:200]
            assert len(json.loads(text.split(b"\r\n\r\n", 1)[1])["bars"]) == limit
        assert len(children(program)) == 2, "the console's questions go on"
        left = [socket.create_connection(("127.0.0.1", program.port)) for _ in range(20)]
        for limit, client in enumerate(left, 100):
            client.sendall(f"GET /api/v1/history?symbol=AAPL&limit={limit} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        for client in left + clients:
            client.close()
        wait_for("their end", lambda: not children(program))
        assert page(program, symbol="AAPL", limit=3).status == 200
        program.process.stdin.close()


def case_history_refuses_what_is_no_history_and_who_may_not_ask(data):
    with running(data=data) as program:
        for query in (
            "", "symbol=", "symbol=A%20B", "symbol=" + "A" * 33, "symbol=%00", "symbol=A&symbol=B", "symbol=A&days=3", "symbol=A&limit=0", "symbol=A&limit=10001",
            "symbol=A&limit=1e3", "symbol=A&from=yesterday", "symbol=A&from=2026-13-01T00:00:00Z", "symbol=A&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
            "symbol=A&to='%20OR%201=1",
        ):
            refusal(program.ask("/api/v1/history?" + query), 400)
        # What SQL would read as its own is a symbol that nobody has.
        for symbol in ("';DROP/**/VIEW/**/bars;--", "A')UNION/**/SELECT(1", "%_\\'"):
            answer = page(program, symbol=symbol)
            assert answer.status == 200 and answer.json()["bars"] == [] == answer.json()["windows"], answer.body
            assert answer.json()["symbol"] == symbol
        for method in ("POST", "PUT", "DELETE"):
            refused = program.ask("/api/v1/history?symbol=A", method, {"Content-Type": "application/json"}, b"{}")
            assert refusal(refused, 405) and refused.headers["Allow"] == "GET, HEAD"
        head = program.ask("/api/v1/history?symbol=A", "HEAD")
        assert head.status == 200 and head.body == b""
        refusal(program.ask("/api/v1/history?symbol=A", headers={"Host": "elsewhere.example"}), 403)
    with running("--allow-query", "never", data=data) as program:
        assert "allow-query" in refusal(page(program, symbol="A"), 403)["message"]
    token = {"TIDEMARK_TOKEN": TOKEN}
    with running("--address", "0.0.0.0", "--allow-query", "always", data=data, environment=token) as program:
        refusal(page(program, symbol="A"), 401)
        assert page(program, {"Authorization": f"Bearer {TOKEN}"}, symbol="A").status == 200
