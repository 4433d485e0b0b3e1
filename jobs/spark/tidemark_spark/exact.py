"""Exact arithmetic in SQL expressions: whole numbers only, none wider than its type.

Each function takes and returns the text of an SQL expression. A wide number is cut into limbs, BIGINTs whose sums cannot overflow in a window of
MAX_BARS bars. Sums of limbs are much cheaper than sums of DECIMAL, and exact; DECIMAL(38, 0) is used once a window, on the sums.

Nothing here depends on the session: scale 0 loses no digit with any setting of spark.sql.decimalOperations.allowPrecisionLoss, except in `quotient`,
for which session.py sets it. In ANSI mode an overflow is an error, without it a NULL; neither happens within the limits above.
"""

UNIT = 10**9
MAX_BARS = 40_000  # in one window of one symbol: the largest limb product is 2 * 10**14, and a BIGINT holds 46,000 of them


def wide(expression):
    return f"CAST({expression} AS DECIMAL(38, 0))"


def floor_quotient(dividend, divisor):
    """The quotient of two DECIMAL(38, 0), rounded down; the divisor is positive."""
    return f"CAST(({dividend} - pmod({dividend}, {divisor})) / {divisor} AS DECIMAL(38, 0))"


def quotient(dividend, divisor):
    """The whole part of the quotient of two DECIMAL(38, 0) that are not negative: up to 32 digits, where `div` has 18."""
    return f"CAST(({dividend} - {dividend} % {divisor}) / {divisor} AS DECIMAL(38, 0))"


def rounded_quotient(dividend, divisor):
    """dividend / divisor, rounded half away from zero; the divisor is positive, both are DECIMAL(38, 0)."""
    twice = f"{wide(f'2 * abs({dividend}) + {divisor}')}"
    return f"(CASE WHEN {dividend} < 0 THEN -1 ELSE 1 END * {quotient(twice, wide(f'2 * {divisor}'))})"


def small_quotient(dividend, divisor):
    """rounded_quotient for a result that a BIGINT holds."""
    return f"(CASE WHEN {dividend} < 0 THEN -1 ELSE 1 END * ({wide(f'2 * abs({dividend}) + {divisor}')} div {wide(f'2 * {divisor}')}))"


def joined(limbs, base):
    """The DECIMAL(38, 0) of limbs, the highest first."""
    first, *rest = limbs
    text = wide(first)
    for limb in rest:
        text = wide(f"{text} * {base} + {limb}")
    return text


def decimals(units):
    """The digits after the point without trailing zeros of a BIGINT of units (contract, "Units")."""
    steps = " ".join(f"WHEN {units} % {10 ** (9 - places)} = 0 THEN {places}" for places in range(9))
    return f"CASE {steps} ELSE 9 END"


def with_places(count, places):
    """The text of a whole number of 10**-places (contract 4.2); both are names of columns."""
    digits = f"CAST(abs({count}) AS STRING)"
    padded = f"lpad({digits}, greatest(length({digits}), {places} + 1), '0')"
    point = f"CASE WHEN {places} = 0 THEN '' ELSE concat('.', right({padded}, {places})) END"
    return f"concat(CASE WHEN {count} < 0 THEN '-' ELSE '' END, left({padded}, length({padded}) - {places}), {point})"
