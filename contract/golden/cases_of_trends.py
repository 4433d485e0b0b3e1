"""Clauses 4: what a trend says, and when. How a case is written: case.py."""

from case import ALONE, Case, case, flat, heartbeat


@case
def trend_averages():
    """A: closes 175, 175.5, 175.4: the average is 525.9 / 3 = 175.3, written 175.3000; range 0.5; volumes 100, 101, 101 → 302 / 3 = 100.67 → 101;
    vwaps 175.1, 175.2, 175.4 → 525.7 / 3 = 175.23333 → 175.2333; deviation (175.3 − 175.2333) / 175.2333 × 100 = 0.038063… → 0.0381;
    pct as given 0.1, 0.2, 0.4 → 0.23333 → 0.2333; two of three up → 0.6667; d = 0.3 of r = 0.5: 3 > 3 is false, so NEUTRAL.
    variance: deviations −0.3, 0.2, 0.1 → (0.09 + 0.04 + 0.01) / 2 = 0.07, its root 0.264575 → 0.2646. Feeds iex, iex, iex → iex.
    B: feeds iex and sip → null. C: iex and none → null. D: the empty feed is a feed."""
    def a(time, close, volume, vwap, pct, direction):
        return flat("A", time, close, volume=volume, vwap=vwap, pct_change=pct, direction=f'"{direction}"', feed='"iex"')

    return Case(
        (a("14:30:00", "175", "100", "175.1", "0.1", "up"), "accepted"),
        (a("14:30:10", "175.5", "101", "175.2", "0.2", "up"), "accepted"),
        (a("14:30:20", "175.4", "101", "175.4", "0.4", "down"), "accepted"),
        (flat("B", "14:30:00", "1", feed='"iex"'), "accepted"),
        (flat("B", "14:30:10", "1", feed='"sip"'), "accepted"),
        (flat("C", "14:30:00", "1", feed='"iex"'), "accepted"),
        (flat("C", "14:30:10", "1"), "accepted"),
        (flat("D", "14:30:00", "1", feed='""'), "accepted"),
        options=ALONE,
        trends=[{"symbol": '"A"', "window_start": '"2025-01-02 14:30:00"', "window_end": '"2025-01-02 14:31:00"', "avg_close": "175.3000",
                 "max_close": "175.5000", "min_close": "175.0000", "avg_volume": "101", "volatility": "0.2646", "avg_vwap": "175.2333",
                 "avg_pct_change": "0.2333", "buy_pressure": "0.6667", "bar_count": "3", "price_range": "0.5000",
                 "vwap_deviation_pct": "0.0381", "trend_signal": '"NEUTRAL"', "status": '"final"', "revision": "3", "feed": '"iex"'},
                {"symbol": '"B"', "feed": "null"}, {"symbol": '"C"', "feed": "null"}, {"symbol": '"D"', "feed": '""'}],
    )


