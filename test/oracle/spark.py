"""Compares trends with what Spark 3.5.9 answered for the same messages (spark-oracle/golden.tgz of the shared data).

Spark is permissive where the contract is strict, so only windows count that no rejected, null, duplicate or late record
touches ("null" is also a field that the contract derives and Spark leaves null). Spark adds doubles and rounds HALF_UP on the shortest decimal text, so at an exact tie of the fifth decimal it may
land on the other side: such a difference is at most 0.0001, is allowed only if the exact value IS a tie, and is counted.
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
    """What a permissive reader may see in a field of a record that we reject."""
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
        if not fields["volume"].text.isdecimal():
            touched.update(keys)  # the seed's job reads volume as a long: 1e3 and 12.5 are null to Spark
        held[bar.symbol, bar.time] = bar
        newest = bar.time if newest is None else max(newest, bar.time)
        if bar.time // SLIDE * SLIDE + SLIDE <= newest - delay * UNIT:
            touched.update(keys)  # its first window is closed: late, at least in part; Spark's batch knows no late
        for key in keys:
            bars[key].append(bar)
    return {key: value for key, value in bars.items() if key not in touched}, touched


def is_tie(bars, name):
    """Whether the exact value of an average or volatility lies just between two written values."""
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


def compare(trends, delay, lines, rows):
    """(what agreed and what was excused, by name; the list of true disagreements) for final trends as text."""
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
        ties = set()
        for name in NUMBERS:
            ours, theirs = trend[name], row.get(name)
            counts["numbers compared"] += 1
            if ours is None or theirs is None:
                if ours is not None or theirs is not None:
                    wrong.append(f"{key} {name}: ours {ours}, Spark {theirs}")
                continue
            difference = abs(Fraction(ours) - Fraction(theirs))
            if difference == 0:
                continue
            if is_tie(clean[key], name) and difference <= (1 if name == "avg_volume" else Fraction(1, 10_000)):
                counts[f"{name}: exact tie, Spark's double fell to the other side"] += 1
                ties.add(name)
            elif name == "vwap_deviation_pct" and ties & {"avg_close", "avg_vwap"}:
                counts["vwap_deviation_pct: follows from such a tie"] += 1
            else:
                wrong.append(f"{key} {name}: ours {float(ours)}, Spark {float(theirs)}")
        if trend["trend_signal"] != row["trend_signal"]:
            above_low, price_range = 10 * (trend["avg_close"] - trend["min_close"]), trend["price_range"]
            if "avg_close" in ties:
                counts["trend_signal: follows from such a tie"] += 1
            elif above_low in (4 * price_range, 6 * price_range):
                counts["trend_signal: exactly on the border, where doubles are not"] += 1
            else:
                wrong.append(f"{key} trend_signal: ours {trend['trend_signal']}, Spark {row['trend_signal']}")
    wrong += [f"{key}: Spark and the contract have it, the trends do not" for key in clean.keys() - seen]
    return counts, wrong
