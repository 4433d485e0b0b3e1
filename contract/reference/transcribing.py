"""Clauses 7.6 to 7.8: foreign formats as records. Only the engines read MessagePack and messages over several lines."""

import datetime
import json
import re

SPACE = re.compile(rb"[ \t\r\n]*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
PRICES = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume", "vw": "vwap", "n": "trade_count"}
ALPACA = {"S": "symbol", "t": "timestamp", **PRICES}
POLYGON_ANSWER = {"T": "symbol", "t": "timestamp", **PRICES}
LIST = ["timestamp", "open", "high", "low", "close", "volume", None, None, "trade_count"]


def is_json(text):
    try:
        json.loads(text.decode("utf-8"), parse_constant=int)
        return True
    except (ValueError, RecursionError):
        return False


def end_of_value(text, at):
    """The end of the JSON value that begins at this offset."""
    if text[at : at + 1] == b'"':
        return re.compile(rb'"([^"\\]|\\.)*"', re.DOTALL).match(text, at).end()
    if text[at : at + 1] not in (b"{", b"["):
        return re.compile(rb"[^,\]} \t\r\n]*").match(text, at).end()
    depth = 0
    for token in re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]', re.DOTALL).finditer(text, at):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(token.group(), 0)
        if depth == 0:
            return token.end()
    raise ValueError("it ends in the middle")


def parts(text, at):
    """(name or None, begin, end) of each member or element of the object or array at this offset."""
    is_object, at = text[at : at + 1] == b"{", SPACE.match(text, at + 1).end()
    while text[at : at + 1] not in (b"}", b"]"):
        name = None
        if is_object:
            end = end_of_value(text, at)
            name, at = text[at + 1 : end - 1].decode(), SPACE.match(text, end).end()
            at = SPACE.match(text, at + 1).end()
        end = end_of_value(text, at)
        yield name, at, end
        at = SPACE.match(text, end).end()
        if text[at : at + 1] == b",":
            at = SPACE.match(text, at + 1).end()


def member(text, at, name):
    return next((text[begin:end] for key, begin, end in parts(text, at) if key == name), None)


def when(ticks, per_second):
    """A whole number of ticks since 1970, as a timestamp of 2.9."""
    if not re.fullmatch(r"0|[1-9][0-9]*", ticks):
        return ticks
    seconds, rest = divmod(int(ticks), per_second)
    days, seconds = divmod(seconds, 86_400)
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=days)
    fraction = f"{rest:0{len(str(per_second)) - 1}d}".rstrip("0") if rest else ""
    return f'"{day}T{seconds // 3_600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{"." + fraction if fraction else ""}Z"'


def as_is(field, value):
    return value


def polygon(field, value):
    return when(value, 1_000) if field == "timestamp" else value


def binance(field, value):
    if field == "timestamp":
        value = value[1:-1] if value[:1] == '"' and NUMBER.fullmatch(value[1:-1]) else value
        return when(value, 1 if len(value) <= 11 else 1_000 if len(value) <= 14 else 1_000_000 if len(value) <= 17 else 10**9)
    return value[1:-1] if field not in ("symbol", "trade_count") and value[:1] == '"' and NUMBER.fullmatch(value[1:-1]) else value


