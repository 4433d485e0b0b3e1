"""Clause 8: the steps of a symbol, and what its indicators say after each.

Closes are units of 1e-9. Recursive averages are whole numbers of 1e-18 (the clauses' r18), so a close of c units is c * UNIT there.
"""

from fractions import Fraction
from math import isqrt

import new_york
from exact_number import UNIT, half_away, rounded, with_places
from writing import quoted

MOST_STEPS = 2_000
DAY = 86_400 * UNIT
NEW_YORK_ANCHORS = (4, 9.5, 20)
KEYS = ("step", "last_close", "sma_50", "ema_20", "rsi_14", "macd", "macd_signal", "macd_histogram", "bollinger_upper", "bollinger_middle",
        "bollinger_lower", "atr_14", "session_vwap", "trend_confirmation")


class Step:
    """What the bars of a pane say together (8.1)."""

    def __init__(self, symbol, start, bars):
        bars = sorted(bars, key=lambda bar: bar.time)
        self.close = bars[-1].close
        self.high, self.low = max(bar.high for bar in bars), min(bar.low for bar in bars)
        self.volume = sum(bar.volume for bar in bars)
        self.traded = sum(bar.volume * price_of(bar) for bar in bars)  # Σ price · volume, in units²
        self.anchor = anchor(symbol, bars[-1].feed, start)


def price_of(bar):
    return Fraction(bar.high + bar.low + bar.close, 3) if bar.vwap is None else Fraction(bar.vwap)


def anchor(symbol, feed, start):
    """Since when session_vwap sums up (8.9)."""
    if "/" in symbol or (feed or "").startswith("crypto"):
        return start // DAY * DAY
    return new_york.latest(start, NEW_YORK_ANCHORS)


class Smoothed:
    """An average that begins as the mean of its first values, and then weighs in each value by `weight` of `parts` (8.4, 8.5, 8.6, 8.8)."""

    def __init__(self, first, weight, parts):
        self.seed, self.first, self.weight, self.parts, self.value = [], first, weight, parts, None

    def push(self, value):
        """`value` in 1e-18."""
        if self.value is not None:
            self.value = half_away(Fraction(self.weight * value + (self.parts - self.weight) * self.value, self.parts))
            return
        self.seed.append(value)
        if len(self.seed) == self.first:
            self.value = half_away(Fraction(sum(self.seed), self.first))


def ema(length):
    return Smoothed(length, 2, length + 1)


def wilder(length):
    return Smoothed(length, 1, length)


class Series:
    """The steps of one symbol so far."""

    def __init__(self):
        self.steps = 0
        self.closes = []
        self.ema_20, self.gain, self.loss, self.range = ema(20), wilder(14), wilder(14), wilder(14)
        self.fast, self.slow, self.signal = ema(12), ema(26), ema(9)
        self.anchor, self.traded, self.volume = None, 0, 0

    def push(self, step):
        """8.4 to 8.9, for one step more."""
        number, close = self.steps, step.close * UNIT
        if self.closes:
            before = self.closes[-1]
            self.gain.push(max(step.close - before, 0) * UNIT)
            self.loss.push(max(before - step.close, 0) * UNIT)
            self.range.push(max(step.high - step.low, abs(step.high - before), abs(step.low - before)) * UNIT)
        self.steps += 1
        self.closes = [*self.closes[-49:], step.close]
        self.ema_20.push(close)
        self.slow.push(close)
        if number >= 14:
            self.fast.push(close)
        if self.slow.value is not None:
            self.signal.push(self.fast.value - self.slow.value)
        if step.anchor != self.anchor:
            self.anchor, self.traded, self.volume = step.anchor, 0, 0
        self.traded += step.traded
        self.volume += step.volume

    def confirmation(self):
        """8.10."""
        sma, ema, close = Fraction(sum(self.closes), 50) * UNIT, self.ema_20.value, self.closes[-1] * UNIT
        if ema > sma and close > ema:
            return "UP"
        return "DOWN" if ema < sma and close < ema else "MIXED"

    def values(self, p):
        """The texts of KEYS, with prices of p places (8.2)."""
        values = dict.fromkeys(KEYS, "null")
        if not self.steps:
            return values

        def price(units):
            return with_places(rounded(units, p), p)

        def smoothed(value):
            return price(Fraction(value, UNIT))

        values["step"] = str(min(self.steps - 1, MOST_STEPS))
        values["last_close"] = price(self.closes[-1])
        if len(self.closes) == 50:
            values["sma_50"] = price(Fraction(sum(self.closes), 50))
            values["trend_confirmation"] = quoted(self.confirmation())
        if self.ema_20.value is not None:
            values["ema_20"] = smoothed(self.ema_20.value)
            last = self.closes[-20:]
            total = sum(last)
            # k is nearest to y = √(x / 400), half up: k = ⌊y + 1/2⌋ = ⌊(⌊2y⌋ + 1) / 2⌋, and ⌊2y⌋ = isqrt(⌊4x / 400⌋).
            deviation = (isqrt((20 * sum(x * x for x in last) - total**2) // 100) + 1) // 2
            values["bollinger_upper"] = price(Fraction(total + 40 * deviation, 20))
            values["bollinger_middle"] = price(Fraction(total, 20))
            values["bollinger_lower"] = price(Fraction(total - 40 * deviation, 20))
        if self.gain.value is not None:
            gain, loss = self.gain.value, self.loss.value
            share = Fraction(100 * gain, gain + loss) if gain + loss else 50
            values["rsi_14"] = with_places(rounded(share * UNIT, 4), 4)
            values["atr_14"] = smoothed(self.range.value)
        if self.signal.value is not None:
            macd = self.fast.value - self.slow.value
            values["macd"] = smoothed(macd)
            values["macd_signal"] = smoothed(self.signal.value)
            values["macd_histogram"] = smoothed(macd - self.signal.value)
        if self.volume:
            values["session_vwap"] = price(Fraction(self.traded, self.volume))
        return values

    def text(self, p):
        """What follows `feed` in a trend's line."""
        return "".join(f',"{key}":{text}' for key, text in self.values(p).items())
