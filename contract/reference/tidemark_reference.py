#!/usr/bin/env python3
"""The exact reference of contract/semantics.md: slow, obvious, standard library only.

It is written from the clauses (their numbers stand in the comments) and from nothing else, so that the engines can be
compared with it byte for byte. Every number is a Python integer of units (1e-9) or a Fraction; no float is ever made.

    tidemark_reference.py [FILE...] [--size 5m] [--slide 1m] [--delay 2m] [--updates] [--keep-open]
                          [--late FILE] [--rejects FILE] [--stats] [--bars FILE]

The options are those of `tidemark trends`; --bars alone is the reference's own: it writes every accepted and corrected bar
the way Tidemark writes bars (2.9).
"""

import argparse
import base64
import gzip
import io
import re
import sys
from collections import namedtuple
from fractions import Fraction
from math import isqrt

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # a number may fill the whole record (1.3)

UNIT = 10**9  # units in 1 (numbers) and nanoseconds in a second (times)
MAX_RECORD_BYTES = 65_536
MAX_DEPTH = 64


class Reject(Exception):
    """The record fails for `reason`; `field` is the field that is to blame, or empty (2.4)."""

    def __init__(self, reason, field=""):
        super().__init__(reason, field)
        self.reason = reason
        self.field = field


# ---------------------------------------------------------------------------------------------------------------------
# JSON (1.4 - 1.8). Strings decode to Python strings, in which a lone surrogate may stand; numbers stay text.

Number = namedtuple("Number", "text")

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
PLAIN_CHARACTERS = re.compile(r'[^"\\\x00-\x1f]*')
HEX4 = re.compile(r"[0-9a-fA-F]{4}")
SHORT_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS = {"true": True, "false": False, "null": None}


class Json:
    """Reads one JSON text by RFC 8259, without recursion, so that depth is no matter of the stack.

    Grammar errors raise at once; depth and double keys are only noted, because bad_json comes before them (1.8).
    """

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.too_deep = False
        self.duplicate_key = False

    def document(self):
        self.space()
        value = self.value()
        self.space()
        if self.at != len(self.text):
            raise Reject("bad_json")
        return value

    def space(self):
        self.at = SPACE.match(self.text, self.at).end()

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def expect(self, character):
        if self.peek() != character:
            raise Reject("bad_json")
        self.at += 1

    def value(self):
        """One value with all it holds. `open_` are the containers begun and not yet ended, outermost first."""
        open_ = []
        while True:
            # Here a value begins: a container that is not empty goes on with its first value, all else is whole.
            character = self.peek()
            if character == "{" or character == "[":
                self.at += 1
                self.space()
                container = {} if character == "{" else []
                if len(open_) + 1 > MAX_DEPTH:
                    self.too_deep = True
                if self.peek() == ("}" if character == "{" else "]"):
                    self.at += 1
                    value = container
                else:
                    open_.append([container, self.key() if character == "{" else None])
                    continue
            elif character == '"':
                value = self.string()
            elif character == "-" or "0" <= character <= "9":
                value = self.number()
            else:
                value = self.literal()

            # Here a value is whole: put it where it belongs and see whether that ends its container, too.
            while True:
                if not open_:
                    return value
                self.space()
                container, key = open_[-1]
                if isinstance(container, dict):
                    if key in container:
                        self.duplicate_key = True
                    container[key] = value
                    end = "}"
                else:
                    container.append(value)
                    end = "]"
                if self.peek() == end:
                    self.at += 1
                    value = container
                    open_.pop()
                    continue
                self.expect(",")
                self.space()
                if end == "}":
                    open_[-1][1] = self.key()
                break

    def key(self):
        key = self.string()
        self.space()
        self.expect(":")
        self.space()
        return key

    def literal(self):
        for name, value in LITERALS.items():
            if self.text.startswith(name, self.at):
                self.at += len(name)
                return value
        raise Reject("bad_json")

    def number(self):
        match = NUMBER.match(self.text, self.at)
        if not match:
            raise Reject("bad_json")
        self.at = match.end()
        return Number(match.group())

    def string(self):
        self.expect('"')
        parts = []
        while True:
            match = PLAIN_CHARACTERS.match(self.text, self.at)
            parts.append(match.group())
            self.at = match.end()
            character = self.peek()
            if character == '"':
                self.at += 1
                return "".join(parts)
            if character != "\\":
                raise Reject("bad_json")  # the text ends, or a raw control character
            self.at += 1
            parts.append(self.escape())

    def escape(self):
        character = self.peek()
        self.at += 1
        if character in SHORT_ESCAPES:
            return SHORT_ESCAPES[character]
        if character != "u":
            raise Reject("bad_json")
        unit = self.hex4()
        if 0xD800 <= unit <= 0xDBFF and self.text.startswith("\\u", self.at):
            before = self.at
            self.at += 2
            low = self.hex4()
            if 0xDC00 <= low <= 0xDFFF:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            self.at = before
        return chr(unit)

    def hex4(self):
        match = HEX4.match(self.text, self.at)
        if not match:
            raise Reject("bad_json")
        self.at = match.end()
        return int(match.group(), 16)


