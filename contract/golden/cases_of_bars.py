"""Clauses 2.4 to 2.10: the fields of a bar, and what is written. How a case is written: case.py."""

from case import ALONE, BAD_TIME, Case, bar, case, each, flat, heartbeat


@case
def judging_order():
    """Of several faults the first in the order of 2.4 is named: fields in table order, each by presence, type, rule; then the
    cross rules; then the hour-ahead rule. Unordered keys change nothing."""
    return Case(
        (heartbeat("14:30:00"), "heartbeat"),
        ("{}", "missing symbol"),
        ('{"feed":7}', "missing symbol"),
        (bar("A", symbol="null", timestamp="null"), "wrong_type symbol"),
        (bar("", timestamp="null"), "bad_symbol symbol"),
        (bar("A", timestamp=None, open="0"), "missing timestamp"),
        (bar("A", timestamp='"?"', open=None), BAD_TIME),
        (bar("A", open="0", high=None), "not_positive open"),
        (bar("A", open="1e30", high="0"), "out_of_range open"),
        (bar("A", open='"10"', high=None), "wrong_type open"),
        (bar("A", high="0", low='"x"'), "not_positive high"),
        (bar("A", low="0", close=None), "not_positive low"),
        (bar("A", close="0", volume=None), "not_positive close"),
        (bar("A", volume="-1", vwap='""'), "negative volume"),
        (bar("A", vwap='""', price_change='""'), "wrong_type vwap"),
        (bar("A", price_change='""', pct_change='""'), "wrong_type price_change"),
        (bar("A", pct_change='""', direction='""'), "wrong_type pct_change"),
        (bar("A", direction='""', trade_count="-1"), "bad_direction direction"),
        (bar("A", trade_count="-1", feed="1"), "negative trade_count"),
        (bar("A", feed="1", high="1"), "wrong_type feed"),
        (bar("A", feed="1", high="1", low=None), "missing low"),
        ('{"feed":7,"trade_count":0.5,"close":0,"low":0,"symbol":"A","high":0,"open":null,"timestamp":"2025-01-02T14:30:00Z"}', "wrong_type open"),
        (bar("A", "15:30:00.000000001", high="1"), "high_below_low high"),
        (bar("A", "15:30:00.000000001"), "ahead_of_heartbeat timestamp"),
        (bar("A", "15:30:00.000000001", x='1,"x":1'), "duplicate_key"),
        (bar("A", "15:30:00"), "accepted"),
    )


@case
def bar_symbol():
    """1 to 32 bytes from `!` (0x21) to `~` (0x7E), upper and lower case apart."""
    whole = "".join(chr(c) for c in range(0x21, 0x7F))
    parts = [whole[i:i + 32].replace("\\", "\\\\").replace('"', '\\"') for i in range(0, len(whole), 32)]
    return Case(
        *[(bar(part), "accepted") for part in parts],
        (bar("a"), "accepted"),
        (bar("A"), "accepted"),
        (bar("BTC/USD"), "accepted"),
        (bar("x" * 32), "accepted"),
        (bar("x" * 33), "bad_symbol symbol"),
        (bar(""), "bad_symbol symbol"),
        (bar("A B"), "bad_symbol symbol"),
        (bar(" A"), "bad_symbol symbol"),
        (bar("A\\t"), "bad_symbol symbol"),
        (bar("A\\n"), "bad_symbol symbol"),
        (bar("A\\u0000"), "bad_symbol symbol"),
        (bar("A\x7f"), "bad_symbol symbol"),
        (bar("Ä"), "bad_symbol symbol"),
        (bar("A\u0301"), "bad_symbol symbol"),
        (bar("Ａ"), "bad_symbol symbol"),
        options=ALONE,
    )


@case
def bar_prices():
    """Each price must be above zero after rounding."""
    return Case(
        *[(bar("A", **{field: text}), f"not_positive {field}") for field in ("open", "high", "low", "close")
          for text in ("0", "-0", "-1", "0.0000000004", "-0.0000000001", "0e5")],
        *[(bar("A", **{field: "10000000000"}), f"out_of_range {field}") for field in ("open", "high", "low", "close")],
        (flat("B", "14:30:00", "0.0000000005"), "accepted"),
        (flat("B", "14:30:00", "0.000000001"), "duplicate"),
        options=ALONE,
    )


