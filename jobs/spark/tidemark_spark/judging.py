"""Judges a record that the SQL of records.py leaves aside: JSON of any form, heartbeats, rejects (contract 1.3 to 2.7).

Standard library only: Spark's Python workers run it. `judge(record)` gives a tuple of the fields in FIELDS.
"""

import base64
import json
import re
from calendar import monthrange
from datetime import date

UNIT = 10**9
MAX_BYTES = 65_536
MAX_DEPTH = 64
PRICE_LIMIT = 2**63 - 1  # units, exclusive (2.2)
FIELDS = (
    "kind reason field symbol time open high low close volume_high volume_low vwap price_change_high price_change_low "
    "pct_change_high pct_change_low direction trade_count feed"
).split()
REQUIRED = {"symbol": str, "timestamp": str, "open": int, "high": int, "low": int, "close": int, "volume": int}
OPTIONAL = {"vwap": int, "price_change": int, "pct_change": int, "direction": str, "trade_count": int, "feed": str}


class Rejected(Exception):
    def __init__(self, reason, field=""):
        super().__init__(reason, field)
        self.reason, self.field = reason, field


class Number(str):
    """A number of the JSON text, still as text."""


# ---- JSON

TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\]:,])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))', re.A)
NESTED = 200  # a text with fewer brackets is safe for json's recursion


