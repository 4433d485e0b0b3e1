"""The golden cases: what arrives, and what becomes of every line of it, by hand.

Each case is a function. Its docstring becomes the case's why.md and holds the calculation where there is one; it returns lines
as pairs (text, outcome), where the outcome is written here by a person who reads the clauses, never copied from a program:

    "accepted" "duplicate" "corrected" "late"     the account's word for a bar
    "REASON FIELD" or "REASON"                    a reject
    "heartbeat", "blank"                          counted nowhere

`make` runs the reference over the lines, refuses to write anything if it disagrees with one outcome or one number given in
`trends` or `bars`, and then writes the files of the case.
"""

import gzip
import random

CASES = {}


class Case:
    """What a function of this file returns; `files` for more than the one file arrivals.jsonl."""

    def __init__(self, *lines, options="", files=None, trends=(), bars=(), end=b"\n"):
        self.options = options
        self.files = files or [File("arrivals.jsonl", *lines, end=end)]
        self.trends = trends  # sparse: one dict of key → written text for each of the first trends, or (index, dict)
        self.bars = bars  # (index, dict), likewise for the written bars


class File:
    """An input file and the outcomes of its lines. A name in .gz is compressed; the name `stdin` is piped in."""

    def __init__(self, name, *lines, end=b"\n", members=1):
        self.name = name
        raw = [text.encode() if isinstance(text, str) else text for text, _ in lines]
        self.outcomes = [outcome for _, outcome in lines]
        self.data = b"\n".join(raw) + (end if raw else b"")
        if name.endswith(".gz"):
            cut = [len(self.data) * i // members for i in range(members + 1)]
            parts = [self.data[a:b] for a, b in zip(cut, cut[1:])]
            self.stored = b"".join(gzip.compress(part, 9, mtime=0) for part in parts)
        else:
            self.stored = self.data


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


# A bar is written as raw JSON texts, so that a case can say exactly what stands there.


def bar(symbol="AAPL", time="14:30:00", /, **fields):
    """A good bar; fields by raw JSON text, None leaves one out. `time` is a time of 2025-01-02 or a whole timestamp."""
    stamp = time if len(time) > 18 else f"2025-01-02T{time}Z"
    texts = {"symbol": f'"{symbol}"', "timestamp": f'"{stamp}"', "open": "10", "high": "12", "low": "9", "close": "11",
             "volume": "100"}
    texts.update(fields)
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items() if text is not None) + "}"


def flat(symbol, time, close, /, **fields):
    """A bar with one price."""
    return bar(symbol, time, open=close, high=close, low=close, close=close, **fields)


def heartbeat(time, **fields):
    stamp = time if len(time) > 18 else f"2025-01-02T{time}Z"
    return "{" + ",".join([f'"heartbeat":"{stamp}"'] + [f'"{name}":{text}' for name, text in fields.items()]) + "}"


def each(field, *cases):
    """One bar for each (raw text, outcome) of a field, each of its own symbol so that none is another's duplicate."""
    return [(bar(f"S{i:02d}", **{field: text}), outcome) for i, (text, outcome) in enumerate(cases, start=1)]


# One window a bar, so that each accepted bar gives one trend.
ALONE = "--size 1m --slide 1m"


# --- 1. Lines and JSON ------------------------------------------------------------------------------------------------


@case
def lines():
    """LF ends a line, one CR before it is no part of the record, blank lines are skipped but numbered (the reject of line 9
    says position 9), and the last line needs no LF. Lines 3 and 4 repeat line 1 in other white space and are its duplicates; in line 4
    only the last CR is dropped, the other one is white space after the object."""
    first = bar("A")
    spaced = first.replace(",", " ,\t").replace(":", " :\r ", 2).replace("{", "{ ").replace("}", "\t}")
    return Case(
        (first, "accepted"),
        ("", "blank"),
        ("  \t" + spaced + " \r", "duplicate"),
        (first + "\r\r", "duplicate"),
        ("\r", "blank"),
        (" \t \r\r\t", "blank"),
        (bar("B") + "\r", "accepted"),
        ("\f", "bad_json"),
        (bar("C")[:-1] + "\r", "bad_json"),
        (bar("D"), "accepted"),
        options=ALONE,
        end=b"",
    )


