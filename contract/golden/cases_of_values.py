"""Clauses 2.1 to 2.3: numbers and times. How a case is written: case.py."""

from case import ALONE, BAD_TIME, Case, bar, case, flat


def pairs(field, *texts, **fields):
    """For each (text, same as) two bars of one identity: the second is a duplicate if both texts are the same number."""
    found = []
    for i, (text, same, outcome) in enumerate(texts, start=1):
        found.append((bar(f"S{i:02d}", **{field: text}, **fields), "accepted"))
        found.append((bar(f"S{i:02d}", **{field: same}, **fields), outcome))
    return found


@case
def number_rounding():
    """Digits beyond the ninth are rounded half away from zero before anything is judged. Two bars of one identity show which
    number a text is: the second is a duplicate if it is the same, a correction if not."""
    return Case(*pairs(
        "vwap",
        ("0.30000000000000004", "0.3", "duplicate"),
        ("0.0000000005", "0.000000001", "duplicate"),
        ("0.00000000049999999999999999999999999999999999999", "0", "duplicate"),
        ("-0.0000000005", "-0.000000001", "duplicate"),
        ("-0.0000000004", "0", "duplicate"),
        ("1.0000000015", "1.000000002", "duplicate"),
        ("1.0000000025", "1.000000003", "duplicate"),
        ("-1.0000000025", "-1.000000003", "duplicate"),
        ("0.1234567894999", "0.123456789", "duplicate"),
        ("9.9999999995", "10", "duplicate"),
        ("9.9999999994", "9.999999999", "duplicate"),
        ("-0", "0", "duplicate"),
        ("-0.0e5", "0", "duplicate"),
        ("1.10", "1.1", "duplicate"),
        ("1.000000001", "1", "corrected"),
        ("175.30", "175.3000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004", "duplicate"),
        ("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706", "3.141592654", "duplicate"),
        ("0.1" + "0" * 2_000 + "1", "0.1", "duplicate"),
        ("1" + "0" * 9 + ".5", "1000000000.50", "duplicate"),
    ), options=ALONE)


@case
def number_exponents():
    """Exponents of any size and sign, with or without a point, `e` or `E`; zero stays zero under the hugest."""
    return Case(
        *pairs(
            "vwap",
            ("1e0", "1", "duplicate"),
            ("1E+2", "100", "duplicate"),
            ("12345e-2", "123.45", "duplicate"),
            ("0.00012345e6", "123.45", "duplicate"),
            ("1.5e-9", "0.000000002", "duplicate"),
            ("14e-10", "0.000000001", "duplicate"),
            ("4e-10", "0", "duplicate"),
            ("5e-10", "1e-9", "duplicate"),
            ("-5e-10", "-0.000000001", "duplicate"),
            ("1e-999999999", "0", "duplicate"),
            ("-123e-99999999999999999999999999", "0", "duplicate"),
            ("0e999999999", "0", "duplicate"),
            ("-0.000e99999999999999999999999999", "0", "duplicate"),
            ("1e000000000000000000000000000000001", "10", "duplicate"),
            ("1e-0", "1", "duplicate"),
            ("0." + "0" * 400 + "1e401", "1", "duplicate"),
            ("1" + "0" * 400 + "e-400", "1", "duplicate"),
            ("25" + "0" * 300 + "e-310", "0.000000003", "duplicate"),
            ("9223372036854775806e-9", "9223372036.854775806", "duplicate"),
        ),
        (bar("T01", vwap="1e999999999"), "out_of_range vwap"),
        (bar("T02", vwap="-1e999999999"), "out_of_range vwap"),
        (bar("T03", vwap="1e9223372036854775808"), "out_of_range vwap"),
        (bar("T04", vwap="1e18446744073709551617"), "out_of_range vwap"),
        (bar("T05", vwap="0.1e4294967297"), "out_of_range vwap"),
        (bar("T06", vwap="1e10"), "out_of_range vwap"),
        (bar("T07", open="1e-999999999"), "not_positive open"),
        (bar("T08", open="1e-9223372036854775809"), "not_positive open"),
        (bar("T09", high="1e999999999"), "out_of_range high"),
        (bar("T10", low="-1e999999999"), "not_positive low"),
        (bar("T11", volume="1e999999999"), "out_of_range volume"),
        (bar("T12", volume="-1e999999999"), "negative volume"),
        (bar("T13", trade_count="1e999999999"), "out_of_range trade_count"),
        (bar("T14", trade_count="-1e999999999"), "negative trade_count"),
        (bar("T15", trade_count="1e-999999999"), "accepted"),
        (bar("T16", pct_change="1e999999999"), "out_of_range pct_change"),
        (bar("T17", unknown="1e999999999"), "accepted"),
        options=ALONE,
    )