@case
def rounding_ties():
    """Half away from zero, at the fourth place. A: closes 1 and 1.0001 → 1.00005 → 1.0001. B: 1.0001 and 1.0002 → 1.00015 → 1.0002 (half to
    even would say the same, so C: 1.0002 and 1.0003 → 1.00025 → 1.0003, where it would not). D: one nano below the tie. E: a max of 2.00005
    → 2.0001, a min of 1.00005 → 1.0001, range 1.0000. Pct −0.00005 → −0.0001, and −0.00004 → 0.0000 without a minus. Volume 1 and 2 →
    1.5 → 2; 2 and 3 → 2.5 → 3. Vwap −1 and −1.0001 → −1.00005 → −1.0001. 1 of 32 up → 0.03125 → 0.0313."""
    def two(symbol, one, other, **fields):
        first = {name: pair[0] for name, pair in fields.items()}
        second = {name: pair[1] for name, pair in fields.items()}
        return [(flat(symbol, "14:30:00", one, **first), "accepted"), (flat(symbol, "14:30:01", other, **second), "accepted")]

    return Case(
        *two("A", "1", "1.0001", volume=("1", "2"), pct_change=("0", "-0.0001")),
        *two("B", "1.0001", "1.0002", volume=("2", "3"), pct_change=("0", "-0.00008")),
        *two("C", "1.0002", "1.0003", volume=("0", "0.999999999"), pct_change=("0", "0.0001")),
        *two("D", "1.0002", "1.000299999", volume=("0", "1"), pct_change=("0", "0.000099999")),
        *two("E", "1.00005", "2.00005", vwap=("-1", "-1.0001")),
        *[(flat("F", f"14:30:{second:02d}", "1", direction='"up"' if second == 7 else '"flat"'), "accepted") for second in range(32)],
        options=ALONE,
        trends=[{"avg_close": "1.0001", "avg_volume": "2", "avg_pct_change": "-0.0001"},
                {"avg_close": "1.0002", "avg_volume": "3", "avg_pct_change": "0.0000"},
                {"avg_close": "1.0003", "avg_volume": "0", "avg_pct_change": "0.0001"},
                {"avg_close": "1.0002", "avg_volume": "1", "avg_pct_change": "0.0000"},
                {"max_close": "2.0001", "min_close": "1.0001", "price_range": "1.0000", "avg_close": "1.5001", "avg_vwap": "-1.0001"},
                {"buy_pressure": "0.0313", "bar_count": "32"}],
    )


@case
def volatility():
    """Closes 1, 2, 3, 4, 5: mean 3, Σ(x − mean)² = 10, / 4 = 2.5, root 1.58113883 → 1.5811. B: 10, 10, 10 → 0. C: 0.0123 three times and
    0.0124: variance 0.25e-8, root exactly 0.00005 → 0.0001, a tie. D: 0.0123 and 0.01237071: 0.00007071 / √2 is 0.0000499995… → 0.0000.
    E: 0.0123 and 0.012370711, one unit more: 0.0000500002… → 0.0001. F: 7 and 7.0002: 0.0002 / √2 = 0.000141 → 0.0001. G: 1000000000 and
    1000000000.000000001: a variance that doubles lose; 0.0000. H: 1 and 9223372036.854775806: 9223372035.854775806 / √2 = 6521908911.6985 or so."""
    def closes(symbol, *texts):
        return [(flat(symbol, f"14:30:{i:02d}", text), "accepted") for i, text in enumerate(texts)]

    return Case(
        *closes("A", "1", "2", "3", "4", "5"),
        *closes("B", "10", "10", "10"),
        *closes("C", "0.0123", "0.0123", "0.0123", "0.0124"),
        *closes("D", "0.0123", "0.01237071"),
        *closes("E", "0.0123", "0.012370711"),
        *closes("F", "7", "7.0002"),
        *closes("G", "1000000000", "1000000000.000000001"),
        *closes("H", "1", "9223372036.854775806"),
        options=ALONE,
        trends=[{"volatility": "1.5811"}, {"volatility": "0.0000"}, {"volatility": "0.0001"}, {"volatility": "0.0000"},
                {"volatility": "0.0001"}, {"volatility": "0.0001"}, {"volatility": "0.0000"}],
    )


@case
def one_bar():
    """One bar: volatility null (not 0), range 0, no signal but NEUTRAL."""
    return Case(
        (flat("A", "14:30:00", "10", vwap="10"), "accepted"),
        options=ALONE,
        trends=[{"volatility": "null", "price_range": "0.0000", "trend_signal": '"NEUTRAL"', "bar_count": "1", "vwap_deviation_pct": "0.0000"}],
    )