@case
def several_files():
    """Three files are one input: the end of the first ends its last record (it is not glued to the second's first line, which
    is its duplicate), the second is gzip in three members although nothing but its first bytes says so, the third is empty.
    Line numbers begin anew in each file. The watermark does not: B of 14:31 in the second file is late, because the first has
    reached 15:00."""
    return Case(
        files=[
            File("arrivals-1.jsonl", (bar("A"), "accepted"), ("x", "bad_json"), (bar("A", "15:00:00"), "accepted"), end=b""),
            File("arrivals-2.jsonl.gz", (bar("A", "15:00:00"), "duplicate"), (bar("B", "14:31:00"), "late"), ("", "blank"),
                 ("y", "bad_json"), (bar("B", "15:00:00"), "accepted"), members=3),
            File("arrivals-3.jsonl"),
            File("arrivals-4.jsonl", (bar("C", "15:01:00"), "accepted"), ("z", "bad_json")),
        ],
        options=ALONE,
    )


@case
def standard_input():
    """Without files the filter reads standard input, which is called `-` in the rejects."""
    return Case(files=[File("stdin", (bar("A"), "accepted"), ("x", "bad_json"), (bar("B"), "accepted"), end=b"")], options=ALONE)


@case
def standard_input_gzip():
    """Standard input is gzip when its first two bytes say so."""
    return Case(files=[File("stdin.gz", (bar("A"), "accepted"), ("x", "bad_json"), (bar("B"), "accepted"), members=2)], options=ALONE)


def padded(size, symbol, character="x"):
    """A bar of exactly `size` bytes."""
    empty = bar(symbol, pad='""')
    room = size - len(empty.encode())
    count = room // len(character.encode())
    text = bar(symbol, pad='"' + "y" * (room - count * len(character.encode())) + character * count + '"')
    assert len(text.encode()) == size
    return text


@case
def size_limit():
    """65,536 bytes are a record, 65,537 are too long; neither LF nor the one CR counts. Of a too long record the first 65,536
    bytes are carried: line 6 is all of two-byte characters behind an odd number of ASCII bytes so that the cut leaves half a character
    and base64 is needed; line 7 is a bad one past the cut only, so its carried part is text. Blank lines are blank at any length."""
    odd = padded(70_001, "F", "é")
    if len(odd.encode()[:65_536].decode("utf-8", "ignore").encode()) == 65_536:
        odd = odd.replace('"pad":"', '"pad":"z', 1)
    return Case(files=[File(
        "arrivals.jsonl.gz",
        (padded(65_536, "A"), "accepted"),
        (padded(65_537, "B"), "too_long"),
        (padded(65_536, "C") + "\r", "accepted"),
        (padded(65_537, "D") + "\r", "too_long"),
        (bar("E") + " " * 65_536, "too_long"),
        (odd, "too_long"),
        (padded(65_537, "G").encode() + b"\xff", "too_long"),
        (" " * 70_000, "blank"),
        ("x" * 200_000, "too_long"),
        (bar("H"), "accepted"),
    )], options=ALONE)


@case
def json_grammar():
    """RFC 8259 and nothing else, wherever it stands in the record."""
    good = bar("A")

    def unknown(text):
        return bar("X", unknown=text)

    bad = [
        "x", "{", "}", good + "}", good + good, good + " x", good + ",", good[:-1], good[:-1] + ",}", good.replace(":", "", 1),
        good.replace('"open"', "open"), good.replace('"', "'"), "{,}", '{"a"}', '{"a":}', '{"a":1 "b":2}', '{"a":1,,"b":2}',
        "// " + good, good + " # end", "/* */" + good,
        unknown("NaN"), unknown("Infinity"), unknown("-Infinity"), unknown("nan"), unknown("True"), unknown("None"),
        unknown("nul"), unknown("nulll"), unknown("tru e"), unknown("undefined"),
        unknown("[1,]"), unknown("[,1]"), unknown("[1 2]"), unknown("[1"), unknown("1]"), unknown('{"b":1,}'), unknown("{1:2}"),
        unknown("+1"), unknown("01"), unknown("-01"), unknown("00"), unknown("1."), unknown(".5"), unknown("-"), unknown("-.5"),
        unknown("1e"), unknown("1e+"), unknown("1.e5"), unknown("0x10"), unknown("1_000"), unknown("1e5.0"), unknown("--1"),
        unknown("1٣"), unknown("٣"), unknown('"\\x41"'), unknown('"\\u12"'), unknown('"\\u12g4"'), unknown('"\\U0041"'),
        unknown('"\\"'), unknown('"a'), unknown("'a'"), unknown('"\t"'), unknown('"\x01"'), unknown('"\x00"'), unknown('"\x1f"'),
        bar("X", open="NaN"), bar("X", vwap="Infinity"), bar("X", open="010"), bar("X", open="10."),
        "\ufeff" + good, good + "\ufeff", "\u00a0" + good, good.replace(",", ",\u2003", 1), good + "\x0b", good + "\x0c", good + "\x00",
        "\ufeff",
    ]
    bad_bytes = [
        b"\xff", good.encode() + b"\xff", unknown('"?"').encode().replace(b"?", b"\x80"),
        unknown('"?"').encode().replace(b"?", b"\xc3"), unknown('"?"').encode().replace(b"?", b"\xc0\x80"),
        unknown('"?"').encode().replace(b"?", b"\xc1\xbf"), unknown('"?"').encode().replace(b"?", b"\xe0\x80\xaf"),
        unknown('"?"').encode().replace(b"?", b"\xed\xa0\x80"), unknown('"?"').encode().replace(b"?", b"\xed\xbf\xbf"),
        unknown('"?"').encode().replace(b"?", b"\xf0\x80\x80\x80"), unknown('"?"').encode().replace(b"?", b"\xf4\x90\x80\x80"),
        unknown('"?"').encode().replace(b"?", b"\xf8\x88\x80\x80\x80"), unknown('"?"').encode().replace(b"?", b"\xe2\x82"),
        b'{"\xff":1}', good.encode("utf-16-le"),
    ]
    fine = [
        "0", "-0", "0.0", "-0.0e-0", "1E5", "1e+5", "1e-5", "1e999999999999999999999", "123456789012345678901234567890.5",
        "true", "false", "null", "[]", "{}", "[ ]", "{ }", "[1,[2,{}],null]", '{"":0}', '"\x7f"', '"\u0080"', '"é€😀\U0010ffff\ufffe"',
        '"\ufeff"', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9"',
    ]
    return Case(
        *[(text, "bad_json") for text in bad + bad_bytes],
        *[(text, "not_an_object") for text in ("[]", "1", '"a"', "null", "true", f"[{good}]", " -0.5e1 ", '"{}"')],
        *[(bar(f"F{i:02d}", unknown=text), "accepted") for i, text in enumerate(fine)],
        options=ALONE,
    )


