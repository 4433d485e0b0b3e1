"""alpaca-py against the server: streams in MessagePack, history with paging."""

import asyncio
import datetime
import decimal
import json
import logging
import subprocess
import tempfile
import threading
import time

import msgpack
import requests
from alpaca.common.exceptions import APIError
from alpaca.data.historical import CryptoHistoricalDataClient, StockHistoricalDataClient
from alpaca.data.live import CryptoDataStream, StockDataStream
from alpaca.data.requests import CryptoBarsRequest, StockBarsRequest, StockLatestBarRequest
from alpaca.data.timeframe import TimeFrame, TimeFrameUnit
from server import (FROZEN, MINUTE, PATIENCE, START, TIDEMARK, Server, bars_of_lines, moment, recorded, same_decimals, same_floats,
                    simulated, truth)

logging.disable(logging.CRITICAL)
DAY = datetime.timedelta(days=1)
MIDNIGHT = START.replace(hour=5, minute=0)  # in New York, in winter
SYMBOLS = ["AAPL", "MSFT", "TSLA"]


class Stream:
    """One of the SDK's streams, running in a thread, and its messages in order."""

    def __init__(self, server, kind=StockDataStream, path="/v2/iex", raw=False, key="key", secret="secret"):
        self.bars, self.updated, self.days = [], [], []
        self.sdk = kind(key, secret, raw_data=raw, url_override=server.stream + path)
        self.sdk._reconnect_min_backoff = self.sdk._reconnect_max_backoff = 0.2  # instead of half a minute
        self.sdk._websocket_params["open_timeout"] = PATIENCE
        self.thread = threading.Thread(target=self.sdk.run, daemon=True)

    async def on_bar(self, bar):
        self.bars.append(bar)

    async def on_update(self, bar):
        self.updated.append(bar)

    async def on_day(self, bar):
        self.days.append(bar)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        if self.thread.is_alive():  # not stop(), which gives it five seconds
            asyncio.run_coroutine_threadsafe(self.sdk.stop_ws(), self.sdk._loop)
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the stream does not stop"


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.02)


def truth_of(symbols, *heard):
    """The simulator's bars from the day before the start to the last received one."""
    return truth(symbols, START - DAY, max([START, *(bar.timestamp + MINUTE for bars in heard for bar in bars)]))


def assert_no_gap(bars, symbols):
    """Checks that each symbol has every minute from its first to its last."""
    for symbol in symbols:
        times = [bar.timestamp for bar in bars if bar.symbol == symbol]
        assert times == [times[0] + MINUTE * i for i in range(len(times))], (symbol, times)


def check_stream_typed():
    """alpaca-py streams bars as its own objects: every minute of every symbol, with the simulator's numbers"""
    with Server(*simulated("--symbols", ",".join(SYMBOLS))) as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, *SYMBOLS)
        with stream:
            wait_until(lambda: len(stream.bars) >= 60, "sixty bars")
        assert_no_gap(stream.bars, SYMBOLS)
        known = truth_of(SYMBOLS, stream.bars)
        for bar in stream.bars:
            assert same_floats(bar, known[bar.symbol, bar.timestamp]), bar


def check_stream_raw():
    """in MessagePack the type comes first, volume and count are integers, and the time is a timestamp"""
    with Server(*simulated("--symbols", "AAPL")) as server:
        stream = Stream(server, raw=True)
        stream.sdk.subscribe_bars(stream.on_bar, "*")
        with stream:
            wait_until(lambda: stream.bars, "a bar")
        bar = stream.bars[0]
        assert list(bar)[:2] == ["T", "S"] and (bar["T"], bar["S"]) == ("b", "AAPL"), bar
        assert type(bar["v"]) is int and type(bar["n"]) is int and type(bar["o"]) is float, bar
        assert isinstance(bar["t"], msgpack.Timestamp) and bar["t"].seconds % 60 == 0, bar


