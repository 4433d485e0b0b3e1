"""The stream and the calls on the wire, without an SDK: JSON, errors, fragments, limits, TLS."""

import asyncio
import contextlib
import datetime
import decimal
import http.client
import json
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

import msgpack
import requests
from server import FROZEN, MINUTE, PATIENCE, START, Server, moment, same_decimals, simulated, truth
from websockets import exceptions as websockets_exceptions
from websockets.legacy import client as websockets

DAY = datetime.timedelta(days=1)
KEYS = {"APCA-API-KEY-ID": "key", "APCA-API-SECRET-KEY": "secret"}
PATIENT = {"open_timeout": PATIENCE, "ping_interval": None}  # for websockets: seconds to connect, no pings
CONNECTED, AUTHENTICATED = {"T": "success", "msg": "connected"}, {"T": "success", "msg": "authenticated"}


class Client:
    """A connection that uses JSON."""

    def __init__(self, server, path="/v2/iex", headers=None, **more):
        self.address, self.more = server.stream + path, {"extra_headers": headers or {}, **PATIENT, **more}

    async def __aenter__(self):
        self.socket = await websockets.connect(self.address, **self.more)
        assert await self.take() == [CONNECTED]
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def take(self):
        frame = await asyncio.wait_for(self.socket.recv(), PATIENCE)
        return json.loads(frame, parse_float=decimal.Decimal, parse_int=decimal.Decimal)

    async def ask(self, **message):
        await self.socket.send(json.dumps(message))
        return await self.take()

    async def authenticate(self, key="key"):
        assert await self.ask(action="auth", key=key, secret="secret") == [AUTHENTICATED]


def error(code, words):
    return [{"T": "error", "code": code, "msg": words}]


def check_json_stream():
    """in JSON the stream has exactly the simulator's digits, in arrays, and answers with the whole subscription"""

    async def talk(server):
        async with Client(server) as client:
            await client.authenticate()
            (told,) = await client.ask(action="subscribe", bars=["AAPL"], trades=["AAPL"], quotes=None)
            assert told["T"] == "subscription" and told["bars"] == ["AAPL"] and told["quotes"] == []
            assert told["trades"] == told["corrections"] == told["cancelErrors"] == ["AAPL"]
            await client.socket.send(json.dumps({"action": "subscribe", "bars": ["MSFT"], "statuses": ["*"]}))
            bars, answers = [], []
            while len(bars) < 20 or not answers:
                for message in await client.take():
                    (answers if message["T"] == "subscription" else bars).append(message)
            assert all(answer["bars"] == ["AAPL", "MSFT"] and answer["statuses"] == ["*"] for answer in answers), answers
            known = truth(["AAPL", "MSFT"], START - DAY, max(moment(bar["t"]) for bar in bars) + MINUTE)
            for bar in bars:
                assert bar["T"] == "b" and same_decimals(bar, known[bar["S"], moment(bar["t"])]), bar

    with Server(*simulated("--symbols", "AAPL,MSFT")) as server:
        asyncio.run(talk(server))


def check_a_minute_is_one_frame():
    """the bars of a minute come together, in few frames"""

    async def talk(server):
        async with Client(server) as client:
            await client.authenticate()
            await client.ask(action="subscribe", bars=["*"])
            frames = [await client.take() for _ in range(3)]
            assert [len(frame) for frame in frames] == [500, 500, 200], [len(frame) for frame in frames]
            assert len({bar["t"] for frame in frames for bar in frame}) == 1

    with Server(*simulated("--symbols", "1200", history="1h", speed=60)) as server:
        asyncio.run(talk(server))


def check_errors():
    """each mistake is answered with its code and Alpaca's words, and the connection stays"""

    async def talk(server):
        async with Client(server) as client:
            assert await client.ask(action="subscribe", bars=["AAPL"]) == error(401, "not authenticated")
            for wrong in ("{", "[]", "7", '{"action":"dance"}', '{"bars":["A"]}'):
                await client.socket.send(wrong)
                assert await client.take() == error(400, "invalid syntax"), wrong
            assert await client.ask(action="auth", key="key", secret="") == error(402, "auth failed")
            await client.authenticate()
            assert await client.ask(action="auth", key="key", secret="secret") == error(403, "already authenticated")
            assert await client.ask(action="subscribe", bars="AAPL") == error(400, "invalid syntax")
            assert await client.ask(action="subscribe", orderbooks=["AAPL"]) == error(410, "invalid subscribe action for this feed")
            (told,) = await client.ask(action="subscribe", bars=["A", "B"])
            assert told["bars"] == ["A", "B"]
            assert await client.ask(action="subscribe", quotes=["C"]) == error(405, "symbol limit exceeded")
            (told,) = await client.ask(action="unsubscribe", bars=["A"])
            assert told["bars"] == ["B"] and told["quotes"] == []

    with Server(*simulated("--symbols", "AAPL"), "--symbol-limit", 2) as server:
        asyncio.run(talk(server))


