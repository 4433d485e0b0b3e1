"""Bars as people have them in files, and the results of contract/reference for them. Nothing here was computed by Tidemark."""

import csv
import io
import json
import pathlib
import random
import sys
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import lakes  # noqa: E402,F401  and with it the reference's folder
import judging  # noqa: E402
import tidemark_reference as reference  # noqa: E402
from record_json import Reject  # noqa: E402

MONDAY = 1_767_564_000  # 2026-01-04 22:00:00 UTC, so it includes two hours of Sunday
MINUTE = 60


def stamp(seconds):
    import datetime

    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def walk(symbols=("AAPL", "BRK.B", "BTC/USD"), minutes=300, begin=MONDAY, seed=1):
    """Good bars in order of time, as dicts with decimals."""
    chance = random.Random(seed)
    price = {symbol: Decimal(chance.randrange(5_000, 50_000)) / 100 for symbol in symbols}
    bars = []
    for minute in range(minutes):
        for symbol in symbols:
            open_ = price[symbol]
            close = max(Decimal("0.01"), open_ + Decimal(chance.randrange(-150, 151)) / 100)
            price[symbol] = close
            bars.append(
                {
                    "symbol": symbol,
                    "timestamp": stamp(begin + minute * MINUTE),
                    "open": open_,
                    "high": max(open_, close) + Decimal(chance.randrange(0, 30)) / 1000,
                    "low": min(open_, close),
                    "close": close,
                    "volume": Decimal(chance.randrange(0, 10**9)) / (1 if symbol != "BTC/USD" else 10**8),
                    "vwap": None if chance.random() < 0.1 else (open_ + close) / 2,
                    "trade_count": None if chance.random() < 0.1 else chance.randrange(0, 5_000),
                }
            )
    return bars


def as_json(bar):
    return lakes.text(bar)


def hostile(bars, seed=2):
    """Records out of order, some of them repeated, changed or invalid."""
    chance = random.Random(seed)
    lines = [as_json(bar) for bar in bars]
    for _ in range(60):
        lines.append(as_json({**chance.choice(bars), "volume": Decimal(chance.randrange(10**6))}))
        lines.append(as_json(chance.choice(bars)))
    lines += ["{", "[]", '{"symbol":"A"}', as_json({**bars[0], "open": "1"}), as_json({**bars[1], "high": Decimal("0.001")})]
    lines += ['{"heartbeat":"2030-01-05T00:00:00Z"}', '{"heartbeat":1}', "   ", as_json({**bars[2], "volume": Decimal(-1)})]
    chance.shuffle(lines)
    return lines


def judged(lines):
    """(bars of the lake by identity, number superseded, reasons); the last of each identity counts."""
    latest, superseded, reasons, read = {}, 0, {}, 0
    for line in lines:
        if not line.strip():
            continue
        try:
            bar = judging.judge(line.encode())
        except Reject as reject:
            reasons[reject.args[0]] = reasons.get(reject.args[0], 0) + 1
            read += 1
            continue
        if isinstance(bar, judging.Heartbeat):
            continue
        read += 1
        superseded += (bar.symbol, bar.time) in latest
        latest[bar.symbol, bar.time] = bar
    return latest, superseded, reasons, read


NUMBERS = ("open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change")


def in_lake(data):
    """The lake's bars, the latest of each identity, in the form of the reference."""
    found = {}
    for row in lakes.latest_bars(data / "lake"):
        units = {name: None if row[name] is None else int(row[name].scaleb(9)) for name in NUMBERS}
        bar = judging.Bar(
            symbol=row["symbol"], time=row["timestamp_ns"], direction=row["direction"], trade_count=row["trade_count"], feed=row["feed"], **units
        )
        found[bar.symbol, bar.time] = bar
    return found


def as_csv(bars, names, separator=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    """`names`: (column, field or a function of the bar)."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerow([column for column, _ in names])
    for bar in bars:
        values = [field(bar) if callable(field) else bar[field] for _, field in names]
        writer.writerow(["" if value is None else format(value, "f") if isinstance(value, Decimal) else value for value in values])
    return text.getvalue()


def json_of(text):
    return json.loads(text, parse_float=Decimal)
