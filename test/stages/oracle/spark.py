"""Compares trends with the answers of Spark 3.5.9 for the same messages (spark-oracle/golden.tgz of the shared data).

Spark is permissive where the contract is strict, so only windows count that no rejected, null, duplicate or late record
touches ("null" is also a field that the contract derives and Spark leaves null, and a vwap of 0, which Spark takes for a price).

Spark's job adds doubles, rounds to four places (HALF_UP on the shortest decimal text) and derives range, deviation and signal
from the rounded numbers, as contract 1 did. The contract rounds once, and writes more places where closes need them. So a
difference is excused, and counted, only where one of these is shown to be its cause:

- the contract's number has more places, and Spark's is the same rounded to four;
- the exact value is a tie at the fifth place, and Spark's double is on the other side;
- Spark's own rounded numbers give Spark's range, deviation or signal, and the exact ones give the contract's.
"""

import collections
import functools
import json
import re
import statistics
import tarfile
from fractions import Fraction
from math import isqrt

import tidemark_reference as reference
from exact_number import UNIT
from instant import instant_of, window_time_text
from judging import judge
from record_json import Reject, parse_object

SIZE, SLIDE = 300 * UNIT, 60 * UNIT
NUMBERS = (
    "avg_close max_close min_close avg_volume volatility avg_vwap avg_pct_change buy_pressure bar_count price_range "
    "vwap_deviation_pct"
).split()


def load(path):
    """(input lines in arrival order, Spark's rows by (symbol, window_start))."""
    with tarfile.open(path) as archive:
        names = sorted(name for name in archive.getnames() if re.fullmatch(r"in/b[0-9]+\.txt", name))
        lines = b"".join(archive.extractfile(name).read() for name in names)
        rows = [json.loads(row, parse_float=Fraction) for row in archive.extractfile("out/batch.jsonl")]
    return lines, {(row.get("symbol"), row["window_start"]): row for row in rows}


def starts_of(time):
    last = time // SLIDE * SLIDE
    return [window_time_text(start) for start in range(last, time - SIZE, -SLIDE)]


def readable(record, field):
    """The values that a permissive reader may see in a field of a record that we reject."""
    match = re.search(rb'"' + field + rb'"\s*:\s*"([^"]*)"', record)
    return match.group(1).decode("utf-8", "replace") if match else None


@functools.cache
def windows_of(lines, delay):
    """(bars of each clean window, the windows that an anomalous record touches); the delay in seconds."""
    bars, touched, held, newest = collections.defaultdict(list), set(), {}, None
    for _, record in reference.lines_of(lines):
        try:
            bar = judge(record)
        except Reject:
            time = instant_of((readable(record, b"timestamp") or "").strip())
            if time is not None:
                touched.update((readable(record, b"symbol"), start) for start in starts_of(time))
            continue
        keys = [(bar.symbol, start) for start in starts_of(bar.time)]
        fields = parse_object(record)
        if (bar.symbol, bar.time) in held:
            touched.update(keys)  # Spark counts it twice
        if fields.get("pct_change") is None or fields.get("direction") is None:
            touched.update(keys)  # Spark does not derive it
        if fields.get("vwap") is not None and bar.vwap is None:
            touched.update(keys)  # 0 is no price in the contract
        if not fields["volume"].text.isdecimal():
            touched.update(keys)  # the seed project's job reads volume as a long, so 1e3 and 12.5 are null in Spark
        held[bar.symbol, bar.time] = bar
        newest = bar.time if newest is None else max(newest, bar.time)
        if bar.time // SLIDE * SLIDE + SLIDE <= newest - delay * UNIT:
            touched.update(keys)  # its first window is closed, so it is late at least in part, and Spark's batch has no lateness
        for key in keys:
            bars[key].append(bar)
    return {key: value for key, value in bars.items() if key not in touched}, touched


