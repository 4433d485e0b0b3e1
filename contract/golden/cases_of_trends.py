"""Clauses 4: what a trend says, and when. How a case is written: case.py."""

from case import ALONE, Case, bar, case, flat, heartbeat


@case
def trend_averages():
    """A: closes 175, 175.5, 175.4: the average is 525.9 / 3 = 175.3, written 175.3000; range 0.5; volumes 100, 101, 101 → 302 / 3 = 100.67 → 101;
    vwaps 175.1, 175.2, 175.4 → 525.7 / 3 = 175.23333 → 175.2333; deviation (525.9 − 525.7) / 525.7 × 100 = 0.0380445… → 0.0380;
    pct as given 0.1, 0.2, 0.4 → 0.23333 → 0.2333; two of three up → 0.6667; d = 0.3 of r = 0.5: 3 > 3 is false, so NEUTRAL. All volumes are whole, so
    avg_volume is.
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
                 "vwap_deviation_pct": "0.0380", "trend_signal": '"NEUTRAL"', "status": '"final"', "revision": "3", "feed": '"iex"'},
                {"symbol": '"B"', "feed": "null"}, {"symbol": '"C"', "feed": "null"}, {"symbol": '"D"', "feed": '""'}],
    )


def several(symbol, *closes, **fields):
    """Bars of one symbol in one minute, one a close; each field is one text for all of them or a tuple with one a bar."""
    lines = []
    for i, close in enumerate(closes):
        texts = {name: text[i] if isinstance(text, tuple) else text for name, text in fields.items()}
        lines.append((flat(symbol, f"14:30:{i // 10:02d}.{i % 10}", close, **texts), "accepted"))
    return lines


@case
def rounding_ties():
    """Half away from zero, at the last place that is written. Closes of up to two decimals are written with 4 places, so only eighths of
    a cent tie: A: seven times 1 and 1.01 → 8.01 / 8 = 1.00125 → 1.0013, where half to even says 1.0012. B: seven times 1 and 1.03 →
    1.00375 → 1.0038. At 9 places: C: 1 and 1.000000001 → 1.0000000005 → 1.000000001 (half to even: 1.000000000). D: 1.000000001 and
    1.000000002 → 1.0000000015 → 1.000000002. E: three times 1 and 1.00000001 → 1.0000000025 → 1.000000003 (half to even: …2). F: 1, 1 and
    1.000000001 → 1.00000000033… → 1.000000000, below the tie.
    Pct: A: seven 0 and −0.0004 → −0.00005 → −0.0001. B: seven 0 and −0.00032 → −0.00004 → 0.0000 without a minus. C: 0 and 0.0001 →
    0.00005 → 0.0001. D: 0 and 0.000099999 → 0.0000499995 → 0.0000. Volumes: C: 1 and 2 → 1.5 → 2. D: 2 and 3 → 2.5 → 3. G: 0.1 and 0.2 →
    0.15 → 0.2. H: 0.2 and 0.3 → 0.25 → 0.3 (half to even: 0.2). I: 0 and 0.000000001 → 0.0000000005 → 0.000000001. J: 0 and 0.999999999
    → 0.4999999995 → 0.500000000. Vwaps at 4 places: G: −1 and −1.0001 → −1.00005 → −1.0001. H: 1 and 1.0001 → 1.0001. K: 1 of 32 up →
    0.03125 → 0.0313."""
    return Case(
        *several("A", *["1"] * 7, "1.01", pct_change=("0",) * 7 + ("-0.0004",)),
        *several("B", *["1"] * 7, "1.03", pct_change=("0",) * 7 + ("-0.00032",)),
        *several("C", "1", "1.000000001", volume=("1", "2"), pct_change=("0", "0.0001")),
        *several("D", "1.000000001", "1.000000002", volume=("2", "3"), pct_change=("0", "0.000099999")),
        *several("E", "1", "1", "1", "1.00000001"),
        *several("F", "1", "1", "1.000000001"),
        *several("G", "1", "1", volume=("0.1", "0.2"), vwap=("-1", "-1.0001")),
        *several("H", "1", "1", volume=("0.2", "0.3"), vwap=("1", "1.0001")),
        *several("I", "1", "1", volume=("0", "0.000000001")),
        *several("J", "1", "1", volume=("0", "0.999999999")),
        *several("K", *["1"] * 32, direction=('"up"',) + ('"flat"',) * 31),
        options=ALONE,
        trends=[{"avg_close": "1.0013", "avg_pct_change": "-0.0001"},
                {"avg_close": "1.0038", "avg_pct_change": "0.0000"},
                {"avg_close": "1.000000001", "avg_volume": "2", "avg_pct_change": "0.0001"},
                {"avg_close": "1.000000002", "avg_volume": "3", "avg_pct_change": "0.0000"},
                {"avg_close": "1.000000003"},
                {"avg_close": "1.000000000"},
                {"avg_volume": "0.2", "avg_vwap": "-1.0001"},
                {"avg_volume": "0.3", "avg_vwap": "1.0001"},
                {"avg_volume": "0.000000001"},
                {"avg_volume": "0.500000000"},
                {"buy_pressure": "0.0313", "bar_count": "32"}],
    )


@case
def places():
    """How many places a row is written with (4.2): p for prices, v for avg_volume, each by its own column alone.
    A: cents → 4: 175.1 and 175.5 → 175.3000. B: whole numbers → 4. C: trailing zeros do not count, nor does the exponent: 175.500000000
    and 1.7550e2 → 4. D: three decimals → 5: 1.00100. E: EUR/USD, five decimals → 7: 1.0834500. F: six → 8. G: seven → 9. H: eight → 9:
    0.000012340. I: nine → 9. J: mixed: 1, 1.5 and 1.00001 → 7; 3.50001 / 3 = 1.16667 → 1.1666700, max 1.5000000, min 1.0000000, range 0.5000000.
    K: open, high, low and vwap do not count, only closes: 10.5 beside an open of 10.123456789 and a vwap of 10.123456789 → 4, avg_vwap
    10.1235. L: after 2.1: 1.00000000049 is 1 → 4. M: 1.0000000005 is 1.000000001 → 9. N: pct_change, buy_pressure and vwap_deviation_pct
    have 4 places beside a p of 9: closes 2.000000001 twice and a vwap of 2: 0.000000001 / 2 × 100 = 0.00000005 → 0.0000.
    Volumes: A: 1 and 2 → 1.5 → 2, v = 0. B: 0.0 → 0. C: 100.000 → 100. D: 0.5 and 1 → 0.75 → 0.8, v = 1. E: 7.14319709 → v = 8. F: 0.000000001
    and 1 → 0.5000000005 → 0.500000001, v = 9. G: 1 and 0.25 → 0.625 → 0.63, v = 2. H: 0.30000000000000004 is 0.3 → v = 1. I: 1.10 and 1.3 →
    1.2. J: 1.25, 1.25 and 3.5 → 6 / 3 = 2.00, v = 2."""
    return Case(
        *several("A", "175.1", "175.5", volume=("1", "2")),
        *several("B", "3", "4", volume="0.0"),
        *several("C", "175.500000000", "1.7550e2", volume="100.000"),
        *several("D", "1.001", "1.001", volume=("0.5", "1")),
        *several("E", "1.08345", volume="7.14319709"),
        *several("F", "0.123456", "0.123456", volume=("0.000000001", "1")),
        *several("G", "0.1234567", "0.1234567", volume=("1", "0.25")),
        *several("H", "0.00001234", volume="0.30000000000000004"),
        *several("I", "0.123456789", "0.123456789", volume=("1.10", "1.3")),
        *several("J", "1", "1.5", "1.00001", volume=("1.25", "1.25", "3.5")),
        (bar("K", open="10.123456789", high="11.987654321", low="9.123456789", close="10.5", vwap="10.123456789"), "accepted"),
        *several("L", "1.00000000049"),
        *several("M", "1.0000000005"),
        *several("N", "2.000000001", "2.000000001", vwap="2", pct_change="1", direction='"up"'),
        options=ALONE,
        trends=[{"avg_close": "175.3000", "max_close": "175.5000", "min_close": "175.1000", "price_range": "0.4000", "avg_volume": "2"},
                {"avg_close": "3.5000", "max_close": "4.0000", "avg_volume": "0"},
                {"avg_close": "175.5000", "avg_volume": "100"},
                {"avg_close": "1.00100", "max_close": "1.00100", "volatility": "0.00000", "price_range": "0.00000", "avg_volume": "0.8"},
                {"avg_close": "1.0834500", "volatility": "null", "avg_volume": "7.14319709"},
                {"avg_close": "0.12345600", "avg_volume": "0.500000001"},
                {"avg_close": "0.123456700", "avg_volume": "0.63"},
                {"avg_close": "0.000012340", "avg_volume": "0.3"},
                {"avg_close": "0.123456789", "avg_volume": "1.2"},
                {"avg_close": "1.1666700", "max_close": "1.5000000", "min_close": "1.0000000", "price_range": "0.5000000", "avg_volume": "2.00"},
                {"avg_close": "10.5000", "max_close": "10.5000", "avg_vwap": "10.1235"},
                {"avg_close": "1.0000"},
                {"avg_close": "1.000000001"},
                {"avg_close": "2.000000001", "avg_vwap": "2.000000000", "avg_pct_change": "1.0000", "buy_pressure": "1.0000",
                 "vwap_deviation_pct": "0.0000"}],
    )


@case
def places_change():
    """p and v follow what the window holds now. The bar of 14:30:00 is written with 4 places; the second one, 10.00001, makes it 7:
    20.00001 / 2 = 10.000005; its volume 0.25 makes v 2: (100 + 0.25) / 2 = 50.125 → 50.13. A correction to 10.1 and 0.5 brings back 4 places
    and makes v 1: 20.1 / 2 = 10.05; 100.5 / 2 = 50.25 → 50.3. A last correction to a whole volume: 101 / 2 = 50.5 → 51."""
    return Case(
        (flat("A", "14:30:00", "10", volume="100"), "accepted"),
        (flat("A", "14:30:01", "10.00001", volume="0.25"), "accepted"),
        (flat("A", "14:30:01", "10.1", volume="0.5"), "corrected"),
        (flat("A", "14:30:01", "10.1", volume="1"), "corrected"),
        options=ALONE + " --updates",
        trends=[{"avg_close": "10.0000", "avg_volume": "100"},
                {"avg_close": "10.0000050", "max_close": "10.0000100", "min_close": "10.0000000", "avg_volume": "50.13", "revision": "2"},
                {"avg_close": "10.0500", "max_close": "10.1000", "price_range": "0.1000", "avg_volume": "50.3", "revision": "3"},
                {"avg_close": "10.0500", "avg_volume": "51", "status": '"update"', "revision": "4"},
                {"avg_close": "10.0500", "avg_volume": "51", "status": '"final"', "revision": "4"}],
    )


@case
def volatility():
    """Closes 1, 2, 3, 4, 5: mean 3, Σ(x − mean)² = 10, / 4 = 2.5, root 1.58113883 → 1.5811. B: 10, 10, 10 → 0. If one of n bars differs from
    the others by d, the variance is d² / n. C: 63 times 1 and 1.01: 0.01 / 8 = 0.00125, a tie at 4 places → 0.0013. D: three times 0.0123 and
    0.012300001: half a nano, a tie at 9 places → 0.000000001. E: three times 0.0123 and 0.012300005: 2.5 nanos → 0.000000003 (half to even:
    …2). Of two closes it is d / √2. F: d = 408 nanos: 2 × 408² = 577² − 1, so 408 / √2 is a little less than 288.5 → 288 nanos. G: d = 985
    nanos: 2 × 985² = 1393² + 1, a little more than 696.5 → 697. H: 7 and 7.0002: 0.0002 / √2 = 0.00014142 → 0.000141 at 6 places. I: 1000000000 and
    1000000000.000000001: 0.707 nanos, which doubles lose → 0.000000001. J: three times 9223372036.854775801 and 9223372036.854775806: 2.5
    nanos → 0.000000003. K: 1 and 9223372036.854775806: 9223372035.854775806 / √2 = 6521908911.959284323574… → 6521908911.959284324."""
    return Case(
        *several("A", "1", "2", "3", "4", "5"),
        *several("B", "10", "10", "10"),
        *several("C", *["1"] * 63, "1.01"),
        *several("D", *["0.0123"] * 3, "0.012300001"),
        *several("E", *["0.0123"] * 3, "0.012300005"),
        *several("F", "0.0123", "0.012300408"),
        *several("G", "0.0123", "0.012300985"),
        *several("H", "7", "7.0002"),
        *several("I", "1000000000", "1000000000.000000001"),
        *several("J", *["9223372036.854775801"] * 3, "9223372036.854775806"),
        *several("K", "1", "9223372036.854775806"),
        options=ALONE,
        trends=[{"volatility": "1.5811"}, {"volatility": "0.0000"}, {"volatility": "0.0013", "bar_count": "64"}, {"volatility": "0.000000001"},
                {"volatility": "0.000000003"}, {"volatility": "0.000000288"}, {"volatility": "0.000000697"}, {"volatility": "0.000141"},
                {"volatility": "0.000000001"}, {"volatility": "0.000000003"}, {"volatility": "6521908911.959284324"}],
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
    """Prices of 9.2 billion and of a billionth. TOP: of 60 closes half are top, half one nano lower; n·Σx² is about 60 × 60 × (9.2e18)² = 3e41 in
    units², beyond 2^128 = 3.4e38; the sum alone is beyond 64 bits. The average is 9223372036.8547758055 → …806, a tie; Σ(x − mean)² =
    60 / 4 units², so volatility is √(15 / 59) = 0.504 nanos → 0.000000001; the average vwap is top, half a nano above the average close: a deviation
    of −5e-18 percent is written 0.0000. WIDE: 30 closes of top and 30 of one nano: (9223372036854775806 + 1) / 2 = 4611686018427387903.5
    nanos → …904; with d = 9223372036.854775805 volatility is d × √(15 / 59) = 4650603889.989457252639… ; the vwaps, as often top as −top,
    average to 0: no deviation. P: closes of 1 and 3 nanos: 2; √2 nanos → 1; against a vwap of 0.00004: (2e-9 − 4e-5) / 4e-5 × 100 = −99.995.
    V: volumes of 10^18 − 1 average to themselves, and W's, a nano below 10^18. C: so do the largest changes."""
    top, below, low = "9223372036.854775806", "9223372036.854775805", "0.000000001"
    return Case(
        *several("TOP", *[below, top] * 30, vwap=top),
        *several("WIDE", *[low, top] * 30, vwap=(top, "-" + top) * 30),
        *several("P", "0.000000001", "0.000000003", vwap="0.00004"),
        *several("V", *["1"] * 60, volume="999999999999999999"),
        *several("W", *["1"] * 60, volume="999999999999999999.999999999"),
        *several("C", *["1"] * 60, pct_change="999999999999999999999999999.9999"),
        options=ALONE,
        trends=[{"symbol": '"C"', "avg_pct_change": "999999999999999999999999999.9999"},
                {"symbol": '"P"', "avg_close": "0.000000002", "max_close": "0.000000003", "min_close": "0.000000001", "volatility": "0.000000001",
                 "avg_vwap": "0.000040000", "price_range": "0.000000002", "vwap_deviation_pct": "-99.9950", "trend_signal": '"NEUTRAL"'},
                {"symbol": '"TOP"', "avg_close": "9223372036.854775806", "max_close": top, "min_close": below, "volatility": "0.000000001",
                 "avg_vwap": top, "price_range": "0.000000001", "vwap_deviation_pct": "0.0000", "trend_signal": '"NEUTRAL"'},
                {"symbol": '"V"', "avg_volume": "999999999999999999"},
                {"symbol": '"W"', "avg_volume": "999999999999999999.999999999"},
                {"symbol": '"WIDE"', "avg_close": "4611686018.427387904", "volatility": "4650603889.989457253", "avg_vwap": "0.000000000",
                 "price_range": "9223372036.854775805", "vwap_deviation_pct": "null", "trend_signal": '"NEUTRAL"'}],
    )