@case
def depth_limit():
    """The record is depth 1, so 63 arrays in a field make 64: allowed; 64 make 65. Objects count like arrays, and depth counts
    what is open at once, not how many brackets a record has."""
    def nested(levels):
        return "[" * levels + "]" * levels

    return Case(
        (bar("A", x=nested(63)), "accepted"),
        (bar("B", x=nested(64)), "too_deep"),
        (bar("C", x='{"a":' * 63 + "1" + "}" * 63), "accepted"),
        (bar("D", x='{"a":' * 64 + "1" + "}" * 64), "too_deep"),
        (bar("E", x="[" + ",".join([nested(62)] * 3) + "]"), "accepted"),
        (bar("F", x="[" + nested(62) + "," + nested(63) + "]"), "too_deep"),
        (bar("G", x=nested(20_000)), "too_deep"),
        (bar("H", x='"' + "[" * 100 + '"'), "accepted"),
        (heartbeat("14:30:00", x=nested(64)), "too_deep"),
        (heartbeat("14:30:00", x=nested(63)), "heartbeat"),
        options=ALONE,
    )


@case
def duplicate_keys():
    """Two keys of one object are the same if they decode to the same code units; the same key in two objects is none of that."""
    return Case(
        (bar("A")[:-1] + ',"open":10}', "duplicate_key"),
        (bar("B")[:-1] + ',"\\u006fpen":10}', "duplicate_key"),
        (bar("C")[:-1] + ',"Open":10,"open ":10}', "accepted"),
        (bar("D", x='1,"x":1'), "duplicate_key"),
        (bar("E", x='{"a":1,"b":{"c":1,"c":1}}'), "duplicate_key"),
        (bar("F", x='[{"a":1},{"a":1,"open":2}]'), "accepted"),
        (bar("G", x='[[{"a":1,"b":2,"a":3}]]'), "duplicate_key"),
        (bar("H", x='{"":1,"":2}'), "duplicate_key"),
        (bar("I", x='{"é":1,"\\u00e9":2}'), "duplicate_key"),
        (bar("J", x='{"é":1,"e\u0301":2}'), "accepted"),
        (bar("K", x='{"😀":1,"\\ud83d\\ude00":2}'), "duplicate_key"),
        (bar("L", x='{"\\ud83d":1,"\\ud83d":2}'), "duplicate_key"),
        (bar("M", x='{"\\ud83d":1,"\\ud83e":2,"\\ude00":3,"\\ud83d\\ude00":4}'), "accepted"),
        (bar("N", x='{"a\\/b":1,"a/b":2}'), "duplicate_key"),
        (bar("O", x='{"a\\u0000":1,"a":2}'), "accepted"),
        (bar("P", x='{"a\\u0000b":1,"a\\u0000c":2}'), "accepted"),
        (heartbeat("14:30:00", x='{"a":1,"a":1}'), "duplicate_key"),
        ('{"heartbeat":"2025-01-02T14:30:00Z","heartbeat":"2025-01-02T14:30:00Z"}', "duplicate_key"),
        options=ALONE,
    )