def check_subscriptions_change():
    """a subscription is widened and narrowed while it runs, and * is all symbols"""
    with Server(*simulated("--symbols", ",".join(SYMBOLS))) as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: len(stream.bars) >= 3, "bars")
            assert {bar.symbol for bar in stream.bars} == {"AAPL"}
            stream.sdk.subscribe_bars(stream.on_bar, "*")
            wait_until(lambda: {bar.symbol for bar in stream.bars} == set(SYMBOLS), "all symbols")
            stream.sdk.unsubscribe_bars("*")
            wait_until(lambda: {bar.symbol for bar in stream.bars[-6:]} == {"AAPL"}, "bars of the one that is left")
            count = len(stream.bars)
            wait_until(lambda: len(stream.bars) >= count + 6, "more of them")
            assert {bar.symbol for bar in stream.bars[count:]} == {"AAPL"}


def check_daily_bars():
    """the day so far comes every minute, and is what the minutes make of it"""
    with Server(*simulated("--symbols", "AAPL")) as server:
        stream = Stream(server)
        stream.sdk.subscribe_daily_bars(stream.on_day, "AAPL")
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: len(stream.days) >= 5, "days")
        known = truth_of(["AAPL"], stream.bars)
        for bar, day in zip(stream.bars, stream.days):
            midnight = MIDNIGHT + (bar.timestamp - MIDNIGHT) // DAY * DAY
            so_far = [known["AAPL", t] for t in sorted(t for _, t in known if midnight <= t <= bar.timestamp)]
            assert day.timestamp == midnight and same_floats(day, aggregate(so_far)), day


def check_corrections():
    """a corrected bar is wrong in one value first, comes right as an updated bar, and history has it right from then on"""
    with Server(*simulated("--symbols", ",".join(SYMBOLS), "--corrections", "30%")) as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, *SYMBOLS)
        stream.sdk.subscribe_updated_bars(stream.on_update, *SYMBOLS)
        with stream:
            wait_until(lambda: len(stream.bars) >= 150 and len(stream.updated) >= 30, "bars")
        known = truth_of(SYMBOLS, stream.bars, stream.updated)
        last = min(max(bar.timestamp for bar in stream.updated), stream.bars[-1].timestamp)
        first = stream.bars[0].timestamp
        wrong = {(bar.symbol, bar.timestamp) for bar in stream.bars if not same_floats(bar, known[bar.symbol, bar.timestamp])}
        updated = {(bar.symbol, bar.timestamp): bar for bar in stream.updated}
        inside = {place for place in updated if first <= place[1] < last}
        assert {place for place in wrong if place[1] < last} == inside and len(inside) >= 20, (wrong, inside)
        for place, bar in updated.items():
            assert same_floats(bar, known[place]), bar
        for bar in stream.bars:
            right = known[bar.symbol, bar.timestamp]
            differing = [field for field in ("open", "high", "low", "close", "volume", "vwap") if getattr(bar, field) != float(right[field])]
            assert differing in ([], ["close"], ["volume"]) and bar.low <= bar.close <= bar.high, bar
        got = history(server).get_stock_bars(minutes(SYMBOLS, first, last)).data
        assert all(same_floats(bar, known[bar.symbol, bar.timestamp]) for bars in got.values() for bar in bars)
        assert server.end()["corrected_bars"] not in ("0", 0)


def check_crypto():
    """the crypto stream and history serve pairs like BTC/USD, day and night"""
    with Server(*simulated("--symbols", "BTC/USD,AAPL")) as server:
        stream = Stream(server, CryptoDataStream, "/v1beta3/crypto/us")
        stream.sdk.subscribe_bars(stream.on_bar, "*")
        with stream:
            wait_until(lambda: len(stream.bars) >= 10, "bars")
        assert {bar.symbol for bar in stream.bars} == {"BTC/USD"}
        known = truth_of(["BTC/USD"], stream.bars)
        assert all(same_floats(bar, known[bar.symbol, bar.timestamp]) for bar in stream.bars)
        client = CryptoHistoricalDataClient("key", "secret", url_override=server.url)
        got = client.get_crypto_bars(CryptoBarsRequest(symbol_or_symbols="BTC/USD", timeframe=TimeFrame.Minute, start=START - MINUTE * 30,
                                                       end=START - MINUTE)).data["BTC/USD"]
        assert len(got) == 30 and all(same_floats(bar, known["BTC/USD", bar.timestamp]) for bar in got)


