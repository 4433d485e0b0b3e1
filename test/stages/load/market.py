"""Bars of many symbols, all of a minute at once, and the expected windows, computed here in integers."""

import time

FIRST_MINUTE = 1_767_623_400  # 2026-01-05T14:30:00Z
WINDOW, DELAY = 5, 2  # minutes; a window begins each minute


def symbol(at):
    return f"S{at:05d}"


def stamp(minute, pattern):
    return time.strftime(pattern, time.gmtime(FIRST_MINUTE + 60 * minute))


def cents(at, minute):
    """Open and close."""
    open_ = 10_000 + 100 * (at % 50) + (minute * 7 + at) % 13
    return open_, open_ + (minute * at) % 7 - 3


def dollars(number):
    return f"{number // 100}.{number % 100:02d}"


def lines(symbols, minute):
    when = stamp(minute, "%Y-%m-%dT%H:%M:%SZ")
    made = []
    for at in range(symbols):
        open_, close = cents(at, minute)
        made.append(
            f'{{"symbol":"{symbol(at)}","timestamp":"{when}","open":{dollars(open_)},"high":{dollars(max(open_, close) + 5)},'
            f'"low":{dollars(min(open_, close) - 5)},"close":{dollars(close)},"volume":{1000 + at % 500}}}\n'
        )
    return "".join(made).encode()


def window(at, start, newest):
    """The window that begins with this minute, after the bars up to `newest`: the fields that distinguish it from any other."""
    bars = [cents(at, minute) for minute in range(max(start, 0), min(start + WINDOW - 1, newest) + 1)]
    closes = [close for _, close in bars]
    # In units of 0.0001, with halves rounded up, as in contract/semantics.md.
    average = (2 * 100 * sum(closes) + len(bars)) // (2 * len(bars))
    return {
        "avg_close": average / 10_000,
        "max_close": max(closes) / 100,
        "min_close": min(closes) / 100,
        "buy_pressure": (2 * 10_000 * sum(close > open_ for open_, close in bars) + len(bars)) // (2 * len(bars)) / 10_000,
        "avg_volume": 1000 + at % 500,
        "bar_count": len(bars),
        "revision": len(bars),
    }


def open_starts(newest):
    """The windows that the bars of the newest minute change."""
    return range(newest - WINDOW + 1, newest + 1)


def closed_starts(newest):
    """The windows with bars that the newest minute closes."""
    return range(1 - WINDOW, newest - DELAY - WINDOW + 1)