@case
def json_strings():
    """Escapes are decoded before a value is judged: lines 2 to 4 are duplicates of the first bar. Lone surrogates are fine where
    nobody looks, and not in `feed`. Unknown fields may be anything."""
    return Case(
        (bar("AAPL", direction='"up"', feed='"é😀"'), "accepted"),
        (bar("\\u0041\\u0041PL", direction='"\\u0075p"', feed='"\\u00E9\\uD83D\\ude00"'), "duplicate"),
        (bar("AAPL", "2025-01-02\\u005414:30:00\\u005a", direction='"up"', feed='"\\u00e9😀"'), "duplicate"),
        (bar("AAPL", direction='"up"', feed='"é😀"').replace('"open"', '"\\u006f\\u0070en"'), "duplicate"),
        (bar("B", unknown='"\\ud800"', other='"\\udc00\\ud800"'), "accepted"),
        (bar("C", feed='"\\ud800"'), "bad_feed feed"),
        (bar("D", feed='"a\\udc00"'), "bad_feed feed"),
        (bar("E", feed='"\\ud800\\ud800\\udc00"'), "bad_feed feed"),
        (bar("F", feed='"\\ud800x\\udc00"'), "bad_feed feed"),
        (bar("G", feed='"\\ud800\\u0041"'), "bad_feed feed"),
        (bar("H", feed='"\\udc00\\ud800"'), "bad_feed feed"),
        (bar("\\ud800"), "bad_symbol symbol"),
        (bar("I", direction='"\\ud800"'), "bad_direction direction"),
        (bar("J", "2025-01-02T14:30:00\\ud800"), "bad_timestamp timestamp"),
        (bar("K", ingested_at="7"), "accepted"),
        (bar("L", ingested_at='["not judged"]'), "accepted"),
        (bar("M", Symbol="1", OPEN='"x"', trends="null"), "accepted"),
        (heartbeat("14:30:00", source='"\\ud800"'), "heartbeat"),
        options=ALONE,
    )


@case
def json_order():
    """When several JSON errors apply, 1.8 says which one names the record: no JSON at all, no object, too deep, double keys."""
    deep = "[" * 70 + "]" * 70
    return Case(
        ("[" * 70, "bad_json"),
        (deep, "not_an_object"),
        (bar("A", x="[" * 70), "bad_json"),
        (bar("B", x=deep)[:-1] + ",}", "bad_json"),
        (bar("C", x='1,"x":2')[:-1], "bad_json"),
        (bar("D", x='1,"x":NaN'), "bad_json"),
        (bar("E", x='1,"x":2').encode() + b"\xff", "bad_json"),
        ('[{"a":1,"a":2}]', "not_an_object"),
        (bar("F", x='1,"x":' + deep), "too_deep"),
        (bar("G", x=deep[:-1] + ',{"a":1,"a":2}]'), "too_deep"),
        (bar("H", x="[" * 70 + '{"a":1,"a":2}' + "]" * 70), "too_deep"),
        ("x" * 65_537, "too_long"),
        options=ALONE,
    )


@case
def heartbeats():
    """An object with the key `heartbeat` is a heartbeat whatever else it holds. Good ones are counted nowhere (they are not in
    read), bad ones are rejects."""
    whole = bar("A")
    return Case(
        (heartbeat("14:00:00"), "heartbeat"),
        (heartbeat("14:00:00", source='"iex"'), "heartbeat"),
        (heartbeat("14:00:00", source="null"), "heartbeat"),
        (heartbeat("14:00:00", source='""'), "heartbeat"),
        (heartbeat("2025-01-02 09:00:00.5-0500"), "heartbeat"),
        ('{"heart\\u0062eat":"2025-01-02T14:00:00"}', "heartbeat"),
        (whole[:-1] + ',"heartbeat":"2025-01-02T14:00:00Z"}', "heartbeat"),
        (heartbeat("14:00:00", symbol="7", open="null"), "heartbeat"),
        (whole[:-1] + ',"heartbeat":null}', "wrong_type heartbeat"),
        ('{"heartbeat":1735826400}', "wrong_type heartbeat"),
        ('{"heartbeat":["2025-01-02T14:00:00Z"]}', "wrong_type heartbeat"),
        ('{"heartbeat":{}}', "wrong_type heartbeat"),
        ('{"heartbeat":true}', "wrong_type heartbeat"),
        ('{"heartbeat":""}', "bad_timestamp heartbeat"),
        ('{"heartbeat":"now"}', "bad_timestamp heartbeat"),
        ('{"heartbeat":"2025-02-30T14:00:00Z"}', "bad_timestamp heartbeat"),
        ('{"heartbeat":"2025-01-02T14:00:00Z","source":7}', "wrong_type source"),
        ('{"heartbeat":"2025-01-02T14:00:00Z","source":["iex"]}', "wrong_type source"),
        ('{"source":7,"heartbeat":"never"}', "bad_timestamp heartbeat"),
        ('{"x":{"heartbeat":"2025-01-02T14:00:00Z"}}', "missing symbol"),
        ('{"Heartbeat":"2025-01-02T14:00:00Z"}', "missing symbol"),
        (whole, "accepted"),
    )