class Texts:
    """The records of one file's texts: (offset, original bytes, transcribed bytes)."""

    def __init__(self, symbol):
        self.symbol, self.interval, self.skipped = symbol, None, {}

    def skip(self, kind):
        self.skipped[kind] = self.skipped.get(kind, 0) + 1

    def bar(self, text, begin, end, names, convert, symbol=None):
        if not (text[begin : begin + 1] == b"{" or isinstance(names, list)):
            return begin, text[begin:end], text[begin:end]
        fields = [f'"symbol":"{symbol}"'] if symbol else []
        for place, (name, a, b) in enumerate(parts(text, begin)):
            field = (names[place] if place < len(names) else None) if isinstance(names, list) else names.get(name)
            if field and not (field == "symbol" and symbol):
                fields.append(f'"{field}":{convert(field, text[a:b].decode())}')
        return begin, text[begin:end], ("{" + ",".join(fields) + "}").replace("\n", " ").encode()

    def alpaca(self, text):
        answer = next(((a, b) for name, a, b in parts(text, 0) if name == "bars"), None)
        if answer and text[answer[0] : answer[0] + 1] == b"[":
            symbol = json.loads(member(text, 0, "symbol"))
            yield from (self.bar(text, a, b, ALPACA, as_is, symbol) for _, a, b in parts(text, answer[0]))
        elif answer and text[answer[0] : answer[0] + 1] == b"{":
            for symbol, a, b in parts(text, answer[0]):
                each = [(None, a, b)] if text[a : a + 1] == b"{" else parts(text, a) if text[a : a + 1] == b"[" else []
                yield from (self.bar(text, c, d, ALPACA, as_is, symbol) for _, c, d in each)
        elif not answer:
            for _, a, b in parts(text, 0) if text[:1] == b"[" else [(None, 0, len(text))]:
                kind = (member(text, a, "T") or b"").decode().strip('"') if text[a : a + 1] == b"{" else ""
                if not kind:
                    yield a, text[a:b], text[a:b]
                elif kind not in ("b", "u", "d") or self.interval not in (None, kind == "d"):
                    self.skip(kind)
                else:
                    self.interval = kind == "d"
                    yield self.bar(text, a, b, ALPACA, as_is)

    def polygon(self, text):
        results = next(((a, b) for name, a, b in parts(text, 0) if name == "results"), None)
        if results:
            ticker = member(text, 0, "ticker")
            for _, a, b in parts(text, results[0]):
                yield self.bar(text, a, b, POLYGON_ANSWER, polygon, json.loads(ticker) if ticker else None)

    def binance(self, text):
        lists = list(parts(text, 0))
        if text[lists[0][1] : lists[0][1] + 1] != b"[":
            lists = [(None, 0, len(text))]
        for _, a, b in lists:
            names = LIST if sum(1 for _ in parts(text, a)) >= 12 else LIST[:6]
            yield self.bar(text, a, b, names, binance, self.symbol)


def kind_of(text, symbol):
    """alpaca, polygon, binance or None, decided by a whole text (7.8)."""
    first = next(parts(text, 0), None) if text[:1] == b"[" else None
    at = first[1] if first and text[first[1] : first[1] + 1] == b"{" else 0
    if text[at : at + 1] == b"{":
        for name, begin, _ in parts(text, at):
            if (name, text[begin : begin + 1]) in (("T", b'"'), ("bars", b"{"), ("bars", b"[")):
                return "alpaca"
            if (name, text[begin : begin + 1]) in (("ev", b'"'), ("results", b"[")):
                return "polygon"
        return None
    return "binance" if symbol and first else None


def texts_of(data):
    """(offset, text) of each text; the first line that is not blank decides how they are cut (7.6)."""
    first = re.compile(rb"[ \t\r\n]*([^\n]*)").match(data)
    if is_json(first.group(1)) or first.group(1)[:1] not in (b"{", b"["):
        for match in re.finditer(rb"[^\n]+", data):
            text = match.group()[:-1] if match.group().endswith(b"\r") else match.group()
            if text.strip(b" \t\r"):
                yield match.start() + len(text) - len(text.lstrip(b" \t\r")), text.lstrip(b" \t\r")
        return
    at = SPACE.match(data).end()
    while at < len(data):
        try:
            end = end_of_value(data, at) if data[at : at + 1] in (b"{", b"[") else data.find(b"\n", at) % (len(data) + 1)
        except ValueError:
            end = len(data)
        yield at, data[at:end]
        at = SPACE.match(data, end).end()


def transcribed(data, symbol=None):
    """(position, original, record) of each record of a file in a foreign format; None if it has none (7.6)."""
    texts = list(texts_of(data))
    if not texts or texts[0][1][:1] not in (b"{", b"[") or not is_json(texts[0][1]):
        return None
    kind = kind_of(texts[0][1], symbol)
    if kind is None:
        return None
    reader, found = Texts(symbol), []
    for offset, text in texts:
        bars = getattr(reader, kind)(text) if is_json(text) and text[:1] in (b"{", b"[") else [(0, text, text)]
        found += [(1 + data.count(b"\n", 0, offset + at), original, record) for at, original, record in bars]
    return found