def check_connection_limit():
    """one connection too many is told so, and let in on the same socket when another has gone"""

    async def talk(server):
        async with Client(server, headers=KEYS) as first, Client(server) as second, Client(server) as other:
            assert await first.take() == [AUTHENTICATED], "the keys were in the headers"
            assert await second.ask(action="auth", key="key", secret="s") == error(406, "connection limit exceeded")
            await other.authenticate(key="another")
            await first.socket.close()
            while (answer := await second.ask(action="auth", key="key", secret="s")) != [AUTHENTICATED]:
                assert answer == error(406, "connection limit exceeded")  # until its ten seconds are over
                await asyncio.sleep(0.05)

    with Server(*simulated("--symbols", "AAPL"), "--connection-limit", 1) as server:
        asyncio.run(talk(server))


def check_auth_timeout():
    """who does not authenticate within ten seconds is told so, and the connection ends"""

    async def talk(server):
        async with Client(server) as client:
            assert await client.take() == error(404, "auth timeout")
            await asyncio.wait_for(client.socket.wait_closed(), PATIENCE)

    with Server(*simulated("--symbols", "AAPL")) as server:
        asyncio.run(talk(server))


def check_slow_client():
    """a client that does not read is told that it is slow, and disconnected; others go on"""

    async def fall_behind(server, times):
        """The last words that a client hears, and the code of the end."""
        few = socket.socket()  # with small buffers, so that pending messages are read at once
        few.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        few.connect(("127.0.0.1", int(server.url.rpartition(":")[2])))
        async with Client(server, headers=KEYS, max_queue=1, read_limit=1024, sock=few) as client:
            assert await client.take() == [AUTHENTICATED]
            await client.ask(action="subscribe", bars=["*"])
            while server.journal().count("slow_client") < times:
                await asyncio.sleep(0.01)
            last = None
            try:
                while True:
                    last = await client.socket.recv()
            except websockets_exceptions.ConnectionClosed as closed:
                return last, closed.code

    async def talk(server):
        times = 1
        while (heard := await fall_behind(server, times))[1] == 1006:  # a client that takes more than five seconds gets no closing frame
            times += 1
        last, code = heard
        assert json.loads(last) == error(407, "slow client") and code == 1000, heard
        async with Client(server, headers=KEYS) as client:
            assert await client.take() == [AUTHENTICATED]
        return times

    with Server(*simulated("--symbols", "500", history="1h", speed=3000)) as server:
        times = asyncio.run(asyncio.wait_for(talk(server), PATIENCE))
        assert server.end()["slow_clients"] == str(times)


def check_fragments():
    """a message in many frames, the last of them empty, is one message; in MessagePack, too; and pings are answered"""

    async def talk(server):
        async with Client(server) as client:
            await client.authenticate()
            await (await asyncio.wait_for(client.socket.ping(), PATIENCE))
            await client.socket.send(part for part in ('{"action":"subsc', 'ribe","bars":["AAPL"]}', ""))
            (told,) = await client.take()
            assert told["bars"] == ["AAPL"]
        headers = {"Content-Type": "application/msgpack", **KEYS}
        async with websockets.connect(server.stream + "/v2/iex", extra_headers=headers, **PATIENT) as packed:
            for expected in (CONNECTED, AUTHENTICATED):
                assert msgpack.unpackb(await packed.recv()) == [expected]
            message = msgpack.packb({"action": "subscribe", "bars": [f"S{i}" for i in range(3000)]})
            await packed.send([message[i:i + 1000] for i in range(0, len(message), 1000)] + [b""])
            (told,) = msgpack.unpackb(await packed.recv())
            assert len(told["bars"]) == 3000

    with Server(*simulated("--symbols", "AAPL", speed=FROZEN)) as server:
        asyncio.run(asyncio.wait_for(talk(server), PATIENCE))