@case
def price_extremes():
    """Prices of 9.2 billion and of a billionth. With 60 closes near the top n·Σx² is about 60 × 60 × (9.2e18)² = 3e41 in units², beyond 2^128 =
    3.4e38; the sum alone is beyond 64 bits. Half of them are one unit lower: Σ(x − mean)² = 60 / 4 units², so volatility is 0.5 nano → 0.0000. P:
    a penny stock's closes are units apart, all averages round to 0.0000 and a vwap of 0.00004 rounds to 0: no deviation. V: volumes of 10^18 − 1
    average to themselves."""
    top, below, low = "9223372036.854775806", "9223372036.854775805", "0.000000001"
    return Case(
        *[(flat("TOP", f"14:30:{i:02d}", top if i % 2 else below, vwap=top), "accepted") for i in range(60)],
        *[(flat("WIDE", f"14:30:{i:02d}", top if i % 2 else low, vwap="-" + top if i % 2 else top), "accepted") for i in range(60)],
        (flat("P", "14:30:00", "0.000000001", vwap="0.00004"), "accepted"),
        (flat("P", "14:30:01", "0.000000003", vwap="0.00004"), "accepted"),
        *[(flat("V", f"14:30:{i:02d}", "1", volume="999999999999999999"), "accepted") for i in range(60)],
        *[(flat("C", f"14:30:{i:02d}", "1", pct_change="999999999999999999999999999.9999"), "accepted") for i in range(60)],
        options=ALONE,
        trends=[{"symbol": '"C"', "avg_pct_change": "999999999999999999999999999.9999"},
                {"symbol": '"P"', "avg_close": "0.0000", "avg_vwap": "0.0000", "vwap_deviation_pct": "null"},
                {"symbol": '"TOP"', "avg_close": "9223372036.8548", "volatility": "0.0000", "avg_vwap": "9223372036.8548"},
                {"symbol": '"V"', "avg_volume": "999999999999999999"},
                {"symbol": '"WIDE"', "avg_close": "4611686018.4274", "avg_vwap": "0.0000", "vwap_deviation_pct": "null"}],
    )


@case
def round_first():
    """Derived values follow from the written ones. A: closes 1.00004 and 2.00005: max 2.0001, min 1.0000, so the range is 1.0001 although the exact
    one is 1.00001. B: avg_close 1.00005 → 1.0001, vwap 1.00004 → 1.0000: the deviation is 0.0100 and not 0.0010."""
    return Case(
        (flat("A", "14:30:00", "1.00004"), "accepted"),
        (flat("A", "14:30:01", "2.00005"), "accepted"),
        (flat("B", "14:30:00", "1.00005", vwap="1.00004"), "accepted"),
        options=ALONE,
        trends=[{"price_range": "1.0001", "max_close": "2.0001", "min_close": "1.0000"},
                {"avg_close": "1.0001", "avg_vwap": "1.0000", "vwap_deviation_pct": "0.0100"}],
    )


@case
def vwap_null():
    """Null vwaps are left out of the average; with none there is neither average nor deviation. A vwap of 0 counts as one, and an average
    that is or rounds to 0 has no deviation: C's is 0, D's 0.00004 → 0.0000, E's 0.00005 → 0.0001 has one again: (1 − 0.0001) / 0.0001 × 100."""
    return Case(
        (flat("A", "14:30:00", "10", vwap="8"), "accepted"),
        (flat("A", "14:30:01", "10", vwap="null"), "accepted"),
        (flat("A", "14:30:02", "10"), "accepted"),
        (flat("B", "14:30:00", "10", vwap="null"), "accepted"),
        (flat("B", "14:30:01", "10"), "accepted"),
        (flat("C", "14:30:00", "10", vwap="0"), "accepted"),
        (flat("D", "14:30:00", "10", vwap="0.00004"), "accepted"),
        (flat("E", "14:30:00", "1", vwap="0.00005"), "accepted"),
        (flat("F", "14:30:00", "10", vwap="8"), "accepted"),
        (flat("F", "14:30:01", "10", vwap="0"), "accepted"),
        options=ALONE,
        trends=[{"avg_vwap": "8.0000", "vwap_deviation_pct": "25.0000"}, {"avg_vwap": "null", "vwap_deviation_pct": "null"},
                {"avg_vwap": "0.0000", "vwap_deviation_pct": "null"}, {"avg_vwap": "0.0000", "vwap_deviation_pct": "null"},
                {"avg_vwap": "0.0001", "vwap_deviation_pct": "999900.0000"}, {"avg_vwap": "4.0000", "vwap_deviation_pct": "150.0000"}],
    )