@case
def exact_first():
    """Everything is derived from exact values and rounded once. (Contract 1 rounded to four places first; what it said stands in brackets.)
    A: closes 1.00004 and 2.00005: the range is 1.0000100 (1.0001). B: a close of 1.00005 and a vwap of 1.00004: 0.00001 / 1.00004 × 100 =
    0.00099996 → 0.0010 (0.0100).
    C: EUR/USD. Above the lowest, 1.08344, the five closes lie by 0, 0, 1, 0 and 6 points of 0.00001: 7 / 5 = 1.4 of a range of 6, 0.233 of it, so
    BEARISH (BULLISH: average and highest both 1.0835, lowest 1.0834). The average is 1.083454, volatility √((5 × 37 − 7²) / 20) = √6.8 = 2.60768
    points; (1.083454 − 1.08346) / 1.08346 × 100 = −0.00055378 → −0.0006.
    D: a coin at eight cents: 0, 10, 10, 9 and 9 points above 0.08235: 38 / 5 = 7.6 of 10, so BULLISH (BEARISH: average and lowest both 0.0824,
    highest 0.0825). The average is 0.082426, volatility √((5 × 362 − 38²) / 20) = √18.3 = 4.27785 points.
    E: a coin with eight decimals: 0, 1 and 10 points of 1e-8 above 0.00001234: 11 / 3 of 10 = 0.367, so BEARISH (all 0.0000 and NEUTRAL). The average is
    1237.667 points → 0.000012377, volatility √((3 × 101 − 11²) / 6) = √30.333 = 5.5076 points → 0.000000055; against a vwap of 1240 points:
    −7 / 3720 × 100 = −0.188172 → −0.1882.
    F: not every bar has a vwap: n = 3, Σclose = 30.03, m = 2, Σvwap = 20.01: (2 × 30.03 − 3 × 20.01) / (3 × 20.01) × 100 = 3 / 60.03 = 0.049975 →
    0.0500. G: closes 1, 1, 1, 2, 2 nanos: 2 = 0.4 × 5 × 1, exactly on the border: NEUTRAL, though the written average, 0.000000001, is the lowest.
    H: closes 3, 3, 2 and vwaps 3, 3, 1.9999 (averages 2.66667 and 2.66663): 0.0001 / 7.9999 × 100 = 0.00125002 → 0.0013 (0.0038)."""
    return Case(
        *several("A", "1.00004", "2.00005"),
        *several("B", "1.00005", vwap="1.00004"),
        *several("C", "1.08344", "1.08344", "1.08345", "1.08344", "1.08350", vwap="1.08346"),
        *several("D", "0.08235", "0.08245", "0.08245", "0.08244", "0.08244"),
        *several("E", "0.00001234", "0.00001235", "0.00001244", vwap="0.0000124"),
        *several("F", "10", "10.01", "10.02", vwap=("10", "null", "10.01")),
        *several("G", *["0.000000001"] * 3, *["0.000000002"] * 2),
        *several("H", "3", "3", "2", vwap=("3", "3", "1.9999")),
        options=ALONE,
        trends=[{"price_range": "1.0000100", "max_close": "2.0000500", "min_close": "1.0000400", "avg_close": "1.5000450"},
                {"avg_close": "1.0000500", "avg_vwap": "1.0000400", "vwap_deviation_pct": "0.0010"},
                {"avg_close": "1.0834540", "max_close": "1.0835000", "min_close": "1.0834400", "price_range": "0.0000600",
                 "volatility": "0.0000261", "avg_vwap": "1.0834600", "vwap_deviation_pct": "-0.0006", "trend_signal": '"BEARISH"'},
                {"avg_close": "0.0824260", "max_close": "0.0824500", "min_close": "0.0823500", "price_range": "0.0001000",
                 "volatility": "0.0000428", "trend_signal": '"BULLISH"'},
                {"avg_close": "0.000012377", "max_close": "0.000012440", "min_close": "0.000012340", "price_range": "0.000000100",
                 "volatility": "0.000000055", "avg_vwap": "0.000012400", "vwap_deviation_pct": "-0.1882", "trend_signal": '"BEARISH"'},
                {"avg_close": "10.0100", "avg_vwap": "10.0050", "vwap_deviation_pct": "0.0500"},
                {"avg_close": "0.000000001", "min_close": "0.000000001", "trend_signal": '"NEUTRAL"'},
                {"avg_close": "2.6667", "avg_vwap": "2.6666", "vwap_deviation_pct": "0.0013"}],
    )