def parse_object(record):
    """The object of a record, or the reject that 1.8 asks for."""
    if len(record) > MAX_RECORD_BYTES:
        raise Reject("too_long")
    try:
        text = record.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Reject("bad_json") from None
    json = Json(text)
    value = json.document()
    if not isinstance(value, dict):
        raise Reject("not_an_object")
    if json.too_deep:
        raise Reject("too_deep")
    if json.duplicate_key:
        raise Reject("duplicate_key")
    return value


# ---------------------------------------------------------------------------------------------------------------------
# Numbers (2.1, 4.2)


def half_away(value):
    """A Fraction or integer, rounded to an integer half away from zero."""
    value = Fraction(value)
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -magnitude if value < 0 else magnitude


BEYOND_ALL_RANGES = 10**80  # stands for any number of 1e60 or more; a whole number, like all of those


def units_of(number):
    """The units of a JSON number, rounded half away from zero (2.1)."""
    mantissa, _, exponent = number.text.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    sign = -1 if mantissa.startswith("-") else 1
    power = int(exponent or "0") - len(fraction)  # the value is digits * 10**power
    if len(digits) + power < -20:
        return 0
    if len(digits) + power > 60 and power >= 0:
        return sign * BEYOND_ALL_RANGES
    value = int(digits) * 10 ** (power + 9) if power >= -9 else Fraction(int(digits), 10 ** -(power + 9))
    return sign * half_away(value)


def round4(value):
    """A Fraction of units as whole ten-thousandths, half away from zero."""
    return half_away(Fraction(value) / 10**5)


def text4(ten_thousandths):
    """Always four decimals, and no minus before zero (4.2)."""
    sign = "-" if ten_thousandths < 0 else ""
    whole, rest = divmod(abs(ten_thousandths), 10_000)
    return f"{sign}{whole}.{rest:04d}"


def shortest(units):
    """The shortest exact decimal of units (2.9)."""
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), UNIT)
    return f"{sign}{whole}" + (f".{rest:09d}".rstrip("0") if rest else "")


# ---------------------------------------------------------------------------------------------------------------------
# Times (2.3): nanoseconds since 1970-01-01T00:00:00Z

TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?"
)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year, month):
    return (31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


# The days from 1970-01-01 to the first of January of each year that can be written (2.3) or printed (4).
DAYS_BEFORE_YEAR = {1970: 0, 1969: -365}
for _year in range(1970, 2264):
    DAYS_BEFORE_YEAR[_year + 1] = DAYS_BEFORE_YEAR[_year] + (366 if is_leap(_year) else 365)


def instant_of(text):
    """The instant that the text names, or None if it is no timestamp."""
    match = TIMESTAMP.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, offset_hour, offset_minute = match.groups()[6:]
    if not 1970 <= year <= 2261 or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = 0
    if sign:
        if int(offset_hour) > 23 or int(offset_minute) > 59:
            return None
        offset = (int(offset_hour) * 60 + int(offset_minute)) * 60 * (-1 if sign == "-" else 1)
    days = DAYS_BEFORE_YEAR[year] + sum(days_in_month(year, m) for m in range(1, month)) + day - 1
    seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return seconds * UNIT + int((fraction or "").ljust(9, "0"))


def civil(instant):
    """Date and time of day of an instant: (year, month, day, hour, minute, second, nanosecond)."""
    seconds, nanosecond = divmod(instant, UNIT)
    day, second = divmod(seconds, 86_400)
    year = 1970 + day // 366 - 1  # never too late; the loop finds the right one
    year = max(year, 1969)
    while DAYS_BEFORE_YEAR[year + 1] <= day:
        year += 1
    day -= DAYS_BEFORE_YEAR[year]
    month = 1
    while day >= days_in_month(year, month):
        day -= days_in_month(year, month)
        month += 1
    return year, month, day + 1, second // 3_600, second // 60 % 60, second % 60, nanosecond


def window_time_text(instant):
    return "%04d-%02d-%02d %02d:%02d:%02d" % civil(instant)[:6]


def bar_time_text(instant):
    *parts, nanosecond = civil(instant)
    fraction = f".{nanosecond:09d}".rstrip("0") if nanosecond else ""
    return "%04d-%02d-%02dT%02d:%02d:%02d" % tuple(parts) + fraction + "Z"


# ---------------------------------------------------------------------------------------------------------------------
# Judging a record (2.4 - 2.7)

# Numbers are units, `time` is an instant, absent values are None.
Bar = namedtuple(
    "Bar",
    "symbol time open high low close volume vwap price_change pct_change direction trade_count feed",
)
Heartbeat = namedtuple("Heartbeat", "time")

SYMBOL = re.compile(r"[!-~]{1,32}")
PRICE_LIMIT = 9_223_372_036_854_775_807  # units; exclusive (2.2)
VOLUME_LIMIT = 10**18 * UNIT
CHANGE_LIMIT = 10**27 * UNIT
MAX_TRADE_COUNT = 9_223_372_036_854_775_807

IS_TYPE = {
    str: lambda value: isinstance(value, str),
    Number: lambda value: isinstance(value, Number),
}


def required(fields, name, type_):
    if name not in fields:
        raise Reject("missing", name)
    if not IS_TYPE[type_](fields[name]):
        raise Reject("wrong_type", name)
    return fields[name]


def optional(fields, name, type_):
    value = fields.get(name)
    if value is not None and not IS_TYPE[type_](value):
        raise Reject("wrong_type", name)
    return value


def judge_time(text, name):
    time = instant_of(text)
    if time is None:
        raise Reject("bad_timestamp", name)
    return time


def judge_heartbeat(fields):
    time = judge_time(required(fields, "heartbeat", str), "heartbeat")
    optional(fields, "source", str)
    return Heartbeat(time)


def judge_price(fields, name):
    units = units_of(required(fields, name, Number))
    if units <= 0:
        raise Reject("not_positive", name)
    if units >= PRICE_LIMIT:
        raise Reject("out_of_range", name)
    return units


def judge_within(fields, name, limit):
    number = optional(fields, name, Number)
    if number is None:
        return None
    units = units_of(number)
    if abs(units) >= limit:
        raise Reject("out_of_range", name)
    return units


def judge_trade_count(fields):
    number = optional(fields, "trade_count", Number)
    if number is None:
        return None
    count, rest = divmod(units_of(number), UNIT)
    if rest:
        raise Reject("not_integer", "trade_count")
    if count < 0:
        raise Reject("negative", "trade_count")
    if count > MAX_TRADE_COUNT:
        raise Reject("out_of_range", "trade_count")
    return count


def judge_feed(fields):
    feed = optional(fields, "feed", str)
    if feed is not None and any("\ud800" <= character <= "\udfff" for character in feed):
        raise Reject("bad_feed", "feed")
    return feed


def judge_bar(fields):
    symbol = required(fields, "symbol", str)
    if not SYMBOL.fullmatch(symbol):
        raise Reject("bad_symbol", "symbol")
    time = judge_time(required(fields, "timestamp", str), "timestamp")
    open_ = judge_price(fields, "open")
    high = judge_price(fields, "high")
    low = judge_price(fields, "low")
    close = judge_price(fields, "close")
    volume = units_of(required(fields, "volume", Number))
    if volume < 0:
        raise Reject("negative", "volume")
    if volume >= VOLUME_LIMIT:
        raise Reject("out_of_range", "volume")
    vwap = judge_within(fields, "vwap", PRICE_LIMIT)
    price_change = judge_within(fields, "price_change", CHANGE_LIMIT)
    pct_change = judge_within(fields, "pct_change", CHANGE_LIMIT)
    direction = optional(fields, "direction", str)
    if direction not in (None, "up", "down", "flat"):
        raise Reject("bad_direction", "direction")
    trade_count = judge_trade_count(fields)
    feed = judge_feed(fields)

    # The cross rules (2.6)
    if high < low:
        raise Reject("high_below_low", "high")
    if low > open_:
        raise Reject("low_above_open", "low")
    if open_ > high:
        raise Reject("open_above_high", "high")
    if low > close:
        raise Reject("low_above_close", "low")
    if close > high:
        raise Reject("close_above_high", "high")

    # What is absent is derived (2.7)
    if price_change is None:
        price_change = round4(close - open_) * 10**5
    if pct_change is None:
        pct_change = half_away(Fraction(close - open_, open_) * 100 * 10_000) * 10**5
    if direction is None:
        direction = "up" if close > open_ else "down" if close < open_ else "flat"

    return Bar(
        symbol, time, open_, high, low, close, volume, vwap, price_change, pct_change, direction, trade_count, feed
    )


def judge(record):
    """A Bar or a Heartbeat; raises Reject. The hour-ahead rule needs the partition and is judged there."""
    fields = parse_object(record)
    return judge_heartbeat(fields) if "heartbeat" in fields else judge_bar(fields)


# ---------------------------------------------------------------------------------------------------------------------
# What is written (2.8 - 2.10, 4)

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quoted(text):
    return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def quoted_or_null(text):
    return "null" if text is None else quoted(text)


def text_or_null(value, text):
    return "null" if value is None else text(value)


def dead_letter(reject, source, position, record):
    """The line for a rejected record (2.8)."""
    carried = record[:MAX_RECORD_BYTES]
    try:
        text, in_base64 = quoted(carried.decode("utf-8", "strict")), ""
    except UnicodeDecodeError:
        text, in_base64 = "null", f',"record_base64":"{base64.b64encode(carried).decode()}"'
    length = f',"record_bytes":{len(record)}' if reject.reason == "too_long" else ""
    return (
        f'{{"reason":{quoted(reject.reason)},"field":{quoted(reject.field)},"source":{quoted(source)},'
        f'"position":{position},"record":{text}{in_base64}{length}}}\n'
    )


def written_bar(bar):
    """A bar as Tidemark writes it (2.9)."""
    return (
        f'{{"symbol":{quoted(bar.symbol)},"timestamp":"{bar_time_text(bar.time)}","open":{shortest(bar.open)},'
        f'"high":{shortest(bar.high)},"low":{shortest(bar.low)},"close":{shortest(bar.close)},'
        f'"volume":{shortest(bar.volume)},"vwap":{text_or_null(bar.vwap, shortest)},'
        f'"price_change":{shortest(bar.price_change)},"pct_change":{shortest(bar.pct_change)},'
        f'"direction":"{bar.direction}","trade_count":{text_or_null(bar.trade_count, str)},'
        f'"feed":{quoted_or_null(bar.feed)}}}\n'
    )


def volatility(closes):
    """round4 of the sample standard deviation, from exact integers (4.3); None for one bar.

    With the variance v in units², the result in ten-thousandths is the k that lies nearest to y = sqrt(v / 10**10);
    half away from zero that is floor(y + 1/2) = floor((2y + 1) / 2) = floor((floor(2y) + 1) / 2), and
    floor(2y) = isqrt(floor(4v / 10**10)).
    """
    n = len(closes)
    if n == 1:
        return None
    numerator = n * sum(x * x for x in closes) - sum(closes) ** 2
    denominator = n * (n - 1)
    return (isqrt(4 * numerator // (denominator * 10**10)) + 1) // 2


def trend(symbol, start, end, bars, status, revision):
    """The line of a window that holds `bars` (4)."""
    n = len(bars)
    closes = [bar.close for bar in bars]
    vwaps = [bar.vwap for bar in bars if bar.vwap is not None]
    avg_close = round4(Fraction(sum(closes), n))
    max_close = round4(max(closes))
    min_close = round4(min(closes))
    avg_volume = half_away(Fraction(sum(bar.volume for bar in bars), n * UNIT))
    avg_vwap = round4(Fraction(sum(vwaps), len(vwaps))) if vwaps else None
    avg_pct_change = round4(Fraction(sum(bar.pct_change for bar in bars), n))
    buy_pressure = half_away(Fraction(sum(bar.direction == "up" for bar in bars) * 10_000, n))
    price_range = max_close - min_close
    deviation = half_away(Fraction((avg_close - avg_vwap) * 100 * 10_000, avg_vwap)) if avg_vwap else None
    above_low = 10 * (avg_close - min_close)
    signal = "BULLISH" if above_low > 6 * price_range else "BEARISH" if above_low < 4 * price_range else "NEUTRAL"
    feeds = {bar.feed for bar in bars}
    feed = feeds.pop() if len(feeds) == 1 else None
    return (
        f'{{"symbol":{quoted(symbol)},"window_start":"{window_time_text(start)}","window_end":"{window_time_text(end)}",'
        f'"avg_close":{text4(avg_close)},"max_close":{text4(max_close)},"min_close":{text4(min_close)},'
        f'"avg_volume":{avg_volume},"volatility":{text_or_null(volatility(closes), text4)},'
        f'"avg_vwap":{text_or_null(avg_vwap, text4)},"avg_pct_change":{text4(avg_pct_change)},'
        f'"buy_pressure":{text4(buy_pressure)},"bar_count":{n},"price_range":{text4(price_range)},'
        f'"vwap_deviation_pct":{text_or_null(deviation, text4)},"trend_signal":"{signal}",'
        f'"status":"{status}","revision":{revision},"feed":{quoted_or_null(feed)}}}\n'
    )


# ---------------------------------------------------------------------------------------------------------------------
# The partition (3, 4.6, 4.7)


class Window:
    """A window of one symbol: the bars it holds by their time, and how many records have changed it."""

    def __init__(self):
        self.bars = {}
        self.revision = 0

    def put(self, bar):
        self.bars[bar.time] = bar
        self.revision += 1


class Partition:
    """Takes records in arrival order and appends what comes of them to `trends`, `late`, `rejects`, `bars`."""

    def __init__(self, size=300, slide=60, delay=120, updates=False):
        day = 86_400
        if slide < 1 or size < slide or size % slide or size > 90 * day or not 0 <= delay <= 90 * day:
            raise ValueError("size must be a multiple of slide, both size and delay at most 90 days (3.1)")
        self.size, self.slide, self.delay = size * UNIT, slide * UNIT, delay * UNIT
        self.updates = updates
        self.watermark = None  # below every time
        self.heartbeat = None  # the largest so far
        self.open = {}  # end -> symbol -> Window, only windows that hold bars
        self.trends, self.late, self.rejects, self.bars = [], [], [], []
        self.stats = dict.fromkeys(("read", "accepted", "duplicate", "corrected", "late", "rejected"), 0)

    def take(self, record, source, position):
        try:
            value = judge(record)
            if isinstance(value, Bar) and self.heartbeat is not None and value.time > self.heartbeat + 3_600 * UNIT:
                raise Reject("ahead_of_heartbeat", "timestamp")
        except Reject as reject:
            self.count("rejected")
            self.rejects.append(dead_letter(reject, source, position, record))
            return
        self.observe(value.time)
        self.close_passed()
        if isinstance(value, Heartbeat):
            self.heartbeat = value.time if self.heartbeat is None else max(self.heartbeat, value.time)
        else:
            self.count(self.admit(value, record))

    def count(self, outcome):
        self.stats["read"] += 1
        self.stats[outcome] += 1

    def observe(self, time):
        if self.watermark is None or time - self.delay > self.watermark:
            self.watermark = time - self.delay

    def close_passed(self):
        for end in sorted(self.open):
            if end <= self.watermark:
                self.close(end)

    def close(self, end):
        windows = self.open.pop(end)
        for symbol in sorted(windows):  # symbols are ASCII: this is the order of their bytes
            self.write(symbol, end, windows[symbol], "final")

    def admit(self, bar, record):
        """What becomes of a judged bar: its name in the account."""
        ends = self.open_ends(bar.time)
        if not ends:
            self.late.append(record + b"\n")
            return "late"
        # Whoever held the bar's identity holds it in its last window, which is the last to close.
        holder = self.open.get(ends[-1], {}).get(bar.symbol)
        held = holder.bars.get(bar.time) if holder else None
        if held == bar:
            return "duplicate"
        for end in ends:
            self.open.setdefault(end, {}).setdefault(bar.symbol, Window()).put(bar)
        self.bars.append(written_bar(bar))
        if self.updates:
            for end in ends:
                self.write(bar.symbol, end, self.open[end][bar.symbol], "update")
        return "accepted" if held is None else "corrected"

    def open_ends(self, time):
        """The ends of the windows that contain the time and are not closed, in order."""
        last_start = time // self.slide * self.slide
        starts = range(last_start, time - self.size, -self.slide)
        return sorted(start + self.size for start in starts if start + self.size > self.watermark)

    def write(self, symbol, end, window, status):
        bars = list(window.bars.values())
        self.trends.append(trend(symbol, end - self.size, end, bars, status, window.revision))

    def finish(self):
        """The end of a bounded input (3.14)."""
        if self.open:
            self.observe(max(self.open) + self.delay)
            self.close_passed()


# ---------------------------------------------------------------------------------------------------------------------
# The filter (1.1, 1.2, 7)


def lines_of(data):
    """(line number, record) of each record in a file's bytes."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, start=1):
        record = line[:-1] if line.endswith(b"\r") else line
        if record.strip(b" \t\r"):
            yield number, record


def run(inputs, size=300, slide=60, delay=120, updates=False, keep_open=False):
    """The partition after all inputs, each a pair of (source name, bytes)."""
    partition = Partition(size, slide, delay, updates)
    for source, data in inputs:
        for number, record in lines_of(data):
            partition.take(record, source, number)
    if not keep_open:
        partition.finish()
    return partition


def stats_text(stats):
    return "{" + ",".join(f'"{name}":{count}' for name, count in stats.items()) + "}\n"


def duration(text):
    match = re.fullmatch(r"([0-9]+)([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration like 90s, 5m, 1h, 1d")
    return int(match.group(1)) * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[match.group(2)]


def arguments():
    parser = argparse.ArgumentParser(description="The exact reference of contract/semantics.md.")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--size", type=duration, default=300)
    parser.add_argument("--slide", type=duration, default=60)
    parser.add_argument("--delay", type=duration, default=120)
    parser.add_argument("--updates", action="store_true")
    parser.add_argument("--keep-open", action="store_true")
    parser.add_argument("--stats", action="store_true")
    parser.add_argument("--late", metavar="FILE")
    parser.add_argument("--rejects", metavar="FILE")
    parser.add_argument("--bars", metavar="FILE")
    return parser


def read(name):
    if name == "-":
        return sys.stdin.buffer.read()
    with open(name, "rb") as file:
        return file.read()


def main():
    options = arguments().parse_args()
    inputs = ((name, read(name)) for name in options.files or ["-"])
    partition = run(inputs, options.size, options.slide, options.delay, options.updates, options.keep_open)
    sys.stdout.buffer.write("".join(partition.trends).encode())
    for name, lines in ((options.late, partition.late), (options.rejects, partition.rejects), (options.bars, partition.bars)):
        if name:
            with open(name, "wb") as file:
                file.writelines(line if isinstance(line, bytes) else line.encode() for line in lines)
    if options.stats:
        sys.stderr.write(stats_text(partition.stats))


if __name__ == "__main__":
    main()