@case
def bar_volume():
    """Volume is a number ≥ 0, fractions too; avg_volume of one bar is its volume, with as many places."""
    return Case(
        *each("volume", ("0", "accepted"), ("0.5", "accepted"), ("2.5", "accepted"), ("0.499999999", "accepted"), ("1e3", "accepted"),
              ("-0", "accepted"), ("7.14319709", "accepted"), ("-1", "negative volume"), ("-0.000000001", "negative volume")),
        options=ALONE,
        trends=[{"avg_volume": text} for text in ("0", "0.5", "2.5", "0.499999999", "1000", "0", "7.14319709")],
    )


@case
def bar_optional():
    """What may be null or missing, and what each optional field takes."""
    return Case(
        (bar("A", vwap="null", price_change="null", pct_change="null", direction="null", trade_count="null", feed="null"), "accepted"),
        (bar("A"), "duplicate"),
        *each("vwap", ("0", "accepted"), ("-11.5", "accepted"), ("1e-9", "accepted"), ("11", "accepted")),
        (bar("D1", direction='"up"'), "accepted"),
        (bar("D2", direction='"down"'), "accepted"),
        (bar("D3", direction='"flat"'), "accepted"),
        (bar("D4", direction='"UP"'), "bad_direction direction"),
        (bar("D5", direction='"up "'), "bad_direction direction"),
        (bar("D6", direction='""'), "bad_direction direction"),
        (bar("D7", direction='"up\\u0000"'), "bad_direction direction"),
        (bar("F1", feed='""'), "accepted"),
        (bar("F2", feed='"null"'), "accepted"),
        (bar("F3", feed='"' + "x" * 1000 + '"'), "accepted"),
        options=ALONE,
    )


@case
def bar_trade_count():
    """An integer by value, after rounding to units; first integer, then sign, then range."""
    return Case(
        *each("trade_count",
              ("0", "accepted"), ("-0", "accepted"), ("5.0", "accepted"), ("5e0", "accepted"), ("50e-1", "accepted"),
              ("4.9999999999", "accepted"), ("5.0000000004", "accepted"), ("-0.0000000004", "accepted"),
              ("9223372036854775807", "accepted"), ("9.223372036854775807e18", "accepted"),
              ("9223372036854775807.0000000004", "accepted"),
              ("9223372036854775807.0000000005", "not_integer trade_count"),
              ("9223372036854775808", "out_of_range trade_count"), ("1e19", "out_of_range trade_count"),
              ("99999999999999999999.9999999999", "out_of_range trade_count"),
              ("5.000000001", "not_integer trade_count"), ("0.5", "not_integer trade_count"),
              ("-0.5", "not_integer trade_count"), ("-1.5", "not_integer trade_count"), ("-1", "negative trade_count"),
              ("-9223372036854775809", "negative trade_count"),
              ("12345678901234567890123456789012345678901234567890.5", "not_integer trade_count")),
        (bar("T", trade_count="5"), "accepted"),
        (bar("T", trade_count="5.0"), "duplicate"),
        (bar("T", trade_count="4.9999999996"), "duplicate"),
        (bar("T", trade_count="6"), "corrected"),
        options=ALONE,
    )


@case
def bar_missing():
    """Seven fields must be there; the others may be missing."""
    return Case(
        *[(bar("A", **{field: None}), f"missing {field}")
          for field in ("symbol", "timestamp", "open", "high", "low", "close", "volume")],
        (bar("A"), "accepted"),
    )


