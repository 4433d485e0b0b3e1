"""Inputs to begin with: examples of the contract, and what a person would write. seeds.py FOLDER makes FOLDER/<target>/."""

import base64
import gzip
import json
import pathlib
import struct
import sys

GOLDEN = pathlib.Path(__file__).parents[1] / "contract/golden"
BAR = {"symbol": "AAPL", "timestamp": "2026-01-05T14:30:00Z", "open": 175.1, "high": 176, "low": 175, "close": 175.5,
       "volume": 1200.5, "vwap": 175.25, "price_change": 0.4, "pct_change": 0.2284, "direction": "up", "trade_count": 12,
       "feed": "iex"}
JUDGED = json.dumps({**BAR, "verdict": "accepted", "position": 3}, separators=(",", ":"))
TREND = ('{"symbol":"AAPL","window_start":"2026-01-05 14:30:00","window_end":"2026-01-05 14:35:00","avg_close":175.3000,'
         '"max_close":175.5000,"min_close":175.1000,"avg_volume":1200,"volatility":0.2000,"avg_vwap":175.2500,'
         '"avg_pct_change":0.2284,"buy_pressure":1.0000,"bar_count":2,"price_range":0.4000,"vwap_deviation_pct":0.0285,'
         '"trend_signal":"NEUTRAL","status":"final","revision":2,"feed":null}')


def parts(*texts):
    return b"\0".join(text if isinstance(text, bytes) else text.encode() for text in texts)


def golden_lines():
    """Every line of every input of the contract that is not long."""
    for path in sorted(GOLDEN.glob("*/*")):
        if not path.is_file() or not path.name.startswith("arrivals"):
            continue
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        yield from (line for line in data.split(b"\n") if 0 < len(line) < 1500)


def values_in(lines):
    for line in lines:
        try:
            record = json.loads(line, parse_float=str, parse_int=str)
        except ValueError:
            continue
        if isinstance(record, dict):
            yield from (value.encode("utf-8", "surrogatepass") for value in record.values() if isinstance(value, str))


def held_bar(time, close, feed=None):
    data = struct.pack("<5q", time, 175 * 10**9, 176 * 10**9, 174 * 10**9, close)
    data += struct.pack("<Bqq", 1, close, 12)
    for number in (1200 * 10**9, -10**8, -5 * 10**7):
        data += number.to_bytes(16, "little", signed=True)
    return data + bytes([2]) + (b"\0" if feed is None else b"\1" + struct.pack("<I", len(feed)) + feed)


