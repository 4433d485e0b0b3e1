"""A small market with every kind of bar that the lake has to keep, line by line.

Three symbols around midnight (UTC), so that there are two days; a gap, a corrected bar, one corrected twice, a duplicate,
late bars, a bar without vwap, fractional volumes, times finer than a minute, and lines that are no bars. Nothing is
random: the lines are the same every time, and nothing in them was computed by Tidemark.
"""

import json
from decimal import Decimal

START = 1_795_388_400  # 2026-11-22 23:00:00 UTC, a Sunday
MINUTES = 120

# symbol: base price, first and last minute, one step of the price in each of a few minutes that repeat
SYMBOLS = {
    "AAPL": (Decimal("175.00"), 0, 120, ("0.60", "0.02", "0.01", "0.00", "0.02", "-0.70", "0.45", "0.05", "0.01")),
    "TSLA": (Decimal("250.00"), 0, 120, ("0.90", "-0.75", "-0.05", "-0.10", "0.00", "0.02", "-0.12")),
    "BTC/USD": (Decimal("97000.5"), 10, 110, ("35.25", "-12.125", "-20.0625", "8.5", "1.015625")),
}


def timestamp(seconds, fraction=""):
    days, rest = divmod(seconds - START + 23 * 3600, 86_400)
    hour, minute, second = rest // 3600, rest // 60 % 60, rest % 60
    return f"2026-11-{22 + days:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"


def bar(symbol, seconds, open_, close, minute, fraction="", **changes):
    """One record; prices are strings of exact decimals in the end."""
    low, high = min(open_, close) - Decimal("0.02"), max(open_, close) + Decimal("0.03")
    fields = {
        "symbol": symbol,
        "timestamp": timestamp(seconds, fraction),
        "open": open_,
        "high": high,
        "low": low,
        "close": close,
        "volume": Decimal(minute % 17 * 100 + 250) if "/" not in symbol else Decimal(minute % 7 + 1) / 8,
        "vwap": (open_ + close) / 2 + Decimal("0.001") * (minute % 5),
        "trade_count": minute % 11 + 3,
        "feed": "crypto" if "/" in symbol else "iex",
    }
    return {**fields, **changes}


def walk(symbol):
    """The bars of one symbol as they should have arrived, by minute."""
    price, first, last, steps = SYMBOLS[symbol]
    bars = {}
    for minute in range(first, last):
        close = price + Decimal(steps[minute % len(steps)])
        bars[minute] = bar(symbol, START + 60 * minute, price, close, minute)
        price = close
    return bars


def records():
    """(minute of arrival, record as text), in order of arrival."""
    arrivals = []
    for symbol in SYMBOLS:
        for minute, record in walk(symbol).items():
            if symbol == "TSLA" and 40 <= minute < 47:
                continue  # a gap of seven minutes
            if symbol == "AAPL" and minute in (20, 21):
                continue  # these come late, below
            if symbol == "BTC/USD" and minute % 10 == 3:
                record["vwap"] = None
            arrivals.append((minute, record))

    aapl, tsla, coin = walk("AAPL"), walk("TSLA"), walk("BTC/USD")
    arrivals += [
        # All windows of minute 20 end by 23:25 and are closed once 23:27 has been seen; those of 21 a minute later.
        (31, aapl[20]),
        (31, {**aapl[21], "high": Decimal("199.99")}),
        # Corrected while open; the second one twice, back and forth.
        (51, {**aapl[50], "close": aapl[50]["close"] + Decimal("0.01")}),
        (61, {**tsla[60], "high": Decimal("251.500000001")}),
        (62, tsla[60]),
        # The same again: a duplicate.
        (63, tsla[63]),
        # Within a minute, and finer than a microsecond.
        (70, bar("BTC/USD", START + 60 * 70 + 30, coin[70]["close"], coin[70]["close"], 70, ".123456789")),
        # A late bar that comes after the end of its day.
        (80, {**tsla[58], "volume": Decimal(9999)}),
    ]
    arrivals.sort(key=lambda arrival: arrival[0])  # stable, so equal arrivals keep their order
    lines = [text(record) for _, record in arrivals]
    lines.insert(100, "no bar at all")
    lines.insert(200, text({**aapl[0], "high": Decimal("1")}))
    return lines


def text(record):
    """JSON with exact decimals."""
    values = (
        f"{json.dumps(name)}:{value if isinstance(value, Decimal) else json.dumps(value)}"
        for name, value in record.items()
    )
    return "{" + ",".join(values) + "}"


if __name__ == "__main__":
    print("\n".join(records()))
