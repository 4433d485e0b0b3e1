"""Clauses 2.1 and 4.2: from a number's text to whole units of 1e-9, and back to text. No float is ever made."""

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


BEYOND_ALL_RANGES = 10**80  # stands for any number of 1e60 or more; a whole number, like all of those


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


def round4(value):
    """A Fraction of units as whole ten-thousandths, half away from zero."""
    return half_away(Fraction(value) / 10**5)


def text4(ten_thousandths):
    """Always four decimals, and no minus before zero (4.2)."""
    sign = "-" if ten_thousandths < 0 else ""
    whole, rest = divmod(abs(ten_thousandths), 10_000)
    return f"{sign}{whole}.{rest:04d}"


def shortest(units):
    """The shortest exact decimal of units (2.9)."""
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), UNIT)
    return f"{sign}{whole}" + (f".{rest:09d}".rstrip("0") if rest else "")