@case
def number_range():
    """Both sides of every limit, after rounding. The largest price is 9,223,372,036.854775806: one unit short of the limit."""
    top, limit = "9223372036.854775806", "9223372036.854775807"
    beyond = "9223372036.8547758064999"
    rounded_up = "9223372036.8547758065"

    def price(symbol, text):
        return flat(symbol, "14:30:00", text)

    return Case(
        (price("A", top), "accepted"),
        (price("B", limit), "out_of_range open"),
        (price("C", beyond), "accepted"),
        (price("D", rounded_up), "out_of_range open"),
        (price("E", "9223372037"), "out_of_range open"),
        (price("F", "18446744073.709551617"), "out_of_range open"),
        (price("G", "0.000000001"), "accepted"),
        (price("H", "0.0000000005"), "accepted"),
        (price("I", "0.00000000049999"), "not_positive open"),
        (bar("J", vwap=top), "accepted"),
        (bar("K", vwap="-" + top), "accepted"),
        (bar("L", vwap=limit), "out_of_range vwap"),
        (bar("M", vwap="-" + limit), "out_of_range vwap"),
        (bar("N", vwap="-9223372036.854775808"), "out_of_range vwap"),
        (bar("O", volume="999999999999999999.999999999"), "accepted"),
        (bar("P", volume="999999999999999999.9999999995"), "out_of_range volume"),
        (bar("Q", volume="1000000000000000000"), "out_of_range volume"),
        (bar("R", volume="1e18"), "out_of_range volume"),
        (bar("S", volume="0"), "accepted"),
        (bar("T", volume="-0.0000000004"), "accepted"),
        (bar("U", volume="-0.0000000005"), "negative volume"),
        (bar("V", price_change="999999999999999999999999999.999999999"), "accepted"),
        (bar("W", price_change="-999999999999999999999999999.999999999"), "accepted"),
        (bar("X", price_change="1e27"), "out_of_range price_change"),
        (bar("Y", price_change="-1e27"), "out_of_range price_change"),
        (bar("Z", price_change="999999999999999999999999999.9999999995"), "out_of_range price_change"),
        (bar("a", pct_change="999999999999999999999999999.999999999"), "accepted"),
        (bar("b", pct_change="-999999999999999999999999999.999999999"), "accepted"),
        (bar("c", pct_change="1000000000000000000000000000"), "out_of_range pct_change"),
        (bar("d", pct_change="-1000000000000000000000000000"), "out_of_range pct_change"),
        options=ALONE,
    )


def stamps(*cases):
    """One bar for each (whole timestamp text, outcome), each of its own symbol."""
    return [(bar(f"S{i:02d}", timestamp=f'"{text}"'), outcome) for i, (text, outcome) in enumerate(cases, start=1)]


