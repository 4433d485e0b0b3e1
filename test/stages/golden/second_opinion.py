"""The reference's building blocks against Python's json, decimal and datetime, which are independent."""

import datetime
import json
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
from types import SimpleNamespace

import generate
import tidemark_reference as reference
from exact_number import units_of
from instant import instant_of, window_time_text
from record_json import Number, Reject, parse_object
from writing import trend


def no_constant(text):
    raise ValueError(text)


def theirs(record):
    """The standard library's verdict on a record, in the terms of 1.8 (except depth, which it does not limit)."""
    double = []

    def pairs(found):
        if len(dict(found)) != len(found):
            double.append(True)
        return dict(found)

    try:
        value = json.loads(record.decode("utf-8"), parse_constant=no_constant, object_pairs_hook=pairs, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return "bad_json"
    return "not_an_object" if not isinstance(value, dict) else "duplicate_key" if double else "fine"


def ours(record):
    try:
        parse_object(record)
    except Reject as reject:
        return reject.reason
    return "fine"


def json_agrees(records):
    found = []
    for record in records:
        mine = ours(record)
        if mine not in ("too_long", "too_deep") and mine != theirs(record):
            found.append(f"{record[:300]!r}: the reference says {mine}, Python's json {theirs(record)}")
    return found


def numbers_agree(seed=1, count=4_000):
    rng, found = random.Random(seed), []
    with localcontext() as context:
        context.prec = 2_000
        for _ in range(count):
            digits = "".join(rng.choice("0123459") for _ in range(rng.randrange(1, 40)))
            text = rng.choice(("", "-")) + (digits.lstrip("0") or "0")
            text += rng.choice(("", "." + "".join(rng.choice("00459") for _ in range(rng.randrange(1, 20)))))
            text += rng.choice(("", "", f"e{rng.randrange(-60, 15)}", f"E+{rng.randrange(9)}"))
            units = int((Decimal(text) * 10**9).quantize(Decimal(1), rounding=ROUND_HALF_UP))
            if units_of(Number(text)) != units:
                found.append(f"{text}: {units_of(Number(text))}, decimal says {units}")
    return found


def times_agree(seed=2, count=4_000):
    rng, found, epoch = random.Random(seed), [], datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    for _ in range(count):
        zone = datetime.timezone(datetime.timedelta(minutes=rng.randrange(-1_439, 1_440)))
        local = datetime.datetime(1970, 1, 1, tzinfo=zone) + datetime.timedelta(microseconds=rng.randrange(9_214_646_400 * 10**6))
        instant = (local - epoch) // datetime.timedelta(microseconds=1) * 1_000
        if instant_of(local.isoformat()) != instant:
            found.append(f"{local.isoformat()}: {instant_of(local.isoformat())}, datetime says {instant}")
        text = local.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        if window_time_text(instant) != text:
            found.append(f"{instant}: {window_time_text(instant)}, datetime says {text}")
    for year in range(1968, 2264):
        for month in range(1, 13):
            for day in (28, 29, 30, 31, 32):
                text = f"{year}-{month:02d}-{day:02d}"
                try:
                    real = 1970 <= datetime.date.fromisoformat(text).year <= 2261
                except ValueError:
                    real = False
                if (instant_of(text + "T00:00:00") is not None) != real:
                    found.append(f"{text} is {'a' if real else 'no'} day")
    return found


def random_bars(rng):
    """Bars of one window in the reference's form: prices of any size with any number of decimals."""
    step = 10 ** rng.randrange(10)  # units; the decimals of the closes
    top = rng.choice((12, 12, 10**3, 10**5, 10**7, 9 * 10**18 // step))
    base = rng.choice((0, rng.randrange(9 * 10**18 // step - top + 1)))
    volume_step = 10 ** rng.randrange(10)
    with_vwap = rng.choice((0, 0.5, 1))
    return [
        SimpleNamespace(
            close=(base + rng.randrange(1, top)) * step,
            volume=rng.randrange(rng.choice((2, 10**6))) * volume_step,
            vwap=rng.choice((-1, 1, 1, 1)) * (base + rng.randrange(1, top)) * step if rng.random() < with_vwap else None,
            pct_change=rng.randrange(-10**10, 10**10),
            direction=rng.choice(("up", "down", "flat")),
            feed=None,
        )
        for _ in range(rng.choice((1, 2, 3, 5, 8, 13, 39)))
    ]


def places_in(numbers):
    return max(-min(0, number.normalize().as_tuple().exponent) for number in numbers)


def by_decimal(bars):
    """The numbers of a trend as unrounded Decimals with their places, computed by section 4 in textbook steps."""
    closes, volumes, vwaps = ([Decimal(getattr(bar, name)).scaleb(-9) for bar in bars if getattr(bar, name) is not None]
                              for name in ("close", "volume", "vwap"))
    p, v, n = min(9, max(4, places_in(closes) + 2)), places_in(volumes), len(bars)
    mean, vwap = sum(closes) / n, sum(vwaps) / len(vwaps) if vwaps else None
    return {
        "avg_close": (mean, p), "max_close": (max(closes), p), "min_close": (min(closes), p), "price_range": (max(closes) - min(closes), p),
        "avg_volume": (sum(volumes) / n, v),
        "volatility": ((sum((x - mean) ** 2 for x in closes) / (n - 1)).sqrt() if n > 1 else None, p),
        "avg_vwap": (vwap, p),
        "avg_pct_change": (sum(Decimal(bar.pct_change).scaleb(-9) for bar in bars) / n, 4),
        "buy_pressure": (Decimal(sum(bar.direction == "up" for bar in bars)) / n, 4),
        "vwap_deviation_pct": ((mean - vwap) / vwap * 100 if vwap else None, 4),
    }


def signal_by_decimal(bars):
    """The signal from the share of the range, or None too near to a border for decimals, which the case signal covers."""
    closes = [Decimal(bar.close) for bar in bars]
    if max(closes) == min(closes):
        return "NEUTRAL"
    share = (sum(closes) / len(closes) - min(closes)) / (max(closes) - min(closes))
    if min(abs(share - border) for border in (Decimal("0.4"), Decimal("0.6"))) < Decimal("1e-90"):
        return None
    return "BULLISH" if share > Decimal("0.6") else "BEARISH" if share < Decimal("0.4") else "NEUTRAL"


def signal_of_row(row):
    """The signal that a reader computes from the written prices (4.2)."""
    average, low, high = (Decimal(row[name]) for name in ("avg_close", "min_close", "max_close"))
    above_low, price_range = 10 * (average - low), high - low
    return "BULLISH" if above_low > 6 * price_range else "BEARISH" if above_low < 4 * price_range else "NEUTRAL"


def written(value, places):
    """The text of an unrounded value, or None too near to a tie for 200 digits, which the golden cases cover."""
    if value is None:
        return "null"
    twice = value.scaleb(places) * 2
    if twice != twice.to_integral_value() and abs(twice - twice.to_integral_value()) < Decimal("1e-120"):
        return None
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def trends_agree(seed=3, count=4_000):
    rng, found = random.Random(seed), []
    with localcontext() as context:
        context.prec = 200
        for _ in range(count):
            bars = random_bars(rng)
            line = trend("A", 0, 300 * 10**9, bars, "final", 1)
            row = json.loads(line, parse_float=str, parse_int=str)
            for name, (value, places) in by_decimal(bars).items():
                text, mine = written(value, places), "null" if row[name] is None else row[name]
                if text not in (None, mine):
                    found.append(f"{name} of {[(bar.close, bar.volume, bar.vwap) for bar in bars]}: {mine}, decimal says {text}")
            if places_in([Decimal(bar.close).scaleb(-9) for bar in bars]) <= 7 and signal_of_row(row) != row["trend_signal"]:
                found.append(f"signal of {[bar.close for bar in bars]}: {row['trend_signal']}, the written row says {signal_of_row(row)}")
            if signal_by_decimal(bars) not in (None, row["trend_signal"]):
                found.append(f"signal of {[bar.close for bar in bars]}: {row['trend_signal']}, decimal says {signal_by_decimal(bars)}")
    return found


def records(golden, seeds=range(60)):
    """Every record of the golden cases and of some random streams."""
    for path in sorted(golden.glob("*/arrivals*")):
        yield from (record for _, record in reference.lines_of(path.read_bytes()))
    for seed in seeds:
        for _, data in generate.stream(seed)[1]:
            yield from (record for _, record in reference.lines_of(data))


def faults(golden):
    getcontext().prec = 200
    return json_agrees(records(golden)) + numbers_agree() + times_agree() + trends_agree()