def snapshot(size, slide, delay, seen, symbols):
    """The fields of a snapshot (src/core/stream/snapshot.h, window_engine_snapshot.cc)."""
    minute, second = 60 * 10**9, 10**9
    data = struct.pack("<5q", 4, 1, 1, 0, 2) + struct.pack("<Bq", 1, seen)
    data += struct.pack("<3q", size * second, slide * second, delay * second) + struct.pack("<Bq", 1, seen)
    data += struct.pack("<q", (seen - delay * second) // (slide * second)) + struct.pack("<q", len(symbols))
    for symbol, bars in symbols.items():
        data += struct.pack("<I", len(symbol)) + symbol + struct.pack("<q", len(bars))
        for time, feed in bars:
            data += struct.pack("<3q", time // (slide * second), 1, 1) + held_bar(time, 175 * 10**9 + time // minute, feed)
    return data


def snapshots():
    start, second = 1_767_623_400 * 10**9, 10**9
    yield snapshot(300, 60, 120, start, {})
    yield snapshot(300, 60, 120, start, {b"AAPL": [(start, b"iex"), (start + 60 * second, None)], b"B": [(start, b"sim")]})
    yield snapshot(10, 10, 0, start, {b"X": [(start, None)]})
    yield snapshot(300, 60, 120, -9 * 10**17, {})


def masked(opcode, payload, fin=0x80):
    mask = b"\1\2\3\4"
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    return bytes([fin | opcode]) + length + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(payload))


def requests():
    yield parts("/", "GET", "localhost:8050", "", "", "", base64.b64encode(bytes(16)))
    yield parts("/api/v1/trends?symbol=AAPL&limit=5", "GET", "127.0.0.1:8050")
    yield parts("/?token=a-token-nobody-guesses&x=%20+1", "GET", "[::1]:8050")
    yield parts("/api/v1/live?symbols=AAPL,MSFT&history=10", "GET", "localhost", "http://localhost")
    yield parts("/api/v1/symbols", "POST", "desk.example", "https://desk.example", "Bearer a-token-nobody-guesses")
    yield parts("/x", "DELETE", "a.localhost", "http://a.localhost", "", "a=b; tidemark_token=a-token-nobody-guesses; c")
    yield parts("/%c3%a4?%c3%b6=%c3%bc&&=", "HEAD", "127.1.2.3", "null", "bearer x")
    yield parts("/healthz", "GET", "localhost")


UPGRADE = (b"GET /api/v1/live?symbols=AAPL HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def connections():
    get = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    for first in (b"\x05", b"\x81", b"\xff"):
        yield first + get % (b"/", b"") + get % (b"/healthz", b"Connection: close\r\n")
        yield first + UPGRADE + masked(9, b"hello") + masked(1, b"text") + masked(8, b"\x03\xe8")
    yield b"\x10" + get % (b"/api/v1/trends?symbol=AAPL", b"Accept-Encoding: gzip\r\nIf-None-Match: \"x\"\r\n")
    yield b"\x10" + get % (b"/api/v1/status", b"Cookie: tidemark_token=x\r\n") + get % (b"/metrics", b"")
    yield b"\x91" + get % (b"/api/v1/status", b"Authorization: Bearer x\r\n") + get % (b"/readyz", b"")
    yield b"\x07POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    yield b"\x20POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    yield b"\x02HEAD / HTTP/1.0\r\n\r\n"


def configurations():
    flags = "run\n--feed\nreplay\n--speed\nmax\n--exit-at-end\nmonday.jsonl"
    yield parts('feed = "replay"\nfiles = ["a.jsonl"]\nport = 8050\nspeed = "max"\nsymbols = ["AAPL", "MSFT"]\n', "", "", "run")
    yield parts("size = \"5m\"\nslide = '1m'\n[section]\n", "TIDEMARK_PORT=0\nexport SYMBOLS=\"A,B\" # why\n", "TIDEMARK_SEED=7", flags)
    yield parts("", "TIDEMARK_STORE_EVERY=30s\nRETRY_DELAY='20'\n", "MAX_RETRIES=3\nTIDEMARK_NOTHING=1\nTIDEMARK_ADDRESS=::1",
                "run\n--address=127.0.0.1\n--delay\n0s\n--log-level\ndebug")
    for words in ("doctor\n--json", "query\nselect 1\n--format\ncsv\n--memory\n1GB", "trends\n-\n--stats\n--threads\n2",
                  "simulate\n--symbols\n3\n--minutes\n5\n--start\n2026-01-05T14:30:00Z", "version\n--json", "help\nrun", ""):
        yield parts("port = 1_000\nspeed = 1e3\nexit-at-end = true\n", "#\n", "", words)


def lines():
    yield b" a\n\n \t\r\nb\r\n\r\r\nc\r"
    yield b"*0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
    yield b"* \t \t \t \t \t \t \t \t \t \t \t \t\r"
    yield b"*123456789\n" + b" " * 90
    yield b" " + gzip.compress(b"one\ntwo\n", mtime=0) + gzip.compress(b"three", mtime=0) + b"\0\0"
    yield b" \x1f\x8b"


def intents():
    yield parts("")
    yield parts("publishing 0 1 0 1\nstock_trends/dt=2026-01-05/a.parquet", "t" + TREND, "b" + JUDGED)
    yield parts("publishing 0 0 1 2", "b" + JUDGED, "b" + JUDGED.replace("accepted", "late"))
    yield parts("publishing 0 9223372036854775807 0 0", "t" + TREND)
    yield parts("publishing -1 1 0 0", "t" + TREND)


def alpaca():
    bar = ('{"T":"b","S":"AAPL","o":187.10,"h":187.30000000000001,"l":187,"c":187.2,"v":1234,"n":7,"vw":187.123456,'
           '"t":"2026-01-05T15:00:00Z"}')
    page = ('{"bars":{"AAPL":[{"c":1,"h":2,"l":1,"n":3,"o":2,"t":"2026-01-05T15:00:00Z","v":10,"vw":1.5}],"MSFT":[]},'
            '"next_page_token":"QUFQTHwx"}')
    clock = '{"timestamp":"2026-01-05T14:30:00.5Z","is_open":true,"speed":60}'
    yield parts(f"[{bar}]", page, clock)
    yield parts(f"[{bar},{bar.replace('b', 'u', 1)}]", '{"bars":[],"symbol":"A"}', '{"timestamp":"2026-01-05T09:30:00-05:00"}')
    yield parts('[{"T":"success","msg":"connected"}]', '{"bars":null}', "{}")
    yield parts('[{"T":"error","code":406,"msg":"connection limit exceeded"},{"T":"subscription","bars":["AAPL"],"trades":null}]')


def seeds():
    records = sorted(set(golden_lines()))
    yield "decoder", records
    yield "numbers", sorted(set(values_in(records))) + [b"5m", b"90s", b"1GB", b"max", b"1e-9", b"-0.0000000005"]
    yield "snapshot", snapshots()
    yield "request", requests()
    yield "connection", connections()
    yield "configuration", configurations()
    yield "lines", lines()
    yield "alpaca", alpaca()
    yield "intent", intents()
    yield "websocket", [b"\x03" + masked(1, b"hi") + masked(0, b"x", 0), b"\x00" + masked(9, b"") + masked(1, b"a", 0) +
                        masked(0, b"b"), b"\x07" + masked(2, b"y" * 300), b"\x01" + masked(8, b"\x03\xe9bye")]


def main():
    folder = pathlib.Path(sys.argv[1])
    for target, inputs in seeds():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (folder / target / f"{number:04}").write_bytes(data)


if __name__ == "__main__":
    main()