@case
def vwap_null():
    """Null vwaps are left out of the average; with none there is neither average nor deviation. An average that is written as 0.0000 has a
    deviation all the same, from its exact value: C: (10 − 0.00004) / 0.00004 × 100 = 24999900. D: 0.00005 → 0.0001, and
    (1 − 0.00005) / 0.00005 × 100 = 1999900."""
    return Case(
        (flat("A", "14:30:00", "10", vwap="8"), "accepted"),
        (flat("A", "14:30:01", "10", vwap="null"), "accepted"),
        (flat("A", "14:30:02", "10"), "accepted"),
        (flat("B", "14:30:00", "10", vwap="null"), "accepted"),
        (flat("B", "14:30:01", "10"), "accepted"),
        (flat("C", "14:30:00", "10", vwap="0.00004"), "accepted"),
        (flat("D", "14:30:00", "1", vwap="0.00005"), "accepted"),
        options=ALONE,
        trends=[{"avg_vwap": "8.0000", "vwap_deviation_pct": "25.0000"}, {"avg_vwap": "null", "vwap_deviation_pct": "null"},
                {"avg_vwap": "0.0000", "vwap_deviation_pct": "24999900.0000"}, {"avg_vwap": "0.0001", "vwap_deviation_pct": "1999900.0000"}],
    )


