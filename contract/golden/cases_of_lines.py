"""Clauses 1: lines, JSON, heartbeats. How a case is written: case.py."""

from case import ALONE, Case, File, bar, case, heartbeat


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
            File("arrivals-2.jsonl", (bar("A", "15:00:00"), "duplicate"), (bar("B", "14:31:00"), "late"), ("", "blank"),
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
