"""Bars of Alpaca's history as JSON texts, and the records that they should become."""

import datetime
import json
import pathlib
import random
import sys
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib"))
import history  # noqa: E402,F401

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
NAMES = (("S", "symbol"), ("t", "timestamp"), ("o", "open"), ("h", "high"), ("l", "low"), ("c", "close"), ("v", "volume"), ("vw", "vwap"), ("n", "trade_count"))


def bar(at, price, chance, volume):
    """One bar as text: members in Alpaca's order, numbers with exactly their digits."""
    cents = [price + chance.randrange(-90, 91) for _ in range(4)]
    low, high = min(cents), max(cents)
    dollars = lambda units: f"{units / 100:.2f}".rstrip("0").rstrip(".")  # noqa: E731
    stamp = at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{{"c":{dollars(cents[3])},"h":{dollars(high)},"l":{dollars(low)},"n":{chance.randrange(1, 900)},"o":{dollars(cents[0])},'
        f'"t":"{stamp}","v":{volume},"vw":{(low + high) / 200:.6f}}}'
    )


def session(day, close=16, chance=None, density=1.0, price=20_000):
    """Bars of one day at the exchange, 9:30 to `close`, New York's time; some minutes have no trades."""
    at = datetime.datetime(day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK)
    end = datetime.datetime(day.year, day.month, day.day, close, 0, tzinfo=NEW_YORK)
    bars = []
    while at < end:
        if chance.random() < density:
            bars.append(bar(at, price, chance, chance.randrange(100, 90_000)))
        at += datetime.timedelta(minutes=1)
    return bars


def year_of(symbols, first, days, seed=1, density=0.9):
    """symbol → bars; Monday to Friday, 28 November 2025 closes at 13:00."""
    chance = random.Random(seed)
    bars = {}
    for symbol in symbols:
        bars[symbol] = []
        price = chance.randrange(2_000, 60_000)
        for i in range(days):
            day = first + datetime.timedelta(days=i)
            if day.weekday() < 5 and day != datetime.date(2025, 11, 27):
                bars[symbol] += session(day, 13 if day == datetime.date(2025, 11, 28) else 16, chance, density, price)
    return bars


def coins(symbols, first, minutes, seed=2):
    chance = random.Random(seed)
    begin = datetime.datetime(first.year, first.month, first.day, tzinfo=datetime.timezone.utc)
    return {
        symbol: [
            bar(begin + datetime.timedelta(minutes=i), 9_000_000, chance, f"{chance.randrange(1, 10**9)}e-9" if i % 50 == 0 else f"{chance.randrange(1, 10**9) / 1e9:.9f}")
            for i in range(minutes)
        ]
        for symbol in symbols
    }


def as_records(bars, feed):
    """Alpaca's texts → records, digit by digit, without floating point."""
    lines = []
    for symbol, texts in bars.items():
        for text in texts:
            fields = json.loads(text, parse_float=lambda digits: f"\0{digits}\0", parse_int=lambda digits: f"\0{digits}\0")
            if not isinstance(fields, dict):
                lines.append(text)
                continue
            members = [f'"symbol":{json.dumps(symbol)}']
            for short, name in NAMES[1:]:
                if short in fields:
                    value = fields[short]
                    members.append(f'"{name}":' + (value.strip("\0") if isinstance(value, str) and value.startswith("\0") else json.dumps(value)))
            lines.append("{" + ",".join(members) + f',"feed":"{feed}"' + "}")
    return lines


def wanted(bars, feed):
    """The expected contents of the lake, by the contract's reference, and the number of invalid bars."""
    latest, _, reasons, _ = history.judged(as_records(bars, feed))
    return latest, reasons
