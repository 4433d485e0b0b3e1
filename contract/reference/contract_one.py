"""Clause 6.5: the columns of a contract 1 row that are compared, computed from the bars of its window.

Contract 1 rounded to four places first, and avg_volume to an integer. A vwap of 0 counted as a price.
Its other columns followed from these.
"""

from fractions import Fraction

from exact_number import UNIT, rounded, with_places
from writing import volatility


def four(value):
    return with_places(rounded(value, 4), 4)


def compared(bars):
    """The compared columns of a window that holds `bars`, as text. Its feed and bar_count are the same in every contract."""
    n = len(bars)
    closes = [bar.close for bar in bars]
    deviation = volatility(closes, 4)
    return {
        "avg_close": four(Fraction(sum(closes), n)),
        "max_close": four(max(closes)),
        "min_close": four(min(closes)),
        "avg_volume": with_places(rounded(Fraction(sum(bar.volume for bar in bars), n), 0), 0),
        "volatility": None if deviation is None else with_places(deviation, 4),
        "avg_pct_change": four(Fraction(sum(bar.pct_change for bar in bars), n)),
        "buy_pressure": four(Fraction(sum(bar.direction == "up" for bar in bars) * UNIT, n)),
    }


def average_vwaps(bars):
    """The possible texts of avg_vwap: any bar without a vwap may have had one of 0. None stands for null."""
    vwaps = [bar.vwap for bar in bars if bar.vwap is not None]
    texts = {four(Fraction(sum(vwaps), k)) for k in range(max(1, len(vwaps)), len(bars) + 1)}
    return texts if vwaps else texts | {None}