@case
def bar_types():
    """Every field with every JSON type that it is not. Null counts as a wrong type only where the table does not allow it."""
    texts = {"string": '"1"', "number": "1", "bool": "true", "array": "[1]", "object": '{"a":1}', "null": "null"}
    strings, numbers = ("symbol", "timestamp", "direction", "feed"), ("open", "high", "low", "close", "volume", "vwap",
                                                                     "price_change", "pct_change", "trade_count")
    optional = ("vwap", "price_change", "pct_change", "direction", "trade_count", "feed")
    lines_ = []
    for field in strings + numbers:
        for kind, text in texts.items():
            if kind == ("string" if field in strings else "number") or (kind == "null" and field in optional):
                continue
            lines_.append((bar("A", **{field: text}), f"wrong_type {field}"))
    return Case(*lines_, (bar("A", vwap='"NaN"'), "wrong_type vwap"), (bar("A", open='"10"'), "wrong_type open"),
                (bar("A", feed="false"), "wrong_type feed"), (bar("A"), "accepted"), options=ALONE)


@case
def bar_cross_rules():
    """low ≤ open ≤ high and low ≤ close ≤ high, after rounding, in the order of 2.6; equal prices are fine."""
    def prices(symbol, open_, high, low, close):
        return bar(symbol, open=open_, high=high, low=low, close=close)

    return Case(
        (prices("A", "10", "10", "10", "10"), "accepted"),
        (prices("B", "10", "11", "9", "11"), "accepted"),
        (prices("C", "9", "11", "9", "9"), "accepted"),
        (prices("D", "10", "9", "9.000000001", "10"), "high_below_low high"),
        (prices("E", "1", "8", "9", "20"), "high_below_low high"),
        (prices("F", "8.999999999", "11", "9", "12"), "low_above_open low"),
        (prices("G", "11.000000001", "11", "9", "8"), "open_above_high high"),
        (prices("H", "10", "11", "9", "8.999999999"), "low_above_close low"),
        (prices("I", "10", "11", "9", "11.000000001"), "close_above_high high"),
        (prices("J", "11.0000000004", "11", "9", "8.9999999996"), "accepted"),
        (prices("K", "11.0000000005", "11", "9", "10"), "open_above_high high"),
        options=ALONE,
    )


@case
def bar_derived():
    """What is missing is computed, what is present wins. (close − open) / open × 100 of 3 → 4 is 33.33333… → 33.3333; of 3 → 5 is
    66.6667; of 3 → 2 is −33.3333; of 8 → 8.000012 it is 0.00015 → 0.0002, an exact tie, while the rounded price_change (0.0000) would
    give 0; of 8 → 7.999996 it is −0.00005 → −0.0001. price_change of 8 → 8.00005 is 0.0001, of 8 → 8.00004999 it is 0.0000. A bar that
    says what would be derived is a duplicate; the last digit of a present value counts."""
    def step(symbol, open_, close, **fields):
        low, high = sorted((open_, close), key=float)
        return bar(symbol, open=open_, close=close, low=low, high=high, **fields)

    return Case(
        (step("A", "3", "4"), "accepted"),
        (step("A", "3", "4", price_change="1", pct_change="33.3333", direction='"up"'), "duplicate"),
        (step("A", "3", "4", price_change="1", pct_change="33.333300001", direction='"up"'), "corrected"),
        (step("B", "3", "5"), "accepted"),
        (step("B", "3", "5", pct_change="66.6667"), "duplicate"),
        (step("C", "3", "2"), "accepted"),
        (step("C", "3", "2", price_change="-1", pct_change="-33.3333", direction='"down"'), "duplicate"),
        (step("D", "8", "8.000012"), "accepted"),
        (step("D", "8", "8.000012", price_change="0", pct_change="0.0002", direction='"up"'), "duplicate"),
        (step("E", "8", "7.999996"), "accepted"),
        (step("E", "8", "7.999996", price_change="0", pct_change="-0.0001", direction='"down"'), "duplicate"),
        (step("F", "8", "8.00005"), "accepted"),
        (step("F", "8", "8.00005", price_change="0.0001", pct_change="0.0006"), "duplicate"),
        (step("G", "8", "8.00004999"), "accepted"),
        (step("G", "8", "8.00004999", price_change="0.0000"), "duplicate"),
        (step("H", "8", "8"), "accepted"),
        (step("H", "8", "8", price_change="0", pct_change="-0", direction='"flat"'), "duplicate"),
        (step("I", "3", "4", direction='"down"'), "accepted"),
        (step("J", "3", "4", price_change="-5"), "accepted"),
        (step("J", "3", "4", price_change="-5", direction='"up"', pct_change="33.3333"), "duplicate"),
        (step("K", "0.000000001", "9223372036.854775806"), "accepted"),
        options=ALONE,
        trends=[{"symbol": '"A"', "avg_pct_change": "33.3333", "buy_pressure": "1.0000", "revision": "2"},
                {"symbol": '"B"', "avg_pct_change": "66.6667"},
                {"symbol": '"C"', "avg_pct_change": "-33.3333", "buy_pressure": "0.0000"},
                {"symbol": '"D"', "avg_pct_change": "0.0002", "buy_pressure": "1.0000"},
                {"symbol": '"E"', "avg_pct_change": "-0.0001"},
                {"symbol": '"F"', "avg_pct_change": "0.0006"},
                {"symbol": '"G"', "avg_pct_change": "0.0006"},
                {"symbol": '"H"', "avg_pct_change": "0.0000", "buy_pressure": "0.0000"},
                {"symbol": '"I"', "avg_pct_change": "33.3333", "buy_pressure": "0.0000"},
                {"symbol": '"J"', "avg_pct_change": "33.3333", "buy_pressure": "1.0000"},
                {"symbol": '"K"', "avg_pct_change": "922337203685477580500.0000"}],
    )