# --- 2. Bars ----------------------------------------------------------------------------------------------------------


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


BAD_TIME = "bad_timestamp timestamp"


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
    """Volume is a number ≥ 0, fractions too; avg_volume is an integer, half away from zero: 0.5 → 1, 2.5 → 3, 0.4999 → 0."""
    return Case(
        *each("volume", ("0", "accepted"), ("0.5", "accepted"), ("2.5", "accepted"), ("0.499999999", "accepted"), ("1e3", "accepted"),
              ("-0", "accepted"), ("7.14319709", "accepted"), ("-1", "negative volume"), ("-0.000000001", "negative volume")),
        options=ALONE,
        trends=[{"avg_volume": text} for text in ("0", "1", "3", "0", "1000", "0", "7")],
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


# --- 3. Windows and time ----------------------------------------------------------------------------------------------


@case
def windows_sliding():
    """By default a bar lies in five windows of five minutes. 14:30 alone is in those that begin 14:26 … 14:30; with 14:31 the ones from
    14:27 to 14:30 hold two bars, the one from 14:31 one."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:31:00", "20"), "accepted"),
        trends=[{"window_start": '"2025-01-02 14:26:00"', "window_end": '"2025-01-02 14:31:00"', "bar_count": "1", "avg_close": "10.0000"},
                {"window_start": '"2025-01-02 14:27:00"', "bar_count": "2", "avg_close": "15.0000"},
                {"window_start": '"2025-01-02 14:28:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 14:29:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 14:30:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 14:31:00"', "window_end": '"2025-01-02 14:36:00"', "bar_count": "1", "avg_close": "20.0000"}],
    )


@case
def windows_other_spec():
    """Windows are aligned to the epoch, not to the first bar or the day: with size 21 minutes and slide 7, the number of whole slides from
    the epoch to 2025-01-02T00:00 (28,927,... minutes / 7) decides. 2025-01-02T14:30 is minute 28,930,470 of the epoch = 7 × 4,132,924 + 2,
    so its last window begins at 14:28, the others at 14:21 and 14:14."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:35:00", "20"), "accepted"),
        (flat("A", "15:30:00", "30"), "accepted"),
        options="--size 21m --slide 7m --delay 30s",
        trends=[{"window_start": '"2025-01-02 14:14:00"', "window_end": '"2025-01-02 14:35:00"', "bar_count": "1"},
                {"window_start": '"2025-01-02 14:21:00"', "window_end": '"2025-01-02 14:42:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 14:28:00"', "window_end": '"2025-01-02 14:49:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 14:35:00"', "window_end": '"2025-01-02 14:56:00"', "bar_count": "1"}],
    )


@case
def windows_seconds():
    """Windows of seconds: size 3 s, slide 1 s; 14:30:00.999999999 lies in those that begin at :58, :59 and :00."""
    return Case(
        (flat("A", "14:30:00.999999999", "10"), "accepted"),
        (flat("A", "14:30:02", "20"), "accepted"),
        (flat("A", "14:30:02.999", "30"), "accepted"),
        (flat("A", "14:30:01", "40"), "accepted"),
        (flat("B", "14:30:00.5", "40"), "accepted"),
        (flat("A", "14:30:04", "50"), "accepted"),
        (flat("B", "14:29:59", "40"), "late"),
        options="--size 3s --slide 1s --delay 2s",
        trends=[{"window_start": '"2025-01-02 14:29:58"', "window_end": '"2025-01-02 14:30:01"', "bar_count": "1"}],
    )


@case
def windows_tumbling_hour():
    """Size and slide equal: every bar in one window; an hour's windows begin on the hour."""
    return Case(
        (flat("A", "14:00:00", "10"), "accepted"),
        (flat("A", "14:59:59.999999999", "20"), "accepted"),
        (flat("A", "15:00:00", "30"), "accepted"),
        options="--size 1h --slide 1h --delay 0s",
        trends=[{"window_start": '"2025-01-02 14:00:00"', "window_end": '"2025-01-02 15:00:00"', "bar_count": "2"},
                {"window_start": '"2025-01-02 15:00:00"', "window_end": '"2025-01-02 16:00:00"', "bar_count": "1"}],
    )