@case
def vwap_zero():
    """A vwap of 0 is null (2.7), however it is written and also when it becomes 0 by rounding. A: all are 0, so there is no average and no
    deviation. B: five minutes, two of them without a trade, as Alpaca sends them (vwap 0, volume 0): the average is 2300.5 and the
    deviation 0; contract 1 said 1380.3 and 66.6667. C: 8 and 0 → 8: (10 − 8) / 8 × 100 = 25. D: null, missing and 0 are one bar said again;
    0.0000000005 is 0.000000001 and a correction, and 0 is one back. E: one nano is no 0: (10 − 1e-9) / 1e-9 × 100 = 999999999900. F: 0 is null, but
    an average of 0 is an average (3 and −3): 0.0000, without a deviation."""
    def same(**fields):
        return flat("D", "14:30:00", "10", **fields)

    return Case(
        *several("A", *["10"] * 7, vwap=("0", "-0", "0.0", "1e-10", "-0.0000000004", "0e9", "0.00000000049")),
        *several("B", *["2300.5"] * 5, vwap=("2300.5", "0", "0", "2300.5", "2300.5"), volume=("3", "0", "0", "1", "2")),
        *several("C", "10", "10", vwap=("8", "0")),
        (same(vwap="0"), "accepted"),
        (same(vwap="null"), "duplicate"),
        (same(), "duplicate"),
        (same(vwap="-0.0"), "duplicate"),
        (same(vwap="4e-10"), "duplicate"),
        (same(vwap="5e-10"), "corrected"),
        (same(vwap="0"), "corrected"),
        (same(vwap='"0"'), "wrong_type vwap"),
        *several("E", "10", vwap="0.000000001"),
        *several("F", "10", "10", vwap=("3", "-3")),
        options=ALONE,
        trends=[{"avg_vwap": "null", "vwap_deviation_pct": "null"},
                {"avg_vwap": "2300.5000", "vwap_deviation_pct": "0.0000", "avg_volume": "1"},
                {"avg_vwap": "8.0000", "vwap_deviation_pct": "25.0000"},
                {"avg_vwap": "null", "vwap_deviation_pct": "null", "revision": "3"},
                {"avg_vwap": "0.0000", "vwap_deviation_pct": "999999999900.0000"},
                {"avg_vwap": "0.0000", "vwap_deviation_pct": "null"}],
        bars=[*[(i, {"vwap": "null"}) for i in range(7)], (7, {"vwap": "2300.5"}), (8, {"vwap": "null"}), (12, {"vwap": "8"}),
              (13, {"vwap": "null"}), (14, {"vwap": "null"}), (15, {"vwap": "0.000000001"}), (16, {"vwap": "null"})],
    )