def check_foreign_pages():
    """where anybody may ask, a page of the internet may not open the stream; where keys are set, it may try"""

    async def status(server, origin):
        try:
            async with websockets.connect(server.stream + "/v2/iex", origin=origin, **PATIENT):
                return 101
        except websockets_exceptions.InvalidStatusCode as refused:
            return refused.status_code

    for words, foreign in (([], 403), (["--keys", "key:secret"], 101)):
        with Server(*simulated("--symbols", "AAPL"), *words) as server:
            for origin, expected in ((None, 101), ("http://localhost:3000", 101), ("http://127.0.0.1", 101),
                                     ("https://evil.example", foreign), ("http://localhost.evil.example", foreign), ("null", foreign)):
                assert asyncio.run(status(server, origin)) == expected, (words, origin)


def check_foreign_names():
    """where anybody may ask, a call under a foreign name is refused; where keys are set, it is answered"""

    def status(server, host):
        connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(server.url).port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/v2/stocks/bars?symbols=AAPL&timeframe=1Min", headers={"Host": host} | KEYS)
            return connection.getresponse().status

    for words, foreign in (([], 403), (["--keys", "key:secret"], 200)):
        with Server(*simulated("--symbols", "AAPL"), *words) as server:
            for host, expected in (("localhost:8080", 200), ("127.0.0.1", 200), ("[::1]:80", 200),
                                   ("evil.example", foreign), ("localhost.evil.example:8080", foreign), ("127.0.0.1.evil.example", foreign)):
                assert status(server, host) == expected, (words, host)


def check_wrong_calls():
    """a call that is wrong is answered with the status and the message that say why"""
    cases = (
        ("/v2/stocks/bars?timeframe=1Min", 400, "symbols is required"),
        ("/v2/stocks/bars?symbols=AAPL", 400, "timeframe is required"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=60Min", 400, "invalid timeframe"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&limit=10001", 400, "invalid limit"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=soon", 400, "invalid start"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2026-01-05&end=2026-01-04", 400, "end should not be before start"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&page_token=x", 400, "invalid page_token"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&sort=up", 400, "invalid sort"),
        ("/v2/stocks/bars?symbols=AAPL&timeframe=1Min&feed=best", 400, "invalid feed"),
        ("/v2/stocks/NONE/bars/latest", 404, "no bar found"),
        ("/v2/stocks/trades", 404, "endpoint not found"),
    )
    with Server(*simulated("--symbols", "AAPL")) as server:
        for address, status, words in cases:
            answer = requests.get(server.url + address, headers=KEYS, timeout=PATIENCE)
            assert answer.status_code == status and words in answer.json()["message"], (address, answer.text)
            assert answer.headers["X-RateLimit-Limit"] == "200" and int(answer.headers["X-RateLimit-Remaining"]) < 200
        assert requests.get(server.url + cases[0][0], timeout=PATIENCE).status_code == 401
        empty = requests.get(server.url + "/v2/stocks/bars?symbols=NONE&timeframe=1Min", headers=KEYS, timeout=PATIENCE)
        assert empty.json() == {"bars": {}, "next_page_token": None}


def check_clock():
    """the clock tells where the market stands and how fast it runs"""
    began = time.monotonic()
    with Server(*simulated("--symbols", "AAPL", speed=6)) as server:
        told = requests.get(server.url + "/v2/clock", headers=KEYS, timeout=PATIENCE).json()
        stands = moment(told["timestamp"][:19] + "Z")
        gone = datetime.timedelta(seconds=6 * (time.monotonic() - began))
        assert START <= stands <= START + gone and told["speed"] == 6 and told["is_open"] is True, told
        assert moment(told["next_close"]) == START.replace(hour=21, minute=0), told


def check_tls():
    """with a certificate everything is inside TLS: the calls, and the stream"""

    async def talk(server, trust):
        async with Client(server, ssl=trust) as client:
            await client.authenticate()
            await client.ask(action="subscribe", bars=["AAPL"])
            assert (await client.take())[0]["S"] == "AAPL"

    with tempfile.TemporaryDirectory() as folder:
        certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        with Server(*simulated("--symbols", "AAPL"), "--tls-cert", certificate, "--tls-key", key) as server:
            assert server.url.startswith("https://")
            assert requests.get(server.url + "/v2/clock", headers=KEYS, verify=certificate, timeout=PATIENCE).status_code == 200
            asyncio.run(talk(server, ssl.create_default_context(cafile=certificate)))