@case
def vwap_negative():
    """A vwap may be negative; the formula stays. A: (10 − −5) / −5 × 100 = −300. B: vwaps −1 and 1 average to 0: null. C: −0.00005 → −0.0001:
    (1 + 0.0001) / −0.0001 × 100 = −1000100. D: −0.00004 → 0.0000 without a minus: null. E: ties away from zero: avg_close 1.0000, vwap
    −8 → (1 + 8) / −8 × 100 = −112.5; F: 1.0001 against −2 → 3.0001 / −2 × 100 = −150.005; G: 3.0001 against −20 → 23.0001 / −20 × 100 =
    −115.0005; H: 3.0001 against −200: 203.0001 / −200 × 100 = −101.50005 → −101.5001."""
    return Case(
        (flat("A", "14:30:00", "10", vwap="-5"), "accepted"),
        (flat("B", "14:30:00", "10", vwap="-1"), "accepted"),
        (flat("B", "14:30:01", "10", vwap="1"), "accepted"),
        (flat("C", "14:30:00", "1", vwap="-0.00005"), "accepted"),
        (flat("D", "14:30:00", "1", vwap="-0.00004"), "accepted"),
        (flat("E", "14:30:00", "1", vwap="-8"), "accepted"),
        (flat("F", "14:30:00", "1.0001", vwap="-2"), "accepted"),
        (flat("G", "14:30:00", "3.0001", vwap="-20"), "accepted"),
        (flat("H", "14:30:00", "3.0001", vwap="-200"), "accepted"),
        options=ALONE,
        trends=[{"vwap_deviation_pct": "-300.0000"}, {"avg_vwap": "0.0000", "vwap_deviation_pct": "null"},
                {"avg_vwap": "-0.0001", "vwap_deviation_pct": "-1000100.0000"}, {"avg_vwap": "0.0000", "vwap_deviation_pct": "null"},
                {"vwap_deviation_pct": "-112.5000"}, {"vwap_deviation_pct": "-150.0050"}, {"vwap_deviation_pct": "-115.0005"},
                {"vwap_deviation_pct": "-101.5001"}],
    )


@case
def signal():
    """With d = avg − min and r = max − min: BULLISH if 10 d > 6 r, BEARISH if 10 d < 4 r. Five closes of 10 and 11 in proportion: three elevens
    make d = 0.6 r, exactly on the border → NEUTRAL; four BULLISH; two d = 0.4 r → NEUTRAL; one BEARISH. F, G: one ten-thousandth to either side.
    H: the exact average lies above the border, the rounded one on it: closes 10, 11, 10.80005 … the written values decide."""
    def closes(symbol, *texts):
        return [(flat(symbol, f"14:30:{i:02d}", text), "accepted") for i, text in enumerate(texts)]

    return Case(
        *closes("A", "10", "10", "11", "11", "11"),
        *closes("B", "10", "11", "11", "11", "11"),
        *closes("C", "10", "10", "10", "11", "11"),
        *closes("D", "10", "10", "10", "10", "11"),
        *closes("E", "10", "10"),
        *closes("F", "10", "10.8003", "11"),
        *closes("G", "10", "10.1997", "11"),
        *closes("H", "10", "10.80004", "11"),
        *closes("I", "10", "10.19996", "11"),
        options=ALONE,
        trends=[{"trend_signal": '"NEUTRAL"', "avg_close": "10.6000"}, {"trend_signal": '"BULLISH"', "avg_close": "10.8000"},
                {"trend_signal": '"NEUTRAL"', "avg_close": "10.4000"}, {"trend_signal": '"BEARISH"', "avg_close": "10.2000"},
                {"trend_signal": '"NEUTRAL"'}, {"trend_signal": '"BULLISH"', "avg_close": "10.6001"},
                {"trend_signal": '"BEARISH"', "avg_close": "10.3999"}, {"trend_signal": '"NEUTRAL"', "avg_close": "10.6000"},
                {"trend_signal": '"NEUTRAL"', "avg_close": "10.4000"}],
    )