def check_test_feed():
    """FAKEPACA is alive on the feed test, and only there"""
    with Server(*simulated("--symbols", "AAPL")) as server:
        stream = Stream(server, path="/v2/test")
        stream.sdk.subscribe_bars(stream.on_bar, "*")
        with stream:
            wait_until(lambda: len(stream.bars) >= 3, "bars")
        assert {bar.symbol for bar in stream.bars} == {"FAKEPACA"}


def history(server, key="key", secret="secret", raw=False):
    client = StockHistoricalDataClient(key, secret, raw_data=raw, url_override=server.url)
    client._retry = 0  # report at once, without retries
    return client


def minutes(symbols, start, end, timeframe=TimeFrame.Minute, **more):
    return StockBarsRequest(symbol_or_symbols=symbols, timeframe=timeframe, start=start, end=end, **more)


def check_history():
    """alpaca-py pages through 34,560 bars of eight symbols, each once, in order, and the simulator's"""
    symbols = [f"SYM{i:04}" for i in range(1, 9)]
    known = truth(symbols, START - 3 * DAY, START)
    with Server(*simulated("--symbols", "8", history="3d", speed=FROZEN)) as server:
        got = history(server).get_stock_bars(minutes(symbols, START - 3 * DAY, START)).data
        places = [(bar.symbol, bar.timestamp) for symbol in sorted(got) for bar in got[symbol]]
        assert places == sorted(known) and len(places) == 34_560, (len(places), len(known))
        assert all(same_floats(bar, known[bar.symbol, bar.timestamp]) for bars in got.values() for bar in bars)
        backwards = history(server).get_stock_bars(minutes(symbols, START - 3 * DAY, START, sort="desc")).data
        assert all(backwards[symbol] == got[symbol][::-1] for symbol in symbols)


def aggregate(bars):
    volume = sum(bar["volume"] for bar in bars)
    turnover = sum(bar["vwap"] * bar["volume"] for bar in bars)
    return {"open": bars[0]["open"], "high": max(bar["high"] for bar in bars), "low": min(bar["low"] for bar in bars),
            "close": bars[-1]["close"], "volume": volume, "trade_count": sum(bar["trade_count"] for bar in bars),
            "vwap": (turnover / volume).quantize(decimal.Decimal("0.000001"), decimal.ROUND_HALF_UP)}


def check_timeframes():
    """longer bars are what their minutes make of them, and days begin at midnight in New York"""
    known = truth(["AAPL"], START - 5 * DAY, START)
    spans = {TimeFrame(5, TimeFrameUnit.Minute): 5 * MINUTE, TimeFrame(1, TimeFrameUnit.Hour): 60 * MINUTE, TimeFrame(1, TimeFrameUnit.Day): DAY}
    origin = MIDNIGHT - 20 * DAY
    with Server(*simulated("--symbols", "AAPL", history="5d", speed=FROZEN)) as server:
        for timeframe, span in spans.items():
            expected = {}
            for (_, time_), bar in sorted(known.items()):
                expected.setdefault(origin + (time_ - origin) // span * span, []).append(bar)
            got = history(server).get_stock_bars(minutes("AAPL", START - 6 * DAY, START, timeframe)).data["AAPL"]
            assert [bar.timestamp for bar in got] == list(expected), timeframe
            for bar in got:
                assert same_floats(bar, aggregate(expected[bar.timestamp])), (timeframe, bar)


def check_latest_bar():
    """the latest bar is the minute that is over, and not the one that runs"""
    known = truth(["AAPL", "MSFT"], START - DAY, START)
    with Server(*simulated("--symbols", "AAPL,MSFT", speed=FROZEN)) as server:
        got = history(server).get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols=["AAPL", "MSFT", "NONE"]))
        assert set(got) == {"AAPL", "MSFT"}
        assert all(bar.timestamp == START - MINUTE and same_floats(bar, known[bar.symbol, bar.timestamp]) for bar in got.values())


def refusal(call):
    try:
        call()
    except APIError as error:
        return error.status_code
    return None


def check_keys():
    """who brings wrong keys is refused, by the stream and by history"""
    keys = {"ALPACA_API_KEY": "key", "ALPACA_API_SECRET": "good"}
    for words, environment in ((["--keys", "other:one,key:good"], {}), ([], keys)):
        with Server(*simulated("--symbols", "AAPL"), *words, environment=environment) as server:
            for secret, allowed in (("good", True), ("bad", False)):
                stream = Stream(server, secret=secret)
                try:
                    asyncio.run(start_and_close(stream.sdk))
                    assert allowed
                except ValueError as error:
                    assert not allowed and str(error) == "auth failed", error
                ask = minutes("AAPL", START - 5 * MINUTE, START)
                assert refusal(lambda: history(server, secret=secret).get_stock_bars(ask)) == (None if allowed else 403)


