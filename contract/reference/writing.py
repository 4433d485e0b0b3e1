"""Clauses 2.8 to 2.10 and 4: dead letters, bars and trends as text."""

import base64
from fractions import Fraction
from math import isqrt

from exact_number import UNIT, half_away, round4, shortest, text4
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