@case
def time_grammar():
    """The text of a timestamp, at both sides of each border. All good ones lie within the delay of one hour, so none is late."""
    return Case(*stamps(
        ("2024-02-29T23:30:00Z", "accepted"),
        ("2024-02-29 23:30:00Z", "accepted"),
        ("2024-02-29T23:30:00", "accepted"),
        ("2024-02-29T23:30:00.1", "accepted"),
        ("2024-02-29T23:30:00.123456789Z", "accepted"),
        ("2024-02-29T23:59:59.999999999Z", "accepted"),
        ("2024-02-29T23:30:00+00:00", "accepted"),
        ("2024-02-29T23:30:00-00:00", "accepted"),
        ("2024-02-29T23:30:00-0000", "accepted"),
        ("2024-03-01T00:00:00Z", "accepted"),
        ("2023-02-29T23:30:00Z", BAD_TIME),
        ("2100-02-29T00:00:00Z", BAD_TIME),
        ("2024-02-30T00:00:00Z", BAD_TIME),
        ("2024-04-31T00:00:00Z", BAD_TIME),
        ("2024-01-32T00:00:00Z", BAD_TIME),
        ("2024-01-00T00:00:00Z", BAD_TIME),
        ("2024-00-01T00:00:00Z", BAD_TIME),
        ("2024-13-01T00:00:00Z", BAD_TIME),
        ("1969-12-31T23:59:59Z", BAD_TIME),
        ("2262-01-01T00:00:00Z", BAD_TIME),
        ("0000-01-01T00:00:00Z", BAD_TIME),
        ("9999-12-31T23:59:59Z", BAD_TIME),
        ("2024-02-29T24:00:00Z", BAD_TIME),
        ("2024-02-29T23:60:00Z", BAD_TIME),
        ("2024-02-29T23:59:60Z", BAD_TIME),
        ("2024-02-29T23:30:00.Z", BAD_TIME),
        ("2024-02-29T23:30:00.", BAD_TIME),
        ("2024-02-29T23:30:00.1234567890Z", BAD_TIME),
        ("2024-02-29T23:30:00,5Z", BAD_TIME),
        ("2024-02-29T23:30Z", BAD_TIME),
        ("2024-02-29T23:30:00.5.5Z", BAD_TIME),
        ("2024-02-29t23:30:00Z", BAD_TIME),
        ("2024-02-29T23:30:00z", BAD_TIME),
        ("2024-02-29_23:30:00Z", BAD_TIME),
        ("2024-02-29  23:30:00Z", BAD_TIME),
        ("2024-02-29T23:30:00 Z", BAD_TIME),
        (" 2024-02-29T23:30:00Z", BAD_TIME),
        ("2024-02-29T23:30:00Z ", BAD_TIME),
        ("2024-02-29T23:30:00ZZ", BAD_TIME),
        ("2024-02-29T23:30:00Z+00:00", BAD_TIME),
        ("2024-02-29T23:30:00\\n", BAD_TIME),
        ("2024-02-29T23:30:00\\u0000", BAD_TIME),
        ("2024-2-29T23:30:00Z", BAD_TIME),
        ("24-02-29T23:30:00Z", BAD_TIME),
        ("+2024-02-29T23:30:00Z", BAD_TIME),
        ("-2024-02-29T23:30:00Z", BAD_TIME),
        ("02024-02-29T23:30:00Z", BAD_TIME),
        ("2024/02/29T23:30:00Z", BAD_TIME),
        ("20240229T233000Z", BAD_TIME),
        ("2024-02-29", BAD_TIME),
        ("2024-02-29T", BAD_TIME),
        ("23:30:00", BAD_TIME),
        ("1709249400", BAD_TIME),
        ("", BAD_TIME),
        ("2024-02-29T23:30:0OZ", BAD_TIME),
        ("2024-02-29T23:30:+0Z", BAD_TIME),
        ("2024-02-29T23: 0:00Z", BAD_TIME),
        ("٢٠٢٤-02-29T23:30:00Z", BAD_TIME),
        ("2024−02−29T23:30:00Z", BAD_TIME),
    ), options=ALONE + " --delay 1h")