@case
def written_bars():
    """How Tidemark writes a bar (2.9): bars.jsonl holds each accepted or corrected bar in that form. (The filter writes no bars; the
    programs' own tests read this case.)"""
    return Case(
        (bar("A"), "accepted"),
        (bar("B", "2025-01-02 09:30:00.120-0500", open="1.50e1", high="15.0", low="0.000000001", close="3", volume="7.14319709",
             vwap="-0.10", price_change="-0", pct_change="1e20", direction='"flat"', trade_count="5.0", feed='"iex"'), "accepted"),
        (bar("C", "14:30:00.000000001", vwap="0", feed='""', trade_count="9223372036854775807", ingested_at='"x"', extra="1"), "accepted"),
        (bar("\\\"\\\\", open="3", high="4", low="3", close="4", feed='"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t\\u0000\\u001F\\u007f\\u00e9\\ud83d\\ude00\\u2028"'), "accepted"),
        (bar("E", "1970-01-01T00:00:00+00:01"), "late"),
        (bar("F", volume="999999999999999999.999999999", price_change="-999999999999999999999999999.999999999"), "accepted"),
        options=ALONE,
        bars=[(1, {"timestamp": '"2025-01-02T14:30:00.12Z"', "open": "15", "high": "15", "low": "0.000000001", "vwap": "-0.1",
                   "price_change": "0", "pct_change": "100000000000000000000", "direction": '"flat"', "trade_count": "5", "feed": '"iex"'}),
              (0, {"timestamp": '"2025-01-02T14:30:00Z"', "vwap": "null", "price_change": "1", "pct_change": "10", "direction": '"up"',
                   "trade_count": "null", "feed": "null"}),
              (2, {"vwap": "null"}),
              (3, {"symbol": '"\\"\\\\"', "pct_change": "33.3333",
                   "feed": '"a\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0000\\u001f\x7fé😀\u2028"'})],
    )


@case
def written_strings():
    """Symbols, feeds, rejected records and their bytes as JSON strings (2.10), in trends and rejects."""
    return Case(
        (bar("\\\"\\\\/", feed='"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t\\u0000\\u001F\\u007f\\u00e9\\ud83d\\ude00\\u2028"'), "accepted"),
        ('\x00\x01\x08\t\x0b\x0c\x1f\x7f"\\/é😀\u2028', "bad_json"),
        (b"\x00\xff\xfe", "bad_json"),
        (b"\xff", "bad_json"),
        (b"\xff\xff", "bad_json"),
        ("<script>&amp;'", "bad_json"),
        options=ALONE,
        trends=[{"symbol": '"\\"\\\\/"', "feed": '"a\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0000\\u001f\x7fé😀\u2028"'}],
    )
