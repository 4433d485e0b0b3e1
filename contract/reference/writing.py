"""Clauses 2.8 to 2.10 and 4: dead letters, bars and trends as text."""

import base64
from fractions import Fraction
from math import isqrt

from exact_number import UNIT, decimals, rounded, shortest, with_places
from instant import bar_time_text, window_time_text
from record_json import MAX_RECORD_BYTES

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


def places_of_prices(closes):
    """p: the number of places of a window's prices (4.2)."""
    return min(9, max(4, 2 + max(decimals(close) for close in closes)))


def places_of_volumes(volumes):
    """v: the number of places of a window's average volume (4.2)."""
    return max(decimals(volume) for volume in volumes)


def volatility(closes, places):
    """The sample standard deviation as a whole number of 10**-places, from exact integers (4.3); None for one bar.

    With the variance v in units², the result is the k nearest to y = sqrt(v / 100**(9 - places)); half away from zero
    that is floor(y + 1/2) = floor((2y + 1) / 2) = floor((floor(2y) + 1) / 2), and floor(2y) = isqrt(floor(4v / 100**(9 - places))).
    """
    n = len(closes)
    if n == 1:
        return None
    numerator = n * sum(x * x for x in closes) - sum(closes) ** 2
    denominator = n * (n - 1)
    return (isqrt(4 * numerator // (denominator * 100 ** (9 - places))) + 1) // 2


def vwap_deviation(closes, vwaps):
    """The exact deviation of the average close from the average vwap in units of a percent (4.4), or None."""
    if not vwaps or sum(vwaps) == 0:
        return None
    average_close, average_vwap = Fraction(sum(closes), len(closes)), Fraction(sum(vwaps), len(vwaps))
    return (average_close - average_vwap) / average_vwap * 100 * UNIT


def trend_signal(closes):
    """The signal: where the exact average close is between the lowest and the highest (4.5)."""
    n, low, high = len(closes), min(closes), max(closes)
    above_low = 10 * (sum(closes) - n * low)
    if above_low > 6 * n * (high - low):
        return "BULLISH"
    return "BEARISH" if above_low < 4 * n * (high - low) else "NEUTRAL"


def trend(symbol, start, end, bars, status, revision, series=None):
    """The line of a window that holds `bars` (4), with the indicators of a series behind (8)."""
    n = len(bars)
    closes = [bar.close for bar in bars]
    volumes = [bar.volume for bar in bars]
    vwaps = [bar.vwap for bar in bars if bar.vwap is not None]
    feeds = {bar.feed for bar in bars}
    p = places_of_prices(closes)
    v = places_of_volumes(volumes)

    def price(value):
        return with_places(rounded(value, p), p)

    def ratio(value):
        return with_places(rounded(value, 4), 4)

    avg_vwap = Fraction(sum(vwaps), len(vwaps)) if vwaps else None
    up = sum(bar.direction == "up" for bar in bars)
    return (
        f'{{"symbol":{quoted(symbol)},"window_start":"{window_time_text(start)}","window_end":"{window_time_text(end)}",'
        f'"avg_close":{price(Fraction(sum(closes), n))},"max_close":{price(max(closes))},"min_close":{price(min(closes))},'
        f'"avg_volume":{with_places(rounded(Fraction(sum(volumes), n), v), v)},'
        f'"volatility":{text_or_null(volatility(closes, p), lambda count: with_places(count, p))},'
        f'"avg_vwap":{text_or_null(avg_vwap, price)},"avg_pct_change":{ratio(Fraction(sum(bar.pct_change for bar in bars), n))},'
        f'"buy_pressure":{ratio(Fraction(up * UNIT, n))},"bar_count":{n},"price_range":{price(max(closes) - min(closes))},'
        f'"vwap_deviation_pct":{text_or_null(vwap_deviation(closes, vwaps), ratio)},"trend_signal":"{trend_signal(closes)}",'
        f'"status":"{status}","revision":{revision},"feed":{quoted_or_null(feeds.pop() if len(feeds) == 1 else None)}{series.text(p) if series else ""}}}\n'
    )