@case
def time_zones():
    """The instant is the local time less the offset: 09:30 in New York (−05:00) is 14:30 UTC, 20:15 in Kathmandu (+05:45) too.
    The same symbol throughout, so that every way to write 14:30 UTC is the duplicate of the first."""
    def at(text):
        return bar("A", text)

    return Case(
        (at("2025-01-02T14:30:00Z"), "accepted"),
        (at("2025-01-02 09:30:00-05:00"), "duplicate"),
        (at("2025-01-02T09:30:00-0500"), "duplicate"),
        (at("2025-01-02T20:15:00+05:45"), "duplicate"),
        (at("2025-01-02T20:15:00.000000000+0545"), "duplicate"),
        (at("2025-01-03T14:29:00+23:59"), "duplicate"),
        (at("2025-01-01T14:31:00-23:59"), "duplicate"),
        (at("2025-01-02T14:30:00.000000001Z"), "accepted"),
        (at("2025-01-02T14:30:00+24:00"), BAD_TIME),
        (at("2025-01-02T14:30:00+23:60"), BAD_TIME),
        (at("2025-01-02T14:30:00-24:00"), BAD_TIME),
        (at("2025-01-02T14:30:00+5:00"), BAD_TIME),
        (at("2025-01-02T14:30:00+05"), BAD_TIME),
        (at("2025-01-02T14:30:00+050"), BAD_TIME),
        (at("2025-01-02T14:30:00+05:0"), BAD_TIME),
        (at("2025-01-02T14:30:00+05:000"), BAD_TIME),
        (at("2025-01-02T14:30:00+05:00Z"), BAD_TIME),
        (at("2025-01-02T14:30:00 +05:00"), BAD_TIME),
        (at("2025-01-02T14:30:00EST"), BAD_TIME),
        (at("2025-01-02T14:30:00\u221205:00"), BAD_TIME),
        (at("2025-01-02T14:30:00+05-00"), BAD_TIME),
    )


@case
def time_before_epoch():
    """The year is judged as written, the instant may fall outside. 00:00:30 at +01:00 on the first day is 1969-12-31 23:00:30; its
    windows of five minutes begin at 22:56 … 23:00 and are aligned as ever (round down, not towards zero). 00:00:00.5 at +00:01 is 23:59:00.5. The
    last second of 2261 at −23:59 falls on 2262-01-01 23:58:59."""
    return Case(
        (bar("A", "1970-01-01T00:00:30+01:00"), "accepted"),
        (bar("A", "1970-01-01T00:00:00.5+00:01"), "accepted"),
        (bar("A", "1970-01-01T00:00:00-00:00"), "accepted"),
        (bar("B", "1970-01-01T00:00:00+23:59"), "late"),
        (bar("A", "1969-12-31T23:59:59-05:00"), BAD_TIME),
        (bar("A", "2261-12-31T23:59:59.999999999-23:59"), "accepted"),
        (bar("A", "2262-01-01T00:00:00+05:00"), BAD_TIME),
        trends=[{"window_start": '"1969-12-31 22:56:00"', "window_end": '"1969-12-31 23:01:00"', "bar_count": "1"},
                {"window_start": '"1969-12-31 22:57:00"'}, {"window_start": '"1969-12-31 22:58:00"'},
                {"window_start": '"1969-12-31 22:59:00"'}, {"window_start": '"1969-12-31 23:00:00"'},
                {"window_start": '"1969-12-31 23:55:00"', "window_end": '"1970-01-01 00:00:00"', "bar_count": "1"},
                {"window_start": '"1969-12-31 23:56:00"', "window_end": '"1970-01-01 00:01:00"', "bar_count": "2"}],
    )


@case
def time_nanoseconds():
    """Bars may be closer than a minute, or a nanosecond apart: 14:30:59.999999999 lies in the window that ends at 14:31:00,
    14:31:00 does not."""
    return Case(
        (flat("A", "14:30:00", "1"), "accepted"),
        (flat("A", "14:30:00.000000001", "2"), "accepted"),
        (flat("A", "14:30:59.999999999", "3"), "accepted"),
        (flat("A", "14:31:00", "10"), "accepted"),
        (flat("A", "14:31:00.0", "10"), "duplicate"),
        (flat("A", "14:31:00.5", "20"), "accepted"),
        (flat("A", "14:31:00.500000000", "21"), "corrected"),
        options=ALONE,
        trends=[{"window_start": '"2025-01-02 14:30:00"', "bar_count": "3", "avg_close": "2.0000"},
                {"window_start": '"2025-01-02 14:31:00"', "bar_count": "2", "avg_close": "15.5000", "revision": "3"}],
    )