async def start_and_close(sdk):
    try:
        await sdk._start_ws()
    finally:
        await sdk.close()


def check_rate_limit():
    """beyond the rate limit calls are answered with 429, which the SDK knows"""
    with Server(*simulated("--symbols", "AAPL"), "--rate-limit", 3) as server:
        ask = minutes("AAPL", START - 5 * MINUTE, START)
        assert [refusal(lambda: history(server).get_stock_bars(ask)) for _ in range(4)] == [None, None, None, 429]
        assert refusal(lambda: history(server, key="another").get_stock_bars(ask)) is None
        assert server.end()["rate_limited"] == "1"


def check_drops():
    """a stream that is cut again and again is taken up again by the SDK"""
    with Server(*simulated("--symbols", "AAPL"), "--drop-after", "1s") as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: server.journal().count("alpaca.dropped") >= 3, "three drops")
            count = len(stream.bars)
            wait_until(lambda: len(stream.bars) > count, "bars after them")
        assert int(server.end()["dropped"]) >= 3


def market_now(server):
    answer = requests.get(f"{server.url}/v2/clock", timeout=PATIENCE, headers={"APCA-API-KEY-ID": "key", "APCA-API-SECRET-KEY": "secret"})
    return moment(answer.json()["timestamp"][:19] + "Z")


def check_silence():
    """a stream that is muted stays open and says nothing"""
    with Server(*simulated("--symbols", "AAPL"), "--mute-after", "1s") as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: "alpaca.muted" in server.journal(), "silence")
            muted = market_now(server)
            wait_until(lambda: market_now(server) >= muted + 20 * MINUTE, "minutes of silence")
            # Earlier messages may still arrive, but no minute that has ended since.
            assert all(bar.timestamp + MINUTE <= muted for bar in stream.bars)
            assert server.journal().count("stream_opened") == 1 and "stream_closed" not in server.journal()
        assert server.end()["muted"] == "1"


def check_duplicates_late_and_garbage():
    """bars come twice, late and among rubbish, as often as was asked for, and each comes"""
    with Server(*simulated("--symbols", "AAPL", speed=3000), "--duplicate", "20%", "--late", "0.2", "--garbage", "10%") as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: len(stream.bars) >= 600, "bars")
        times = [bar.timestamp for bar in stream.bars]
        known = truth_of(["AAPL"], stream.bars)
        assert all(same_floats(bar, known[bar.symbol, bar.timestamp]) for bar in stream.bars)
        different = sorted(set(times))
        assert different[:-2] == [different[0] + MINUTE * i for i in range(len(different) - 2)], "one is missing"
        told = {name: int(count) for name, count in server.end().items() if name.endswith(("bars", "frames"))}
        shares = {name: count / told["bars"] for name, count in told.items()}
        assert 0.12 <= shares["duplicate_bars"] <= 0.28 and 0.12 <= shares["late_bars"] <= 0.28, told
        assert 0.04 <= shares["garbage_frames"] <= 0.2, told  # a bar fills a frame, or two where it comes twice; some share theirs
        assert times != sorted(times), "late ones stand behind younger ones"


def check_refusals_by_code():
    """a stream is refused with the error that was asked for, as often as was asked for"""
    with Server(*simulated("--symbols", "AAPL"), "--refuse", "409") as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        stream.thread.start()
        stream.thread.join(PATIENCE)
        assert not stream.thread.is_alive() and not stream.bars, "with 409 the SDK gives up"
    with Server(*simulated("--symbols", "AAPL"), "--refuse", "406:2") as server:
        stream = Stream(server)
        stream.sdk.subscribe_bars(stream.on_bar, "AAPL")
        with stream:
            wait_until(lambda: stream.bars, "bars at the third try")
        assert server.end()["refused"] == "2"


