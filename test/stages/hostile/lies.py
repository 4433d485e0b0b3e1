"""The lies of a server. Each has a name and a place: history, clock, handshake or stream."""

import base64
import gzip
import itertools
import json
import struct
import time
import urllib.parse
import zlib

from liar import frame, head
from alpaca_market import KEY, SECRET

MB = 1 << 20
LIES = []  # (name, kind, lie)


def lie(kind, name, times=1, is_long=False, only=None, until_asked_anew=False):
    """`times`: the number of consecutive lies; or until the question starts again from its first page. `only`: for the
    client `run` or `backfill`. `is_long`: takes minutes."""

    def keep(tell):
        tell.times, tell.is_long, tell.only, tell.until_asked_anew = times, is_long, only, until_asked_anew
        LIES.append((name, kind, tell))
        return tell

    return keep


def history(name, **options):
    return lie("history", name, **options)


def page(bars, token=None):
    return json.dumps({"bars": bars, "next_page_token": token})


def bar_of(exchange, **more):
    """A valid bar at the beginning of the requested range."""
    return {"t": exchange.asked("start")[:16] + ":00Z", "o": 1, "h": 1, "l": 1, "c": 1, "v": 1, "n": 1, "vw": 1, **more}


def echoes():
    """Key and secret, in every form in which they may come back."""
    both = f"{KEY}:{SECRET}"
    yield "as they are", f"{KEY} and {SECRET}"
    yield "in JSON escapes", "".join(f"\\u{ord(c):04x}" for c in KEY + " " + SECRET)
    yield "percent-encoded", "".join(f"%{ord(c):02X}" for c in KEY + " " + SECRET)
    yield "percent-encoded where it must be", urllib.parse.quote(both, safe="")
    yield "in base64", base64.b64encode(both.encode()).decode()
    yield "in base64 behind a letter", base64.b64encode(b"x" + both.encode()).decode()
    yield "in base64 behind two, for URLs", base64.urlsafe_b64encode(b"xy" + SECRET.encode() + b":" + KEY.encode()).decode()
    yield "in hexadecimal digits", (KEY + SECRET).encode().hex().upper()
    yield "in capitals", f"{KEY} {SECRET}".upper()


# ── pages without an end ──

@history("the token of the page before, again and again", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page({"AAPL": [bar_of(exchange)]}, "T"))


@history("tokens that go round in a ring of three", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page({"AAPL": [bar_of(exchange)]}, f"T{exchange.number % 3}"))


@history("empty pages for ever", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page({}, f"T{exchange.number}"))


@history("pages whose bars are null, for ever", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page(None, f"T{exchange.number}"))


@history("pages of one bar for ever", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page({"AAPL": [bar_of(exchange)]}, f"T{exchange.number}"))


@history("pages of fifteen megabytes of blanks, for ever", times=1_000, until_asked_anew=True)
def _(exchange):
    return exchange.answer(200, page({"AAPL": [bar_of(exchange)]}, f"T{exchange.number}") + " " * (15 * MB))


@history("more bars than there are minutes", times=1)
def _(exchange):
    return exchange.answer(200, page({"AAPL": [bar_of(exchange)] * 60_000}))


@history("a page token of a hundred kilobytes")
def _(exchange):
    return exchange.answer(200, page({}, "T" * 100_000))


@history("a page token that would be a header", times=2)
def _(exchange):
    return exchange.answer(200, page({}, "T\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1")) if exchange.number == 1 else exchange.answer(404)


# ── bodies that are no page ──

BODIES = {
    "nothing": b"", "a web page": b"<html><body>maintenance</body></html>", "half a page": b'{"bars":{"AAPL":[{"o":1,', "a list": b"[]", "null": b"null",
    "a number": b"7", "a page with something behind it": b'{"bars":{},"next_page_token":null} x', "no bars": b'{"next_page_token":null}',
    "bars that are a number": b'{"bars":7,"next_page_token":null}', "bars that are a text": b'{"bars":"none","next_page_token":null}',
    "a token that is a number": b'{"bars":{},"next_page_token":7}', "a bar that is cut off inside": b'{"bars":{"AAPL":[{"o":1,}]},"next_page_token":null}',
    "bytes that are no UTF-8": b'{"bars":{"\xff\xfe":[]},"next_page_token":null}', "NUL bytes": b"\0" * 1000, "noise": bytes(range(256)) * 40,
    "a hundred thousand brackets": b"[" * 100_000, "deep objects": b'{"bars":' * 20_000, "compressed bytes that nobody asked for": gzip.compress(b'{"bars":{}}'),
}  # fmt: skip
for what, body in BODIES.items():
    history(f"200 with {what}")(lambda exchange, body=body: exchange.answer(200, body))