@case
def watermark():
    """The watermark is the largest time seen less two minutes, over all symbols. The window that ends at 14:31 closes when a bar of 14:33
    comes, and not with one of 14:32:59.999999999; B's bar of 14:30:30 is still counted before it, and late after. Older bars do not pull
    the watermark back."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("B", "14:32:59.999999999", "20"), "accepted"),
        (flat("B", "14:30:30", "30"), "accepted"),
        (flat("C", "14:33:00", "40"), "accepted"),
        (flat("B", "14:30:45", "50"), "late"),
        (flat("D", "14:31:00", "60"), "accepted"),
        (flat("B", "14:30:59.999999999", "70"), "late"),
        options=ALONE,
    )


@case
def delay_zero():
    """Without delay a bar closes every window that ends at or before its own time, and is itself never late."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:30:59", "11"), "accepted"),
        (flat("A", "14:30:58", "12"), "accepted"),
        (flat("A", "14:31:00", "13"), "accepted"),
        (flat("A", "14:30:59", "11"), "late"),
        options="--size 1m --slide 1m --delay 0s",
        trends=[{"window_start": '"2025-01-02 14:30:00"', "bar_count": "3"}, {"window_start": '"2025-01-02 14:31:00"', "bar_count": "1"}],
    )


@case
def late_bars():
    """Late bars come out as they came, byte for byte, with LF; without the one CR (line 3 has two). They change nothing, and being late again is no duplicate.
    A bad one is rejected first."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:40:00", "11"), "accepted"),
        ("\t" + flat("A", "14:30:00", "10").replace(",", " , ") + " \r\r", "late"),
        (flat("A", "14:30:00", "10"), "late"),
        (flat("A", "14:30:00", "0"), "not_positive open"),
        (flat("\\u0042", "14:32:59.999999999", "1.000", note='"é\\u00e9"'), "late"),
        (flat("B", "14:33:00", "1"), "late"),
        (flat("B", "14:34:00", "1"), "accepted"),
        end=b"",
    )


@case
def late_per_window():
    """The watermark is 14:38 after the bar of 14:40. B's bar of 14:34 lies in the windows that end 14:35 … 14:39: four are closed and one is
    open, so it counts there and there alone. At 14:33 the last window ends at 14:38 and is closed, so it is late."""
    return Case(
        (flat("A", "14:40:00", "10"), "accepted"),
        (flat("B", "14:34:00", "20"), "accepted"),
        (flat("B", "14:33:59.999999999", "30"), "late"),
        (flat("B", "14:36:00", "40"), "accepted"),
        trends=[{"symbol": '"B"', "window_start": '"2025-01-02 14:34:00"', "bar_count": "2", "avg_close": "30.0000"},
                {"symbol": '"B"', "window_start": '"2025-01-02 14:35:00"', "bar_count": "1"},
                {"symbol": '"A"', "window_start": '"2025-01-02 14:36:00"'},
                {"symbol": '"B"', "window_start": '"2025-01-02 14:36:00"'}],
    )


@case
def identity():
    """A, B, A: one accepted bar and two corrections; what is held now decides. Each field of the table makes a difference (B changes in each and back: 1 + 11 × 2 + 6 others =
    revision 29); unknown fields, another way to write a number or a time do not."""
    a, b = flat("A", "14:30:00", "10"), flat("A", "14:30:00", "11")
    base = dict(vwap="10", price_change="1", pct_change="2", direction='"up"', trade_count="3", feed='"iex"')
    changes = dict(open="10.5", high="12.5", low="8.5", close="11.5", volume="100.5", vwap="10.5", price_change="1.5",
                   pct_change="2.5", direction='"flat"', trade_count="4", feed='"sip"')
    return Case(
        (a, "accepted"),
        (a, "duplicate"),
        (b, "corrected"),
        (b, "duplicate"),
        (a, "corrected"),
        (a.replace("10", "1.0e1", 1), "duplicate"),
        (bar("B", **base), "accepted"),
        (bar("B", **base, ingested_at='"x"', note="1"), "duplicate"),
        (bar("B", "2025-01-02 15:30:00.000+01:00", **base), "duplicate"),
        *[(bar("B", **fields), "corrected") for field, text in changes.items() for fields in ({**base, field: text}, base)],
        (bar("B", **{**base, "vwap": None}), "corrected"),
        (bar("B", **{**base, "vwap": "0"}), "corrected"),
        (bar("B", **{**base, "trade_count": "0"}), "corrected"),
        (bar("B", **{**base, "trade_count": None}), "corrected"),
        (bar("B", **{**base, "feed": '""'}), "corrected"),
        (bar("B", **{**base, "feed": None}), "corrected"),
        (bar("b", **base), "accepted"),
        options=ALONE,
        trends=[{"symbol": '"A"', "revision": "3", "avg_close": "10.0000"}, {"symbol": '"B"', "revision": "29", "bar_count": "1"},
                {"symbol": '"b"', "revision": "1"}],
    )


@case
def identity_forgotten():
    """While one window of 14:30 is open its bar is known: with the watermark at 14:34 the last one, to 14:35, is. At 14:35 all are
    closed: the same bar is late, and a different one too."""
    a, b = flat("A", "14:30:00", "10"), flat("A", "14:30:00", "11")
    return Case(
        (a, "accepted"),
        (flat("A", "14:36:00", "20"), "accepted"),
        (a, "duplicate"),
        (b, "corrected"),
        (flat("A", "14:37:00", "20"), "accepted"),
        (a, "late"),
        (b, "late"),
    )


@case
def correction_partly_closed():
    """A of 14:30 costs 10 when the windows to 14:31, 14:32 and 14:33 close (watermark 14:33), then is corrected to 20. The windows
    to 14:34 and 14:35 say 20 in revision 2, the closed ones stay at 10."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("B", "14:35:00", "1"), "accepted"),
        (flat("A", "14:30:00", "20"), "corrected"),
        trends=[{"window_end": '"2025-01-02 14:31:00"', "avg_close": "10.0000", "revision": "1"},
                {"window_end": '"2025-01-02 14:32:00"', "avg_close": "10.0000", "revision": "1"},
                {"window_end": '"2025-01-02 14:33:00"', "avg_close": "10.0000", "revision": "1"},
                {"window_end": '"2025-01-02 14:34:00"', "avg_close": "20.0000", "revision": "2", "bar_count": "1"},
                {"window_end": '"2025-01-02 14:35:00"', "avg_close": "20.0000", "revision": "2", "bar_count": "1"}],
    )