@case
def vwap_negative():
    """A vwap may be negative; the formula stays. A: (10 − −5) / −5 × 100 = −300. B: vwaps −1 and 1 average to 0: null. C: −0.00005 → −0.0001, from
    the exact one (1 + 0.00005) / −0.00005 × 100 = −2000100. D: −0.00004 → 0.0000 without a minus: (1 + 0.00004) / −0.00004 × 100 = −2500100.
    E: ties away from zero: avg_close 1.0000, vwap −8 → (1 + 8) / −8 × 100 = −112.5; F: 1.0001 against −2 → 3.0001 / −2 × 100 = −150.005; G:
    3.0001 against −20 → 23.0001 / −20 × 100 = −115.0005; H: 3.0001 against −200: 203.0001 / −200 × 100 = −101.50005 → −101.5001."""
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
                {"avg_vwap": "-0.0001", "vwap_deviation_pct": "-2000100.0000"}, {"avg_vwap": "0.0000", "vwap_deviation_pct": "-2500100.0000"},
                {"vwap_deviation_pct": "-112.5000"}, {"vwap_deviation_pct": "-150.0050"}, {"vwap_deviation_pct": "-115.0005"},
                {"vwap_deviation_pct": "-101.5001"}],
    )


@case
def signal():
    """With d = Σclose − n·min and r = max − min: BULLISH if 10·d > 6·n·r, BEARISH if 10·d < 4·n·r, all exact. Five closes of 10 and 11 in
    proportion: three elevens make d = 0.6 n·r, exactly on the border → NEUTRAL; four BULLISH; two d = 0.4 n·r → NEUTRAL; one BEARISH; E: r = 0.
    F, G: one ten-thousandth to either side. H, I: 0.00004 to either side, where the average to four places is on the border. J, K: one nano:
    the third of it is not seen in the written average, 10.600000000 and 10.400000000, and still decides. L, M: the same borders exactly, in
    three bars. N, O: borders that doubles miss: 0.1, 0.1, 0.2, 0.2, 0.2 and 0.1, 0.1, 0.1, 0.2, 0.2. P to R: closes from one nano to the
    largest price: three of five at the top are the border, a second nano below is above it, one nano less at the top below it."""
    low, top = "0.000000001", "9223372036.854775806"
    return Case(
        *several("A", "10", "10", "11", "11", "11"),
        *several("B", "10", "11", "11", "11", "11"),
        *several("C", "10", "10", "10", "11", "11"),
        *several("D", "10", "10", "10", "10", "11"),
        *several("E", "10", "10"),
        *several("F", "10", "10.8003", "11"),
        *several("G", "10", "10.1997", "11"),
        *several("H", "10", "10.80004", "11"),
        *several("I", "10", "10.19996", "11"),
        *several("J", "10", "10.800000001", "11"),
        *several("K", "10", "10.199999999", "11"),
        *several("L", "10", "10.8", "11"),
        *several("M", "10", "10.2", "11"),
        *several("N", "0.1", "0.1", "0.2", "0.2", "0.2"),
        *several("O", "0.1", "0.1", "0.1", "0.2", "0.2"),
        *several("P", low, low, top, top, top),
        *several("Q", low, "0.000000002", top, top, top),
        *several("R", low, low, "9223372036.854775805", top, top),
        options=ALONE,
        trends=[{"trend_signal": '"NEUTRAL"', "avg_close": "10.6000"}, {"trend_signal": '"BULLISH"', "avg_close": "10.8000"},
                {"trend_signal": '"NEUTRAL"', "avg_close": "10.4000"}, {"trend_signal": '"BEARISH"', "avg_close": "10.2000"},
                {"trend_signal": '"NEUTRAL"'}, {"trend_signal": '"BULLISH"', "avg_close": "10.600100"},
                {"trend_signal": '"BEARISH"', "avg_close": "10.399900"}, {"trend_signal": '"BULLISH"', "avg_close": "10.6000133"},
                {"trend_signal": '"BEARISH"', "avg_close": "10.3999867"}, {"trend_signal": '"BULLISH"', "avg_close": "10.600000000"},
                {"trend_signal": '"BEARISH"', "avg_close": "10.400000000"}, {"trend_signal": '"NEUTRAL"', "avg_close": "10.6000"},
                {"trend_signal": '"NEUTRAL"', "avg_close": "10.4000"}, {"trend_signal": '"NEUTRAL"', "avg_close": "0.1600"},
                {"trend_signal": '"NEUTRAL"', "avg_close": "0.1400"}, {"trend_signal": '"NEUTRAL"'}, {"trend_signal": '"BULLISH"'},
                {"trend_signal": '"NEUTRAL"'}],
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