def is_tie(bars, name):
    """Whether the exact value of an average or volatility lies exactly between two written values."""
    if name == "volatility":
        variance = Fraction(statistics.variance([Fraction(bar.close, 10**5) for bar in bars]))  # in ten-thousandths
        odd = isqrt(4 * variance.numerator // variance.denominator)
        return odd % 2 == 1 and odd * odd == 4 * variance
    values = {
        "avg_close": [bar.close for bar in bars],
        "avg_vwap": [bar.vwap for bar in bars if bar.vwap is not None],
        "avg_pct_change": [bar.pct_change for bar in bars],
        "avg_volume": [bar.volume for bar in bars],
    }.get(name)
    if not values:
        return False
    step = UNIT if name == "avg_volume" else 10**5
    twice = 2 * Fraction(sum(values), len(values) * step)
    return twice.denominator == 1 and twice.numerator % 2 == 1


def is_rounding_of(ours, theirs):
    """Whether Spark's number is the contract's longer one rounded to four places (ties to either side)."""
    return (ours * 10_000).denominator != 1 and abs(ours - theirs) <= Fraction(1, 20_000)


def follows(name, row):
    """Whether Spark's range or deviation follows from Spark's own rounded numbers."""
    if name == "price_range":
        return row["price_range"] == row["max_close"] - row["min_close"]
    exact = (row["avg_close"] - row["avg_vwap"]) / row["avg_vwap"] * 100
    return abs(row["vwap_deviation_pct"] - exact) <= Fraction(1, 20_000)


def room_for(name, row):
    """The largest difference between a number from exact values and Spark's from rounded ones, each off by up to half of its last place."""
    half = Fraction(1, 20_000)
    if name == "price_range":
        return 2 * half
    vwap = abs(row["avg_vwap"])
    return 2 * half + (100 + abs(row["vwap_deviation_pct"]) + 100) * half / (vwap - half)


def difference_of(name, ours, theirs, row, bars):
    """Why the two numbers of a window may differ: "" if they do not, None if they must not."""
    if ours is None or theirs is None:
        return "" if ours is theirs else None
    ours, theirs = Fraction(ours), Fraction(theirs)
    if ours == theirs:
        return ""
    if name not in ("vwap_deviation_pct", "price_range", "avg_volume") and is_rounding_of(ours, theirs):
        return "the contract has more places, Spark its rounding"
    if is_tie(bars, name) and abs(ours - theirs) <= (1 if name == "avg_volume" else Fraction(1, 10_000)):
        return "exact tie, Spark's double fell to the other side"
    if name in ("vwap_deviation_pct", "price_range") and follows(name, row) and abs(ours - theirs) <= room_for(name, row):
        return "Spark derives it from rounded numbers"
    return None


def signal(average, low, high):
    if high == low:
        return "NEUTRAL"
    share = (average - low) / (high - low)
    return "BULLISH" if share > Fraction(6, 10) else "BEARISH" if share < Fraction(4, 10) else "NEUTRAL"


def signal_difference(ours, row, bars):
    """The same as difference_of, for the signal."""
    if ours == row["trend_signal"]:
        return ""
    closes = [Fraction(bar.close, UNIT) for bar in bars]
    if ours != signal(sum(closes) / len(closes), min(closes), max(closes)):
        return None
    above_low, price_range = 10 * (row["avg_close"] - row["min_close"]), row["price_range"]
    if above_low in (4 * price_range, 6 * price_range):
        return "Spark's rounded average is exactly on the border, where doubles are not"
    if row["trend_signal"] == signal(row["avg_close"], row["min_close"], row["max_close"]):
        return f"the exact average says {ours}, Spark's rounded one {row['trend_signal']}"
    return None


def compare(trends, delay, lines, rows):
    """(agreements and excused differences, by name; the list of true disagreements) for final trends as text."""
    clean, _ = windows_of(lines, delay)
    counts, wrong, seen = collections.Counter(), [], set()
    for text in trends:
        trend = json.loads(text, parse_float=Fraction)
        key = trend["symbol"], trend["window_start"]
        if key not in clean:
            counts["windows left out: an anomalous record touches them"] += 1
            continue
        seen.add(key)
        row = rows.get(key)
        if row is None:
            wrong.append(f"{key}: Spark has no such window")
            continue
        counts["windows compared"] += 1
        counts["numbers compared"] += len(NUMBERS)
        whys = {name: difference_of(name, trend[name], row.get(name), row, clean[key]) for name in NUMBERS}
        whys["trend_signal"] = signal_difference(trend["trend_signal"], row, clean[key])
        for name, why in whys.items():
            if why is None:
                wrong.append(f"{key} {name}: ours {trend[name] and str(trend[name])}, Spark {row.get(name)}")
            elif why:
                counts[f"{name}: {why}"] += 1
    wrong += [f"{key}: Spark and the contract have it, the trends do not" for key in clean.keys() - seen]
    return counts, wrong