@case
def account():
    """Every record is in one place: read 9 = 3 accepted + 1 duplicate + 1 corrected + 1 late + 3 rejected. Good heartbeats and blank
    lines are nowhere."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:30:00", "10"), "duplicate"),
        (flat("A", "14:30:00", "11"), "corrected"),
        ("", "blank"),
        (heartbeat("14:36:00"), "heartbeat"),
        ('{"heartbeat":7}', "wrong_type heartbeat"),
        (flat("A", "14:36:00", "12"), "accepted"),
        (flat("A", "14:27:00", "12"), "late"),
        (flat("A", "15:36:01", "12"), "ahead_of_heartbeat timestamp"),
        ("nothing", "bad_json"),
        (flat("A", "15:36:00", "12"), "accepted"),
    )


@case
def heartbeat_closes():
    """A heartbeat at t moves the watermark to t less the delay. At 14:33 it closes the window to 14:31, at 14:32:59.999999999 it does not;
    an older one does not pull it back. No bar is needed for the last windows to come out (--keep-open shows it)."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (heartbeat("14:32:59.999999999"), "heartbeat"),
        (flat("B", "14:30:00", "20"), "accepted"),
        (heartbeat("14:33:00"), "heartbeat"),
        (flat("C", "14:30:00", "30"), "late"),
        (heartbeat("14:20:00"), "heartbeat"),
        (flat("C", "14:30:00", "30"), "late"),
        (flat("D", "14:35:00", "40"), "accepted"),
        ('{"heartbeat":"2025-01-02T15:00:00Z","source":1}', "wrong_type source"),
        (flat("D", "14:34:00", "50"), "accepted"),
        (heartbeat("14:37:00"), "heartbeat"),
        (flat("D", "14:36:00", "60"), "accepted"),
        options=ALONE + " --keep-open",
        trends=[{"symbol": '"A"'}, {"symbol": '"B"'}, {"symbol": '"D"', "window_start": '"2025-01-02 14:34:00"'}],
    )


