"""The indicators of `tidemark trends --indicators` against TA-Lib, which computes in doubles.

Closes with seven decimals make rows with nine, so that what is compared is hardly rounded. TA-Lib may differ by 1e-9 of the price, and
by half of the last place written.
"""

import datetime
import json
import math
import random
import subprocess

LENGTH = 2_500
RELATIVE = 1e-9


def walk(seed, begin, width):
    """(high, low, close) in 1e-7, at random."""
    rng, close, bars = random.Random(seed), begin, []
    for _ in range(LENGTH):
        close = max(1_000_000, close + rng.randrange(-width, width + 1)) // 10 * 10 + 7  # seven decimals, always
        bars.append((close + rng.randrange(width), max(1, close - rng.randrange(width)), close))
    return bars


SERIES = {
    "a share": walk(1, 175 * 10**7, 2 * 10**6 + 1),
    "a coin": walk(2, 65_000 * 10**7, 10**9 + 7),
    "EUR/USD": walk(3, 10_834_567, 2_003),
    "rising only": [(10**9 + i * 12_345_679 + 7, 10**9 + i * 12_345_679 - 7, 10**9 + i * 12_345_679) for i in range(LENGTH)],
    "two prices": [(11 * 10**7 + 1, 10 * 10**7 - 1, (10 + i % 2) * 10**7 + 1) for i in range(LENGTH)],
}


def lines_of(bars):
    begin = datetime.datetime(2025, 1, 2, 9)
    for i, (high, low, close) in enumerate(bars):
        stamp = (begin + datetime.timedelta(minutes=i)).strftime("%Y-%m-%dT%H:%M:%SZ")
        price = {"open": close, "high": high, "low": low, "close": close}
        numbers = ",".join(f'"{name}":{value // 10**7}.{value % 10**7:07d}' for name, value in price.items())
        yield f'{{"symbol":"A","timestamp":"{stamp}",{numbers},"volume":1}}'


def rows_of(binary, bars):
    done = subprocess.run([binary, "trends", "--size", "1m", "--slide", "1m", "--indicators"], input="\n".join(lines_of(bars)).encode(),
                          capture_output=True, check=True, timeout=120)
    return [json.loads(line) for line in done.stdout.splitlines()]


def theirs(bars, np, talib):
    high, low, close = (np.array(column, dtype=float) / 1e7 for column in zip(*bars))
    macd, signal, histogram = talib.MACD(close, 12, 26, 9)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2)
    return {"sma_50": talib.SMA(close, 50), "ema_20": talib.EMA(close, 20), "rsi_14": talib.RSI(close, 14), "macd": macd, "macd_signal": signal,
            "macd_histogram": histogram, "bollinger_upper": upper, "bollinger_middle": middle, "bollinger_lower": lower,
            "atr_14": talib.ATR(high, low, close, 14)}


def faults(binary):
    """What differs, one sentence each. Raises ImportError where TA-Lib is not installed."""
    import numpy as np
    import talib

    found = []
    for name, bars in SERIES.items():
        rows = rows_of(binary, bars)
        if len(rows) != len(bars):
            found.append(f"{name}: {len(rows)} rows of {len(bars)} bars")
            continue
        for column, values in theirs(bars, np, talib).items():
            last_place = 0.5e-4 if column == "rsi_14" else 0.5e-9
            for row, value, (*_, close) in zip(rows, values, bars):
                scale = 100 if column == "rsi_14" else close / 1e7
                ours = row[column]
                agree = ours is None if math.isnan(value) else ours is not None and abs(ours - value) <= RELATIVE * scale + 1.001 * last_place
                if not agree:
                    found.append(f"{name}, step {row['step']}: {column} is {ours}, TA-Lib's {value!r}")
                    break
    return found
