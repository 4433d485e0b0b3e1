"""Hostile streams of bars: out of order, repeated, corrected, late, finer than a second, over midnight."""

import datetime
import json
import random
from decimal import Decimal

START = datetime.datetime(2026, 3, 7, 21, tzinfo=datetime.UTC)  # three hours before midnight
SYMBOLS = ("AAPL", "BRK.B", "BTC/USD", "Z", "a", "~")


def record(rng, time_ns, symbol):
    digits = rng.choice((0, 2, 4, 9))
    price = Decimal(rng.randint(1, 10**rng.choice((3, 6, 9)))).scaleb(-digits) + Decimal("0.01")
    spread = price / 100
    low, high = price - spread, price + spread
    close = rng.choice((price, low, high))
    seconds, fraction = divmod(time_ns, 10**9)
    stamp = datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fields = {
        "symbol": f'"{symbol}"', "timestamp": f'"{stamp}.{fraction:09}Z"',
        **{name: f"{value:.9f}" for name, value in (("open", price), ("high", high + 1), ("low", low / 2), ("close", close))},
        "volume": str(Decimal(rng.randint(0, 10 ** rng.choice((3, 9, 20)))).scaleb(-9)),
    }
    if rng.random() < 0.7:
        fields["vwap"] = rng.choice(("null", f"{price:.9f}", "0", f"-{price:.9f}"))
    if rng.random() < 0.2:
        fields["pct_change"] = str(rng.choice((0, Decimal("-0.00005"), 10**17, Decimal("12.345678901"))))
    if rng.random() < 0.2:
        fields["direction"] = json.dumps(rng.choice(("up", "down", "flat")))
    if rng.random() < 0.5:
        fields["trade_count"] = str(rng.randint(0, 10**6))
    if rng.random() < 0.8:
        fields["feed"] = json.dumps(rng.choice(("iex", "iex", "iex", "sip", "ü")))
    return "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"


def hostile(seed, count):
    """Records in the order of arrival."""
    rng = random.Random(seed)
    now, said, lines = int(START.timestamp()) * 10**9, [], []
    while len(lines) < count:
        now += rng.choice((0, 1, 10, 60)) * 10**9
        kind = rng.random()
        if kind < 0.02:
            lines.append("no bar")
        elif kind < 0.05 and said:
            lines.append(rng.choice(said))  # a duplicate, or late
        else:
            back = rng.choice((0, 0, 0, 30, 90, 600, 5_000)) * 10**9
            time = (now - back) // (20 * 10**9) * 20 * 10**9
            if rng.random() < 0.1:
                time += rng.choice((1, 999, 10**6, 123_456_789))
            lines.append(record(rng, time, rng.choice(SYMBOLS)))
            said.append(lines[-1])
    return lines


def in_order(seed, minutes):
    """A bar a minute for each symbol, in order."""
    rng = random.Random(seed)
    begin = int(START.timestamp())
    return [record(rng, (begin + 60 * minute) * 10**9, symbol) for minute in range(minutes) for symbol in SYMBOLS]


def in_cents(minute):
    """A minute bar of an expensive share."""
    close = 17_500 + minute * 7 % 40
    stamp = f"{START + datetime.timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
    prices = f'"open":175,"high":176,"low":175,"close":{close / 100:.2f},"vwap":{close / 100 + 0.01:.2f}'
    return f'{{"symbol":"AAPL","timestamp":"{stamp}",{prices},"volume":{100 + minute},"feed":"iex"}}'