@case
def hour_ahead():
    """Before the first heartbeat nothing is too far ahead. After it a bar may be 3,600 s after the largest heartbeat, not a nanosecond more;
    a rejected one moves no watermark (B of 14:30 is not late). A bad heartbeat and an older one change nothing. Heartbeats may jump."""
    return Case(
        (flat("A", "2000-01-01T00:00:00Z", "10"), "accepted"),
        (flat("A", "14:30:00", "10"), "accepted"),
        (heartbeat("14:30:00"), "heartbeat"),
        (flat("A", "2035-01-02T14:30:00Z", "10"), "ahead_of_heartbeat timestamp"),
        (flat("A", "15:30:00.000000001", "10"), "ahead_of_heartbeat timestamp"),
        (flat("B", "14:30:00", "10"), "accepted"),
        (heartbeat("13:00:00"), "heartbeat"),
        ('{"heartbeat":"2025-01-02T18:30:00+99:00"}', "bad_timestamp heartbeat"),
        (flat("C", "15:30:00.000000001", "10"), "ahead_of_heartbeat timestamp"),
        (flat("C", "15:30:00", "10"), "accepted"),
        (flat("C", "16:00:00", "10"), "ahead_of_heartbeat timestamp"),
        (heartbeat("2030-01-01T00:00:00Z"), "heartbeat"),
        (flat("C", "2030-01-01T01:00:00Z", "10"), "accepted"),
        (flat("C", "14:30:00", "10"), "late"),
    )


@case
def closing_order():
    """Windows that close together come by end, then by symbol in bytes: upper case before lower, `!` first, `BRK` before `BRK.A`."""
    symbols = ["a", "Z", "BRK.A", "!", "BRK", "~", "BRK/A", "A"]
    return Case(
        *[(flat(s, "14:31:00", "10"), "accepted") for s in symbols],
        *[(flat(s, "14:30:00", "10"), "accepted") for s in reversed(symbols)],
        (flat("M", "14:50:00", "10"), "accepted"),
        (flat("N", "14:49:00", "10"), "accepted"),
        trends=[{"symbol": f'"{s}"', "window_start": '"2025-01-02 14:26:00"'} for s in sorted(symbols)]
        + [{"symbol": f'"{s}"', "window_start": '"2025-01-02 14:27:00"'} for s in sorted(symbols)],
    )


@case
def keep_open():
    """With --keep-open the end of the input closes nothing: only what the watermark (14:34) has passed comes out."""
    return Case(
        (flat("A", "14:30:00", "10"), "accepted"),
        (flat("A", "14:36:00", "20"), "accepted"),
        options="--keep-open",
        trends=[{"window_end": f'"2025-01-02 14:{minute}:00"', "bar_count": "1"} for minute in (31, 32, 33, 34)],
    )


@case
def empty_input():
    """Nothing in, nothing out, and an account of zeros."""
    return Case()


@case
def shuffled_symbols():
    """Forty symbols, an hour of minute bars with gaps, shuffled by up to three minutes (a few by up to ten) with a delay of two: some bars
    are late, some in part; now and then a duplicate, a correction, a reject. Generated with a fixed seed; the expected bytes are the reference's."""
    rng = random.Random(20250102)
    arrivals = []
    for i in range(40):
        price = rng.randrange(500, 500_000)
        for minute in range(60):
            if rng.random() < 0.6:
                continue
            price = max(10, price + rng.randrange(-30, 31))
            open_, close = price, max(10, price + rng.randrange(-20, 21))
            high, low = max(open_, close) + rng.randrange(5), min(open_, close) - rng.randrange(5)
            second = rng.choice((0, 0, 0, 30, 15))
            fields = {
                "open": f"{open_ / 100:.2f}", "high": f"{high / 100:.2f}", "low": f"{low / 100:.2f}", "close": f"{close / 100:.2f}",
                "volume": str(rng.randrange(1_000_000)), "vwap": rng.choice((f"{(high + low + close) / 300:.4f}", "null")),
                "feed": rng.choice(('"iex"', '"iex"', '"iex"', '"sip"', "null")),
            }
            text = bar(f"S{i:02d}", f"2025-01-02T14:{minute:02d}:{second:02d}Z", **fields)
            at = minute * 60 + second + rng.randrange(180 if rng.random() < 0.95 else 600)
            arrivals.append((at, rng.random(), text))
            if rng.random() < 0.03:
                arrivals.append((at + rng.randrange(400), rng.random(), text))
            if rng.random() < 0.03:
                fields["volume"] = str(rng.randrange(1_000_000))
                changed = bar(f"S{i:02d}", f"2025-01-02T14:{minute:02d}:{second:02d}Z", **fields)
                arrivals.append((at + rng.randrange(300), rng.random(), changed))
            if rng.random() < 0.01:
                arrivals.append((at, rng.random(), text[: rng.randrange(len(text))]))
    return Case(files=[File("arrivals.jsonl.gz", *[(text, None) for _, _, text in sorted(arrivals)])])


# --- 4. Trends --------------------------------------------------------------------------------------------------------


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