@case
def revision():
    """Two accepted bars, one correction; duplicates, rejects and bars of others do not count: revision 3. The correction counts in each open
    window that holds the bar, and only there: the window from 14:31 holds the second bar alone and says 1."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:30:00", "10"), "duplicate"),
        (flat("A", "14:31:00", "20"), "accepted"),
        (flat("A", "14:30:00", "11"), "corrected"),
        (flat("A", "14:30:00", "0"), "not_positive open"),
        (flat("B", "14:30:00", "10"), "accepted"),
        trends=[{"symbol": '"A"', "window_start": '"2025-01-02 14:26:00"', "revision": "2", "bar_count": "1", "avg_close": "11.0000"},
                {"symbol": '"B"', "window_start": '"2025-01-02 14:26:00"', "revision": "1"},
                {"symbol": '"A"', "window_start": '"2025-01-02 14:27:00"', "revision": "3", "bar_count": "2", "avg_close": "15.5000"}],
    )


@case
def updates():
    """With --updates a batch is one record: first the finals that it brings, then the windows it changed, by end. The bar of 14:30 updates the
    windows to 14:31 and 14:32 (size 2, slide 1); a duplicate changes nothing; the correction gives revision 2 of both; the bar of 14:33
    closes the window to 14:31 before its own windows are told; the late one says nothing; the heartbeat at 14:34 closes, and updates nothing."""
    final, update = '"final"', '"update"'
    at = '"2025-01-02 14:{}:00"'.format
    return Case(
        (flat("B", "14:30:00", "10"), "accepted"),
        (flat("B", "14:30:00", "10"), "duplicate"),
        (flat("A", "14:30:00", "7"), "accepted"),
        (flat("B", "14:30:00", "11"), "corrected"),
        (flat("A", "14:33:00", "8"), "accepted"),
        (flat("A", "14:30:30", "9"), "accepted"),
        (flat("A", "14:29:59", "9"), "late"),
        ("x", "bad_json"),
        (heartbeat("14:34:00"), "heartbeat"),
        options="--size 2m --slide 1m --updates",
        trends=[{"symbol": '"B"', "window_end": at(31), "status": update, "revision": "1", "avg_close": "10.0000"},
                {"symbol": '"B"', "window_end": at(32), "status": update, "revision": "1"},
                {"symbol": '"A"', "window_end": at(31), "status": update},
                {"symbol": '"A"', "window_end": at(32), "status": update},
                {"symbol": '"B"', "window_end": at(31), "status": update, "revision": "2", "avg_close": "11.0000"},
                {"symbol": '"B"', "window_end": at(32), "status": update, "revision": "2"},
                {"symbol": '"A"', "window_end": at(31), "status": final, "revision": "1"},
                {"symbol": '"B"', "window_end": at(31), "status": final, "revision": "2"},
                {"symbol": '"A"', "window_end": at(34), "status": update},
                {"symbol": '"A"', "window_end": at(35), "status": update},
                {"symbol": '"A"', "window_end": at(32), "status": update, "revision": "2", "bar_count": "2"},
                {"symbol": '"A"', "window_end": at(32), "status": final, "revision": "2"},
                {"symbol": '"B"', "window_end": at(32), "status": final, "revision": "2"},
                {"symbol": '"A"', "window_end": at(34), "status": final},
                {"symbol": '"A"', "window_end": at(35), "status": final}],
    )