def object_of(record):
    """The members of a record's object. 1.8 says which error is told."""
    if len(record) > MAX_BYTES:
        raise Rejected("too_long")
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        raise Rejected("bad_json") from None
    depth = 0
    if text.count("{") + text.count("[") > MAX_DEPTH:
        depth = depth_of(text)
        if depth > MAX_DEPTH:
            raise Rejected("too_deep" if text.lstrip(" \t\r\n").startswith("{") else "not_an_object")
    doubled = []

    def members(pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            doubled.append(True)
        return found

    try:
        value = json.loads(text, object_pairs_hook=members, parse_int=Number, parse_float=Number, parse_constant=refuse)
    except ValueError:
        raise Rejected("bad_json") from None
    if not isinstance(value, dict):
        raise Rejected("not_an_object")
    if doubled:
        raise Rejected("duplicate_key")
    return value


def refuse(name):
    raise ValueError(name)


def depth_of(text):
    """The depth of a JSON text, found without recursion; raises Rejected if it is no JSON."""
    at, deepest, open_, expects = 0, 0, [], "value"
    text = text.rstrip(" \t\r\n")
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Rejected("bad_json")
        at = match.end()
        mark, string, _ = match.groups()
        if mark in ("{", "[") and expects in ("value", "value or ]"):
            open_.append(mark)
            deepest = max(deepest, len(open_))
            expects = "key or }" if mark == "{" else "value or ]"
        elif mark in ("}", "]") and open_ and open_[-1] == {"}": "{", "]": "["}[mark] and expects in ("more", f"key or {mark}", f"value or {mark}"):
            open_.pop()
            expects = "more"
        elif mark == "," and expects == "more" and open_:
            expects = "key" if open_[-1] == "{" else "value"
        elif mark == ":" and expects == ":":
            expects = "value"
        elif mark is None and string and expects in ("key", "key or }"):
            expects = ":"
        elif mark is None and expects in ("value", "value or ]"):
            expects = "more"
        else:
            raise Rejected("bad_json")
    if open_ or expects != "more":
        raise Rejected("bad_json")
    return deepest


# ---- values


def units_of(text):
    """2.1: the number rounded to whole units, half away from zero."""
    mantissa, _, exponent = text.lower().partition("e")
    negative = mantissa.startswith("-")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    size = exponent.lstrip("+-").lstrip("0")[:12] or "0"  # twelve digits are beyond any record's length
    power = int(size) * (-1 if exponent.startswith("-") else 1) - len(fraction) + 9
    if len(digits) + power > 60:
        units = 10**60  # beyond all ranges
    elif len(digits) + power < 0:
        units = 0
    elif power >= 0:
        units = int(digits) * 10**power
    else:
        kept = digits[:power] or "0"
        units = int(kept) + (digits.rjust(1 - power, "0")[power] >= "5")
    return -units if negative else units


TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?", re.A)
EPOCH = date(1970, 1, 1).toordinal()


def time_of(text):
    """2.3: nanoseconds since 1970, or None."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    if not 1970 <= year <= 2261 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    if hour > 23 or minute > 59 or second > 59 or int(hours or 0) > 23 or int(minutes or 0) > 59:
        return None
    offset = (int(hours or 0) * 60 + int(minutes or 0)) * (-60 if sign == "-" else 60)
    seconds = (date(year, month, day).toordinal() - EPOCH) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return seconds * UNIT + int((fraction or "0").ljust(9, "0"))


def value_of(members, name, type_, required):
    if name not in members:
        if required:
            raise Rejected("missing", name)
        return None
    value = members[name]
    if value is None and not required:
        return None
    if not (isinstance(value, Number) if type_ is int else type(value) is str):
        raise Rejected("wrong_type", name)
    return value


def time_field(members, name):
    time = time_of(value_of(members, name, str, True))
    if time is None:
        raise Rejected("bad_timestamp", name)
    return time


def price(members, name):
    units = units_of(value_of(members, name, int, True))
    if units <= 0:
        raise Rejected("not_positive", name)
    if units >= PRICE_LIMIT:
        raise Rejected("out_of_range", name)
    return units


def within(members, name, limit):
    text = value_of(members, name, int, False)
    units = None if text is None else units_of(text)
    if units is not None and abs(units) >= limit:
        raise Rejected("out_of_range", name)
    return units


def count_field(members, name):
    text = value_of(members, name, int, False)
    if text is None:
        return None
    units = units_of(text)
    if units % UNIT:
        raise Rejected("not_integer", name)
    if units < 0:
        raise Rejected("negative", name)
    if units // UNIT >= 2**63:
        raise Rejected("out_of_range", name)
    return units // UNIT


def halves(units):
    """A number of up to 36 digits as two BIGINTs, high * 10**18 + low, of one sign."""
    if units is None:
        return None, None
    high, low = divmod(abs(units), 10**18)
    return (-high, -low) if units < 0 else (high, low)


def half_away(dividend, divisor):
    quotient = (2 * abs(dividend) + divisor) // (2 * divisor)
    return -quotient if dividend < 0 else quotient


def bar_of(members):
    symbol = value_of(members, "symbol", str, True)
    if not re.fullmatch(r"[!-~]{1,32}", symbol):
        raise Rejected("bad_symbol", "symbol")
    time = time_field(members, "timestamp")
    open_, high, low, close = (price(members, name) for name in ("open", "high", "low", "close"))
    volume = units_of(value_of(members, "volume", int, True))
    if volume < 0:
        raise Rejected("negative", "volume")
    if volume >= 10**27:
        raise Rejected("out_of_range", "volume")
    vwap = within(members, "vwap", PRICE_LIMIT) or None  # 0 is no price (2.7)
    price_change = within(members, "price_change", 10**36)
    pct_change = within(members, "pct_change", 10**36)
    direction = value_of(members, "direction", str, False)
    if direction not in (None, "up", "down", "flat"):
        raise Rejected("bad_direction", "direction")
    trade_count = count_field(members, "trade_count")
    feed = value_of(members, "feed", str, False)
    if feed is not None and re.search("[\ud800-\udfff]", feed):
        raise Rejected("bad_feed", "feed")
    for broken, reason, field in (
        (high < low, "high_below_low", "high"), (low > open_, "low_above_open", "low"), (open_ > high, "open_above_high", "high"),
        (low > close, "low_above_close", "low"), (close > high, "close_above_high", "high"),
    ):
        if broken:
            raise Rejected(reason, field)
    if price_change is None:
        price_change = half_away(close - open_, 10**5) * 10**5
    if pct_change is None:
        pct_change = half_away((close - open_) * 10**6, open_) * 10**5
    direction = direction or ("up" if close > open_ else "down" if close < open_ else "flat")
    return ("bar", None, None, symbol, time, open_, high, low, close, *halves(volume), vwap, *halves(price_change), *halves(pct_change),
            direction, trade_count, feed)


def judge(record):
    """The fields of FIELDS. `kind` is bar, heartbeat or reject."""
    try:
        members = object_of(bytes(record))
        if "heartbeat" not in members:
            return bar_of(members)
        time = time_field(members, "heartbeat")
        value_of(members, "source", str, False)
        return ("heartbeat", None, None, None, time, *[None] * 14)
    except Rejected as rejected:
        return ("reject", rejected.reason, rejected.field, *[None] * 16)


# ---- dead letters

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quoted(text):
    return '"' + re.sub('[\x00-\x1f"\\\\]', lambda found: ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def dead_letter(reason, field, source, position, record):
    """2.8: the line of a rejected record, without its LF."""
    carried = bytes(record[:MAX_BYTES])
    try:
        told = quoted(carried.decode("utf-8"))
    except UnicodeDecodeError:
        told = f'null,"record_base64":"{base64.b64encode(carried).decode()}"'
    length = f',"record_bytes":{len(record)}' if reason == "too_long" else ""
    return f'{{"reason":{quoted(reason)},"field":{quoted(field)},"source":{quoted(source)},"position":{position},"record":{told}{length}}}'
