"""The reference's building blocks against Python's own json, decimal and datetime, which were written by others."""

import datetime
import json
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
from fractions import Fraction

import generate
import tidemark_reference as reference
from exact_number import round4, text4, units_of
from instant import instant_of, window_time_text
from record_json import Number, Reject, parse_object
from writing import volatility


def no_constant(text):
    raise ValueError(text)


def theirs(record):
    """What the standard library makes of a record, in the words of 1.8 (depth apart, on which it has no opinion)."""
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


def roundings_agree(seed=3, count=4_000):
    rng, found = random.Random(seed), []
    with localcontext() as context:
        context.prec = 200
        for _ in range(count):
            closes = [rng.randrange(1, rng.choice((10**5, 10**12, 9 * 10**18))) for _ in range(rng.randrange(2, 9))]
            exact = [Decimal(close).scaleb(-9) for close in closes]
            mean = sum(exact) / len(exact)
            deviation = (sum((x - mean) ** 2 for x in exact) / (len(exact) - 1)).sqrt()
            for what, mine, value in (
                ("volatility", volatility(closes), deviation),
                ("average", round4(Fraction(sum(closes), len(closes))), mean),
            ):
                rounded = value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
                if abs(value * 20_000 - (value * 20_000).to_integral_value()) < Decimal("1e-120"):
                    continue  # too near a tie for a decimal of 200 digits to judge; rounding-ties has those
                if text4(mine) != f"{rounded:f}":
                    found.append(f"{what} of {closes}: {text4(mine)}, decimal says {rounded:f}")
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
    return json_agrees(records(golden)) + numbers_agree() + times_agree() + roundings_agree()
