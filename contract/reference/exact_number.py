"""Clauses 2.1, 2.9 and 4.2: from a number's text to whole units of 1e-9, and back to text. Floats are never used."""

import sys
from fractions import Fraction

UNIT = 10**9  # units in 1 (numbers) and nanoseconds in a second (times)

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # a number may fill the whole record (1.3)


def half_away(value):
    """A Fraction or integer, rounded to an integer half away from zero."""
    value = Fraction(value)
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -magnitude if value < 0 else magnitude


BEYOND_ALL_RANGES = 10**80  # stands for any number of 1e60 or more, all of which are whole


def units_of(number):
    """The units of a JSON number, rounded half away from zero (2.1)."""
    mantissa, _, exponent = number.text.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    sign = -1 if mantissa.startswith("-") else 1
    power = int(exponent or "0") - len(fraction)  # the value is digits * 10**power
    if len(digits) + power < -20:
        return 0
    if len(digits) + power > 60 and power >= 0:
        return sign * BEYOND_ALL_RANGES
    value = int(digits) * 10 ** (power + 9) if power >= -9 else Fraction(int(digits), 10 ** -(power + 9))
    return sign * half_away(value)


def rounded(value, places):
    """A Fraction of units as a whole number of 10**-places, half away from zero (0 to 9 places)."""
    return half_away(Fraction(value) / 10 ** (9 - places))


def with_places(count, places):
    """The text of a whole number of 10**-places: always all places, no point without any, no minus before zero (4.2)."""
    sign = "-" if count < 0 else ""
    whole, rest = divmod(abs(count), 10**places)
    return f"{sign}{whole}" + (f".{rest:0{places}d}" if places else "")


def decimals(units):
    """The digits after the decimal point, without trailing zeros ("Units" of the clauses)."""
    return len(f"{abs(units) % UNIT:09d}".rstrip("0"))


def shortest(units):
    """The shortest exact decimal of units (2.9)."""
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), UNIT)
    return f"{sign}{whole}" + (f".{rest:09d}".rstrip("0") if rest else "")
