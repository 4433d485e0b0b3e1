"""Clause 2.3: times as nanoseconds since 1970-01-01T00:00:00Z."""

import re

from exact_number import UNIT

TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?"
)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year, month):
    return (31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


# The days from 1970-01-01 to the first of January of each year that can be written (2.3) or printed (4).
DAYS_BEFORE_YEAR = {1970: 0, 1969: -365}
for _year in range(1970, 2264):
    DAYS_BEFORE_YEAR[_year + 1] = DAYS_BEFORE_YEAR[_year] + (366 if is_leap(_year) else 365)


def instant_of(text):
    """The instant that the text names, or None if it is no timestamp."""
    match = TIMESTAMP.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, offset_hour, offset_minute = match.groups()[6:]
    if not 1970 <= year <= 2261 or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = 0
    if sign:
        if int(offset_hour) > 23 or int(offset_minute) > 59:
            return None
        offset = (int(offset_hour) * 60 + int(offset_minute)) * 60 * (-1 if sign == "-" else 1)
    days = DAYS_BEFORE_YEAR[year] + sum(days_in_month(year, m) for m in range(1, month)) + day - 1
    seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return seconds * UNIT + int((fraction or "").ljust(9, "0"))


def civil(instant):
    """Date and time of day of an instant: (year, month, day, hour, minute, second, nanosecond)."""
    seconds, nanosecond = divmod(instant, UNIT)
    day, second = divmod(seconds, 86_400)
    year = 1970 + day // 366 - 1  # never too late; the loop finds the right one
    year = max(year, 1969)
    while DAYS_BEFORE_YEAR[year + 1] <= day:
        year += 1
    day -= DAYS_BEFORE_YEAR[year]
    month = 1
    while day >= days_in_month(year, month):
        day -= days_in_month(year, month)
        month += 1
    return year, month, day + 1, second // 3_600, second // 60 % 60, second % 60, nanosecond


def window_time_text(instant):
    return "%04d-%02d-%02d %02d:%02d:%02d" % civil(instant)[:6]


def bar_time_text(instant):
    *parts, nanosecond = civil(instant)
    fraction = f".{nanosecond:09d}".rstrip("0") if nanosecond else ""
    return "%04d-%02d-%02dT%02d:%02d:%02d" % tuple(parts) + fraction + "Z"
