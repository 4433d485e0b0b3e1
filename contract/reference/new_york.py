"""New York's clock, for clause 8.9: the offsets of the tz database ("America/New_York") for the years that bars may have."""

from exact_number import UNIT
from instant import DAYS_BEFORE_YEAR, civil, days_in_month

HOUR = 3_600 * UNIT


def day_number(year, month, day):
    return DAYS_BEFORE_YEAR[year] + sum(days_in_month(year, m) for m in range(1, month)) + day - 1


def sunday(year, month, nth):
    """The day number of the nth Sunday of a month; nth = -1: the last one. 1970-01-04 was a Sunday."""
    first = day_number(year, month, 1)
    sundays = [day for day in range(first, first + days_in_month(year, month)) if (day - 3) % 7 == 0]
    return sundays[nth if nth < 0 else nth - 1]


def summer(year):
    """The instants at which daylight saving time begins (2:00 standard time) and ends (2:00 daylight time)."""
    if year >= 2007:
        begin, end = sunday(year, 3, 2), sunday(year, 11, 1)
    else:
        end = sunday(year, 10, -1)
        begin = sunday(year, 4, 1) if year >= 1987 else sunday(year, 4, -1)
        if year == 1974:
            begin = day_number(1974, 1, 6)
        elif year == 1975:
            begin = day_number(1975, 2, 23)
    return begin * 24 * HOUR + 7 * HOUR, end * 24 * HOUR + 6 * HOUR


def offset(instant):
    """Local time less UTC, in ns."""
    year = civil(instant)[0]
    if year < 1970:
        return -5 * HOUR
    begin, end = summer(year)
    return -4 * HOUR if begin <= instant < end else -5 * HOUR


def latest(instant, hours):
    """The latest instant at or before `instant` at which New York's clock shows one of these hours (fractions allowed) of a day."""
    local_day = (instant + offset(instant)) // (24 * HOUR)
    candidates = []
    for day in (local_day - 1, local_day):
        for hour in hours:
            local = day * 24 * HOUR + int(hour * 3_600) * UNIT
            for guess in (local + 4 * HOUR, local + 5 * HOUR):
                if guess + offset(guess) == local:
                    candidates.append(guess)
    return max(candidate for candidate in candidates if candidate <= instant)