def check_rest_errors():
    """history fails as often as was asked for"""
    with Server(*simulated("--symbols", "AAPL"), "--rest-errors", "50%") as server:
        ask = minutes("AAPL", START - 5 * MINUTE, START)
        got = [refusal(lambda: history(server).get_stock_bars(ask)) for _ in range(60)]
        assert set(got) == {None, 500} and 15 <= got.count(500) <= 45, got
        assert server.end()["rest_errors"] == str(got.count(500))


def check_recorded_history():
    """real bars are served by history with exactly their digits"""
    for name, url in (("bars_equity_1min.jsonl.gz", "/v2/stocks"), ("bars_crypto_1min.jsonl.gz", "/v1beta3/crypto/us")):
        path, known = recorded(name)
        symbols = sorted({symbol for symbol, _ in known})
        with Server(path, "--start", "2026-01-01", "--rate-limit", 0) as server:
            got = dict(pages(server, url, symbols))
            assert list(got) == sorted(known)
            assert all(same_decimals(element, known[place]) for place, element in got.items())


def check_lake():
    """a lake's bars are served with exactly their digits; what is not past yet comes by the stream"""
    with tempfile.TemporaryDirectory() as folder:
        bars = subprocess.run([TIDEMARK, "simulate", "--symbols", "AAPL,MSFT", "--minutes", "1440"], capture_output=True, check=True).stdout
        with open(f"{folder}/bars.jsonl", "wb") as file:
            file.write(bars)
        subprocess.run([TIDEMARK, "run", "bars.jsonl", "--speed", "max", "--exit-at-end", "--data", "data", "--port", "0"], check=True,
                       cwd=folder, capture_output=True, timeout=PATIENCE)
        known = bars_of_lines(bars.decode().splitlines())
        with Server("--data", f"{folder}/data", "--history", "2h", "--speed", 600) as server:
            past = dict(pages(server, "/v2/stocks", ["AAPL", "MSFT"]))
            assert len(past) >= 240 and all(same_decimals(element, known[place]) for place, element in past.items())
            stream = Stream(server)
            stream.sdk.subscribe_bars(stream.on_bar, "*")
            with stream:
                wait_until(lambda: len(stream.bars) >= 20, "bars")
            assert all(same_floats(bar, known[bar.symbol, bar.timestamp]) for bar in stream.bars)


def pages(server, url, symbols):
    """All of history, without an SDK: (symbol, time) → the element with its digits."""
    session, token = requests.Session(), None
    session.headers.update({"APCA-API-KEY-ID": "key", "APCA-API-SECRET-KEY": "secret"})
    while True:
        answer = session.get(f"{server.url}{url}/bars", timeout=PATIENCE, params={
            "symbols": ",".join(symbols), "timeframe": "1Min", "start": "1970-01-02", "limit": 10_000, "page_token": token})
        assert answer.status_code == 200, answer.text
        page = json.loads(answer.text, parse_float=decimal.Decimal, parse_int=decimal.Decimal)
        for symbol, elements in page["bars"].items():
            for element in elements:
                yield (symbol, moment(element["t"])), element
        token = page["next_page_token"]
        if not token:
            return


def check_recorded_stream():
    """real bars are streamed as they are, those of stocks and those of a coin with fractions of it"""
    for name, kind, url in (("bars_equity_1min.jsonl.gz", StockDataStream, "/v2/iex"),
                            ("bars_crypto_1min.jsonl.gz", CryptoDataStream, "/v1beta3/crypto/us")):
        path, known = recorded(name)
        symbols = sorted({symbol for symbol, _ in known})
        times = sorted(time_ for _, time_ in known)
        begin = times[len(times) // 3]
        with Server(path, "--start", begin.isoformat(), "--speed", 1200) as server:
            stream = Stream(server, kind, url)
            stream.sdk.subscribe_bars(stream.on_bar, *symbols)
            with stream:
                wait_until(lambda: len(stream.bars) >= 200, "real bars")
            places = [(bar.symbol, bar.timestamp) for bar in stream.bars]
            first, last = stream.bars[0].timestamp, stream.bars[-1].timestamp
            inside = sorted(place for place in known if first < place[1] < last)
            assert sorted(place for place in places if first < place[1] < last) == inside
            for bar in stream.bars:
                assert same_floats(bar, known[bar.symbol, bar.timestamp]), bar
