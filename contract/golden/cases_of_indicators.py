"""Clauses 8: steps, and what the indicators say after them. How a case is written: case.py."""

from case import Case, bar, case, flat

ALONE = "--size 1m --slide 1m --indicators"  # one step a bar


def minutes(symbol, closes, begin="2025-01-02", hour=15):
    """A flat bar a minute."""
    lines = []
    for i, close in enumerate(closes):
        time = f"{begin}T{hour + i // 60:02d}:{i % 60:02d}:00Z"
        lines.append((flat(symbol, time, close), "accepted"))
    return lines


@case
def steps():
    """A pane becomes a step when the window that ends with it closes (8.1). The bar of 14:34 closes the windows that end 14:31 and 14:32: the first
    makes step 0 of the bar of 14:30; the pane of the second is empty, so its row says what step 0 says. Then come a bar of 14:31, whose own
    window is closed, and a correction of 14:30: both count in the windows that are open, and make and change no step. 14:32:30 is in time: the
    pane of 14:32 has 12 and 12.5, and makes step 1 with the close of the later one. 14:33 is empty; 14:34 makes step 2.
    session_vwap: each bar trades 100 at its one price: 10; then (10 + 12 + 12.5) / 3 = 11.5; then 48.5 / 4 = 12.125: neither 10.5 nor 11 counts.
    B has one bar: its values stay those of step 0 in all its five windows. p is the row's own (4.2): the window that ends 14:40 holds 14.001 alone and has 5
    places, the one before it, too."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:32:00", "12"), "accepted"),
        (flat("A", "14:34:00", "14"), "accepted"),
        (flat("A", "14:31:00", "11"), "accepted"),
        (flat("A", "14:30:00", "10.5"), "corrected"),
        (flat("A", "14:32:30", "12.5"), "accepted"),
        (flat("B", "14:35:00", "14.001"), "accepted"),
        options="--indicators",
        trends=[{"window_end": '"2025-01-02 14:31:00"', "bar_count": "1", "step": "0", "last_close": "10.0000", "session_vwap": "10.0000", "sma_50": "null",
                 "ema_20": "null", "rsi_14": "null", "macd": "null", "macd_signal": "null", "macd_histogram": "null", "bollinger_upper": "null",
                 "bollinger_middle": "null", "bollinger_lower": "null", "atr_14": "null", "trend_confirmation": "null"},
                {"window_end": '"2025-01-02 14:32:00"', "bar_count": "1", "step": "0", "last_close": "10.0000"},
                {"window_end": '"2025-01-02 14:33:00"', "bar_count": "4", "step": "1", "last_close": "12.5000", "session_vwap": "11.5000"},
                {"window_end": '"2025-01-02 14:34:00"', "bar_count": "4", "step": "1", "last_close": "12.5000"},
                {"window_end": '"2025-01-02 14:35:00"', "bar_count": "5", "step": "2", "last_close": "14.0000", "session_vwap": "12.1250"},
                (6, {"symbol": '"B"', "window_end": '"2025-01-02 14:36:00"', "step": "0", "last_close": "14.00100"}),
                (13, {"symbol": '"B"', "window_end": '"2025-01-02 14:40:00"', "step": "0", "last_close": "14.00100"})],
    )


@case
def steps_previewed():
    """An update shows the steps that the open windows up to it would make (8.3). 14:30 at 10: its five windows show step 0. 14:31 at 11: the
    windows that end 14:32 to 14:36 show step 1, since two panes would make steps; the window that ends 14:31 did not change. 14:30:30 at
    10.6: the window that ends 14:31 shows step 0 at 10.6, the next four step 1 at 11. No preview changes a state: the finals begin with step 0."""
    first = [(i, {"status": '"update"', "step": "0", "last_close": "10.0000"}) for i in range(5)]
    second = [(i, {"status": '"update"', "step": "1", "last_close": "11.0000", "session_vwap": "10.5000"}) for i in range(5, 10)]
    third = [(i, {"status": '"update"', "step": "1", "last_close": "11.0000"}) for i in range(11, 15)]
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:31:00", "11"), "accepted"),
        (flat("A", "14:30:30", "10.6"), "accepted"),
        options="--updates --indicators",
        trends=[*first, *second, (10, {"window_end": '"2025-01-02 14:31:00"', "step": "0", "last_close": "10.6000"}), *third,
                (15, {"status": '"final"', "window_end": '"2025-01-02 14:31:00"', "step": "0", "last_close": "10.6000", "session_vwap": "10.3000"}),
                (16, {"status": '"final"', "window_end": '"2025-01-02 14:32:00"', "step": "1", "last_close": "11.0000"}),
                (17, {"step": "1"}), (18, {"step": "1"}), (19, {"step": "1"}), (20, {"step": "1"})],
    )


@case
def indicators():
    """Series whose values can be calculated by hand.
    A rises by 1 a minute from 100. An EMA-n that begins as the mean of a ramp's first n values stays (n − 1) / 2 below it: EMA-20 = close − 9.5,
    EMA-12 = close − 5.5, EMA-26 = close − 12.5, so MACD = 7, its signal 7, the histogram 0. RSI 100: there is no loss. The true range is 1, so ATR 1.
    Of the last 20 closes the mean is close − 9.5 and the variance (20² − 1) / 12 = 33.25, s = 5.766281297: the bands are 11.532562594 from the middle.
    At step 49 the close is 149: SMA-50 = 124.5, EMA-20 = 139.5: UP. Step 13 has no RSI, 14 has; 18 no EMA, 19 has; 32 no MACD, 33 has; 48 no SMA.
    B falls likewise from 200: EMA-20 = close + 9.5, MACD −7, RSI 0, DOWN.
    C changes between 10 and 11. At step 14 there were 7 gains and 7 losses of 1: G = L = 0.5, RSI 50. Step 15 gains 1: G = 7.5 / 14, L = 6.5 / 14:
    RSI = 100 · 7.5 / 14 = 53.5714; step 16 loses 1: G = 13 · 7.5 / 196 = 97.5 / 196, L = (13 · 6.5 + 14) / 196 = 98.5 / 196: 100 · 97.5 / 196 = 49.7449.
    EMA-20 at step 19 is 10.5, at step 20 (close 10) it is (2 · 10 + 19 · 10.5) / 21 = 10.452380952…: 10.4524. At step 19 s = 0.5: bands 11.5 and 9.5.
    At step 49 (close 11) the SMA-50 is 10.5 and the EMA-20, drawn to the last close, between it and 11: UP. At step 50 (close 10) it is the other
    way round: DOWN."""
    def at(step, symbol, **fields):
        return (3 * step + "ABC".index(symbol), {"symbol": f'"{symbol}"', "step": str(step), **fields})

    rising, falling = minutes("A", [str(100 + i) for i in range(51)]), minutes("B", [str(200 - i) for i in range(51)])
    changing = minutes("C", [str(10 + i % 2) for i in range(51)])
    return Case(
        *(line for lines in zip(rising, falling, changing) for line in lines),
        options=ALONE,
        trends=[at(13, "A", rsi_14="null", atr_14="null"),
                at(14, "A", rsi_14="100.0000", atr_14="1.0000", last_close="114.0000"), at(14, "B", rsi_14="0.0000"), at(14, "C", rsi_14="50.0000"),
                at(15, "C", rsi_14="53.5714"), at(16, "C", rsi_14="49.7449", atr_14="1.0000"),
                at(18, "A", ema_20="null", bollinger_upper="null"),
                at(19, "A", ema_20="109.5000", bollinger_upper="121.0326", bollinger_middle="109.5000", bollinger_lower="97.9674"),
                at(19, "C", ema_20="10.5000", bollinger_upper="11.5000", bollinger_middle="10.5000", bollinger_lower="9.5000"),
                at(20, "C", ema_20="10.4524"),
                at(32, "A", macd="null", macd_signal="null", macd_histogram="null", ema_20="122.5000"),
                at(33, "A", macd="7.0000", macd_signal="7.0000", macd_histogram="0.0000"),
                at(33, "B", macd="-7.0000", macd_signal="-7.0000", macd_histogram="0.0000"),
                at(48, "A", sma_50="null", trend_confirmation="null"),
                at(49, "A", sma_50="124.5000", ema_20="139.5000", trend_confirmation='"UP"', session_vwap="124.5000"),
                at(49, "B", sma_50="175.5000", ema_20="160.5000", trend_confirmation='"DOWN"'),
                at(49, "C", sma_50="10.5000", trend_confirmation='"UP"'), at(50, "C", trend_confirmation='"DOWN"')],
    )


@case
def indicators_at_rest():
    """A price that does not move: RSI 50, no range, no band, no MACD, MIXED. At 50 steps of 10.123456789 every average is that price, at nine
    places. Z: the same 19 times and then 10.123456790 once: 20·Σx² − (Σx)² = 19 units², s = √(19 / 400) = 0.218 → 0 units, so the bands are the
    middle, 10.12345678905 → 10.123456789. Y: two closes at …789 and eighteen 4 units above: 20·Σx² − (Σx)² =
    20 · 288 − 72² = 576 units², s = √(576 / 400) = 1.2 → 1 unit. The mean is 72 / 20 = 3.6 above …789: middle …792.6 → …793, bands two units away: …794.6 → …795 and
    …790.6 → …791."""
    rest, low, high = "10.123456789", "10.123456789", "10.123456793"
    lines = [*minutes("X", [rest] * 50), *minutes("Y", [low] * 2 + [high] * 18), *minutes("Z", [rest] * 19 + ["10.123456790"])]
    lines.sort(key=lambda line: line[0].split('"timestamp":')[1][:22])
    return Case(
        *lines,
        options=ALONE,
        trends=[(3 * 14, {"symbol": '"X"', "rsi_14": "50.0000", "atr_14": "0.000000000"}),
                (3 * 19, {"symbol": '"X"', "ema_20": "10.123456789", "bollinger_upper": "10.123456789", "bollinger_lower": "10.123456789"}),
                (3 * 19 + 1, {"symbol": '"Y"', "bollinger_upper": "10.123456795", "bollinger_middle": "10.123456793", "bollinger_lower": "10.123456791"}),
                (3 * 19 + 2, {"symbol": '"Z"', "bollinger_upper": "10.123456789", "bollinger_middle": "10.123456789", "bollinger_lower": "10.123456789"}),
                (60 + 29, {"symbol": '"X"', "sma_50": "10.123456789", "macd": "0.000000000", "macd_histogram": "0.000000000", "trend_confirmation": '"MIXED"'})],
    )


@case
def session_vwap():
    """Since when it sums up (8.9). In winter New York is at UTC − 5: pre-market begins at 09:00, regular hours at 14:30, after hours at 01:00 of the next
    date. A: 14:29 at 10; 14:30 at 20 begins anew: 20; 14:31 twice as much at 23: (20 + 2 · 23) / 3 = 22. 00:59 at 30 goes on: (2000 + 4600 + 3000) / 400 = 24;
    01:00 at 31 begins anew. In summer regular hours begin at 13:30: 13:29 at 10, then 13:30 at 11.
    B: the bar's vwap is its price, whatever its close: 30; a negative one: (30 − 50) / 2 = −10. C: without vwap (11 + 9 + 10.5) / 3 = 10.16666… → 10.1667.
    D: nothing was traded, null; then 5. BTC/USD and E, whose feed is crypto_us, go on at 14:30, (10 + 20) / 2 = 15, and begin anew at 00:00 UTC."""
    return Case(
        (flat("A", "14:29:00", "10"), "accepted"),
        (bar("B", "14:29:00", vwap="30"), "accepted"),
        (bar("C", "14:29:00", high="11", low="9", open="10", close="10.5"), "accepted"),
        (flat("D", "14:29:00", "4", volume="0"), "accepted"),
        (flat("BTC/USD", "14:29:00", "10"), "accepted"),
        (flat("E", "14:29:00", "10", feed='"crypto_us"'), "accepted"),
        (bar("B", "14:29:30", vwap="-50"), "accepted"),
        (flat("A", "14:30:00", "20"), "accepted"),
        (flat("BTC/USD", "14:30:00", "20"), "accepted"),
        (flat("D", "14:30:00", "5"), "accepted"),
        (flat("E", "14:30:00", "20", feed='"crypto_us"'), "accepted"),
        (flat("A", "14:31:00", "23", volume="200"), "accepted"),
        (flat("BTC/USD", "2025-01-03T00:00:00Z", "40"), "accepted"),
        (flat("E", "2025-01-03T00:00:00Z", "41", feed='"crypto_us"'), "accepted"),
        (flat("A", "2025-01-03T00:59:00Z", "30"), "accepted"),
        (flat("A", "2025-01-03T01:00:00Z", "31"), "accepted"),
        (flat("A", "2025-07-01T13:29:00Z", "10"), "accepted"),
        (flat("A", "2025-07-01T13:30:00Z", "11"), "accepted"),
        options=ALONE,
        trends=[{"symbol": '"A"', "session_vwap": "10.0000"}, {"symbol": '"B"', "session_vwap": "-10.0000"},
                {"symbol": '"BTC/USD"', "session_vwap": "10.0000"}, {"symbol": '"C"', "session_vwap": "10.1667"},
                {"symbol": '"D"', "session_vwap": "null"}, {"symbol": '"E"', "session_vwap": "10.0000"},
                {"symbol": '"A"', "session_vwap": "20.0000"}, {"symbol": '"BTC/USD"', "session_vwap": "15.0000"},
                {"symbol": '"D"', "session_vwap": "5.0000"}, {"symbol": '"E"', "session_vwap": "15.0000"},
                {"symbol": '"A"', "session_vwap": "22.0000"}, {"symbol": '"BTC/USD"', "session_vwap": "40.0000"},
                {"symbol": '"E"', "session_vwap": "41.0000"}, {"symbol": '"A"', "session_vwap": "24.0000"},
                {"symbol": '"A"', "session_vwap": "31.0000"}, {"symbol": '"A"', "session_vwap": "10.0000"},
                {"symbol": '"A"', "session_vwap": "11.0000"}],
    )
