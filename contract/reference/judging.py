"""Clauses 2.4 to 2.7: a record as a bar or heartbeat, or the reason why it is neither."""

import re
from collections import namedtuple
from fractions import Fraction

from exact_number import UNIT, rounded, units_of
from instant import instant_of
from record_json import Number, Reject, parse_object

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
    vwap = judge_within(fields, "vwap", PRICE_LIMIT) or None  # 0 is no price (2.7)
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
        price_change = rounded(close - open_, 4) * 10**5
    if pct_change is None:
        pct_change = rounded(Fraction(close - open_, open_) * 100 * UNIT, 4) * 10**5
    if direction is None:
        direction = "up" if close > open_ else "down" if close < open_ else "flat"

    return Bar(
        symbol, time, open_, high, low, close, volume, vwap, price_change, pct_change, direction, trade_count, feed
    )


def judge(record):
    """A Bar or a Heartbeat; raises Reject. The hour-ahead rule needs the partition and is checked there."""
    fields = parse_object(record)
    return judge_heartbeat(fields) if "heartbeat" in fields else judge_bar(fields)