@history("a body of twenty megabytes")
def _(exchange):
    return exchange.answer(200, b" " * (20 * MB))


@history("a body without an end, in chunks")
def _(exchange):
    exchange.raw(head(200, {"Transfer-Encoding": "chunked"}))
    for _ in range(64):
        exchange.raw(b"%x\r\n" % MB, b"[" * MB, b"\r\n")


@history("chunks with extensions of megabytes")
def _(exchange):
    exchange.raw(head(200, {"Transfer-Encoding": "chunked"}), b"1;x=", b"y" * (4 * MB), b"\r\nx\r\n0\r\n\r\n")


# ── answers that break off ──

@history("a body that is shorter than its Content-Length")
def _(exchange):
    exchange.raw(head(200, {"Content-Length": len(exchange.body) + 1000}), exchange.body)


@history("half of the true body")
def _(exchange):
    exchange.raw(exchange.whole()[: -max(1, len(exchange.body) // 2)])


@history("chunks that break off")
def _(exchange):
    exchange.raw(head(200, {"Transfer-Encoding": "chunked"}), b"%x\r\n" % len(exchange.body), exchange.body, b"\r\n")


@history("no answer, and the connection is closed")
def _(exchange):
    return None


@history("half of a header")
def _(exchange):
    exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Le")


@history("silence behind the header", is_long=True)
def _(exchange):
    exchange.raw(head(200, {"Content-Length": 100}))
    time.sleep(125)


@history("silence", is_long=True)
def _(exchange):
    time.sleep(35)


@history("a byte every tenth of a second, for three seconds")
def _(exchange):
    exchange.raw(head(200, {"Content-Length": 100_000}))
    for _ in range(30):
        exchange.raw(b" ")
        time.sleep(0.1)


# ── answers that are none of HTTP ──

RAW = {
    "a line that is no status": b"HELLO\r\n\r\n", "an answer without any header": b'{"bars":{},"next_page_token":null}', "bytes of TLS": b"\x16\x03\x01\x02\x00" + b"\0" * 600,
    "a header of two hundred kilobytes": b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 200_000 + b"\r\n\r\n", "ten thousand headers": b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 10_000 + b"\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}",
    "a length of all bytes there are": b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n{}", "a length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk of a negative size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", "100 and nothing else": b"HTTP/1.1 100 Continue\r\n\r\n", "103 and nothing else": b"HTTP/1.1 103 Early Hints\r\n\r\n",
}  # fmt: skip
for what, data in RAW.items():
    history(what)(lambda exchange, data=data: exchange.raw(data))


@history("the answer to a question that nobody has asked yet, behind the one that was", times=2)
def _(exchange):
    if exchange.number == 2:
        return exchange
    poison = page({"AAPL": [bar_of(exchange, o=666, h=666, l=666, c=666)]}).encode()
    exchange.raw(exchange.whole() + head(200, {"Content-Length": len(poison)}) + poison)
    return True  # and keeps the connection


# ── other answers than 200 ──

REFUSALS = (400, 401, 403, 422)  # a backfill accepts them at once, because a person sees its output
for status in (201, 202, 204, 206, 304, 404, 405, 408, 410, 418, 451, 500, 501, 502, 503, 504, 599):
    history(f"{status} once")(lambda exchange, status=status: exchange.answer(status, '{"message":"no"}'))


for status, times in itertools.product(REFUSALS, (1, 2)):
    history(f"{status}, {times} in a row", times=times, only="run")(lambda exchange, status=status: exchange.answer(status, '{"message":"no"}'))


for status, where in ((301, "/v2/elsewhere"), (302, "http://127.0.0.1:1/"), (303, "//evil.example/"), (307, "https://evil.example/"), (308, f"/?{KEY}={SECRET}")):
    history(f"a redirect {status} to {where.split('?')[0]}")(lambda exchange, status=status, where=where: exchange.answer(status, "", {"Location": where}))


@history("429 four times, again after a second", times=4)
def _(exchange):
    return exchange.answer(429, '{"message":"too many requests."}', {"Retry-After": "1"})


@history("429 with a Retry-After that is none of the numbers", times=2)
def _(exchange):
    return exchange.answer(429, "", {"Retry-After": ("-9223372036854775808", "0")[exchange.number - 1]})


@history("429 twenty times", times=20, is_long=True)
def _(exchange):
    return exchange.answer(429, "", {"Retry-After": "1"})


@history("429 with waits of centuries", is_long=True)
def _(exchange):
    return exchange.answer(429, "", {"Retry-After": "9223372036854775807"})


@history("limits that are no numbers")
def _(exchange):
    return exchange.answer(200, exchange.body, {"X-RateLimit-Limit": "-5", "X-RateLimit-Remaining": "9" * 30, "X-RateLimit-Reset": "-9223372036854775808", "Date": "Thu, 99 Foo 2026"})


@history("limits that are as large as can be")
def _(exchange):
    most = str(2**63 - 1)
    return exchange.answer(200, exchange.body, {"X-RateLimit-Limit": most, "X-RateLimit-Remaining": most, "X-RateLimit-Reset": most, "Retry-After": most})


# ── bars that nobody asked for ──

def with_more(exchange, more):
    answer = json.loads(exchange.body)
    answer["bars"].update(more)
    return exchange.answer(200, json.dumps(answer))


@history("bars of a symbol that nobody asked for")
def _(exchange):
    return with_more(exchange, {"EVIL": [bar_of(exchange)] * 50})


@history("bars of thousands of symbols that nobody asked for")
def _(exchange):
    return with_more(exchange, {f"E{number}": [bar_of(exchange)] for number in range(5_000)})


@history("a bar of another year")
def _(exchange):
    return with_more(exchange, {"TSLA": json.loads(exchange.body)["bars"].get("TSLA", []) + [bar_of(exchange, t="2200-01-01T00:00:00Z")]})


@history("a bar from before what was asked for", only="run")
def _(exchange):
    return with_more(exchange, {"AAPL": [bar_of(exchange, t="1970-01-01T00:00:00Z")] + json.loads(exchange.body)["bars"].get("AAPL", [])})


@history("a symbol whose name is a megabyte")
def _(exchange):
    return with_more(exchange, {"E" * MB: [bar_of(exchange)]})


# ── keys and secrets ──

for how, text in echoes():
    history(f"keys {how}, in an error's message")(lambda exchange, text=text: exchange.answer(500, f'{{"message":"{text}"}}'))
    history(f"keys {how}, in what is no page")(lambda exchange, text=text: exchange.answer(200, f"<p>{text}</p>"))
    history(f"keys {how}, in an element that is no bar", only="run")(
        lambda exchange, text=text: exchange.answer(200, exchange.body.decode().replace('":[', f'":["{text}",', 1)))


@history("keys in names and values of headers")
def _(exchange):
    return exchange.answer(503, "", {f"X-{KEY}": SECRET, KEY: KEY, "Retry-After": SECRET, "Set-Cookie": f"{KEY}={SECRET}", "Location": SECRET})


@history("keys in a status line")
def _(exchange):
    exchange.raw(f"HTTP/1.1 500 {KEY} {SECRET}\r\nContent-Length: 0\r\n\r\n")


@history("a page token that is the secret", times=2)
def _(exchange):
    return exchange.answer(200, page({}, SECRET)) if exchange.number == 1 else exchange.answer(404)


@history("a symbol that is the secret")
def _(exchange):
    return with_more(exchange, {SECRET: [bar_of(exchange)], KEY: [bar_of(exchange)]})


@history("keys in chunks of one byte")
def _(exchange):
    text = f'{{"message":"{KEY} {SECRET}"}}'.encode()
    exchange.raw(head(500, {"Transfer-Encoding": "chunked"}), b"".join(b"1\r\n%c\r\n" % byte for byte in text), b"0\r\n\r\n")


# ── the clock ──

for what, body in itertools.islice(BODIES.items(), 4):
    lie("clock", f"a clock that says {what}", only="run")(lambda exchange, body=body: exchange.answer(200, body))
for status in (401, 403, 429, 500):
    lie("clock", f"a clock that answers {status}", only="run")(lambda exchange, status=status: exchange.answer(status, f'{{"message":"{SECRET}"}}', {"Retry-After": "1"}))


for what, text in (("of the year 2200", "2200-01-06T15:00:00Z"), ("of 1970", "1970-01-01T00:00:00Z"), ("of no year", "0000-00-00T00:00:00Z"), ("hours ahead", "2026-01-06T03:00:00Z")):
    lie("clock", f"a clock that is {what}", only="run")(lambda exchange, text=text: exchange.answer(200, f'{{"timestamp":"{text}"}}'))
for what, text in (("of the year 2200", "Sun, 05 Jan 2200 00:00:00 GMT"), ("of 1970", "Thu, 01 Jan 1970 00:00:00 GMT"), ("of no year", "Thu, 01 Jan 99999999 00:00:00 GMT"), ("of last year", "Mon, 06 Jan 2025 15:00:00 GMT")):
    history(f"a Date {what}")(lambda exchange, text=text: exchange.answer(200, exchange.body, {"Date": text}))


# ── the handshake of the stream ──

HANDSHAKES = {
    "a redirect": f"HTTP/1.1 302 Found\r\nLocation: wss://evil.example/{KEY}/{SECRET}\r\nContent-Length: 0\r\n\r\n", "401 with the keys": f"HTTP/1.1 401 No\r\nX-{KEY}: {SECRET}\r\nContent-Length: 3\r\n\r\nno.",
    "200": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "another key's answer": "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
    "megabytes of headers": "HTTP/1.1 101 Ok\r\n" + "X-Many: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 50_000, "noise": "\0\1\2" * 1000, "nothing": "",
}  # fmt: skip
for what, data in HANDSHAKES.items():
    lie("handshake", f"a handshake that is {what}", only="run")(lambda client, data=data: client.sendall(data.encode()))


# ── frames between those of the stream ──

def frames(name, *pieces):
    lie("stream", name, only="run")(lambda: pieces)


def message(**members):
    return json.dumps([members])


EVIL = {"T": "b", "S": "EVIL", "o": 1, "h": 1, "l": 1, "c": 1, "v": 1, "n": 1, "vw": 1, "t": "2026-01-05T15:00:00Z"}

frames("a frame that is no JSON", frame("<html>"))
frames("a frame of bytes that are no text", frame(b"\xff\xfe\xfd", opcode=1))
frames("a binary frame", frame(bytes(range(256)), opcode=2))
frames("an object in place of a list", frame('{"T":"b"}'))
frames("a list in a list", frame("[[]]"))
frames("a hundred thousand brackets in a frame", frame("[" * 100_000))
frames("a frame of twenty megabytes", frame(" " * (20 * MB)))
frames("a frame that says it has all bytes there are", b"\x81\x7f" + struct.pack(">Q", 2**63 - 1) + b"[")
frames("a message in pieces without an end", frame("[", first=0), *(frame(" " * MB, opcode=0, first=0) for _ in range(20)))
frames("a frame with reserved bits", frame("[]", first=0xF0))
frames("a frame that is compressed and said not to be", frame(zlib.compress(b"[" * 10_000)))
frames("a frame with a mask", frame("[]", mask=True))
frames("an opcode that nobody knows", frame("[]", opcode=5))
frames("a continuation of nothing", frame("[]", opcode=0))
frames("two thousand pings", *(frame(b"x" * 125, opcode=9) for _ in range(2_000)))
frames("a goodbye with the secret", frame(struct.pack(">H", 1008) + SECRET.encode(), opcode=8))
frames("bars of a symbol that nobody subscribed to", frame(json.dumps([EVIL] * 500)))
frames("bars that nobody subscribed to, as corrections", frame(json.dumps([{**EVIL, "T": "u"}] * 500)))
frames("bars of thousands of symbols", frame(json.dumps([{**EVIL, "S": f"E{number}"} for number in range(5_000)])))
frames("a bar of a symbol that is the secret", frame(json.dumps([{**EVIL, "S": SECRET}, {**EVIL, "S": KEY}])))
frames("a subscription that nobody made, and its bars", frame(message(T="subscription", bars=["EVIL"])), frame(json.dumps([EVIL])))
frames("that it is connected, three hundred times", *(frame(message(T="success", msg="connected")) for _ in range(300)))
frames("that it is authenticated, three hundred times", *(frame(message(T="success", msg="authenticated")) for _ in range(300)))
frames("ten thousand errors in a frame", frame(json.dumps([{"T": "error", "code": 405, "msg": "symbol limit exceeded"}] * 10_000)))
frames("an error of a megabyte", frame(message(T="error", code=405, msg="x" * MB)))
frames("messages of a kind that nobody knows", frame(json.dumps([{"T": "z", "x": 1}] * 1_000)))
for code in (400, 401, 402, 404, 405, 406, 407, 408, 409, 410, 411, 500, 999, -1):
    frames(f"error {code} once", frame(message(T="error", code=code, msg="no")))
for how, text in echoes():
    frames(f"keys {how}, in an error of the stream", frame(f'[{{"T":"error","code":407,"msg":"{text}"}}]'))
    frames(f"keys {how}, in a frame that is no message", frame(f"<{text}>"))
frames("the secret in pieces of one byte", frame("<", first=0), *(frame(c, opcode=0, first=0) for c in SECRET), frame(">", opcode=0))
