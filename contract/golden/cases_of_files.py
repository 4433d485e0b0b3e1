"""Clauses 1.1, 7.5 and 8: what a file is packed with, order of time, what others write. How a case is written: case.py."""

from case import ALONE, Case, File, bar, case, flat, heartbeat


@case
def byte_order_mark():
    """The bytes EF BB BF at the beginning of a file are no part of its first line, also of the second file, and of one that is gzip.
    Within a file they are: line 2 is no JSON. A file that holds nothing else is empty."""
    mark = "\ufeff"
    return Case(
        files=[
            File("arrivals-1.jsonl", (mark + bar("A"), "accepted"), (mark + bar("B"), "bad_json"), end=b"\r\n"),
            File("arrivals-2.jsonl.gz", (mark + bar("A"), "duplicate"), (bar("C"), "accepted")),
            File("arrivals-3.jsonl", (mark, "blank"), end=b""),
            File("arrivals-4.jsonl", (mark, "blank"), (mark, "bad_json"), (bar("D"), "accepted")),
        ],
        options=ALONE,
    )


@case
def zip_archive():
    """A ZIP archive with one file is that file, known by the archive's first bytes; what it holds has a byte order mark, too."""
    return Case(files=[File("arrivals.zip", ("\ufeff" + bar("A"), "accepted"), ("x", "bad_json"), (bar("B"), "accepted"))], options=ALONE)


@case
def sorted():
    """One file, sorted by symbol: A from 14:30 to 15:00, then B. Without --sort the bars of B before 14:54 are late. In order of time
    all are accepted: A and B at 14:30, x, A at 14:30 once more (a correction, behind the one it corrects), the heartbeat of 14:31, the
    two of 15:00. x has the time of the record before it, 14:30 of B, and stays behind it. The first line has no time before it and goes
    before all."""
    return Case(
        ("no time yet", None),
        (flat("A", "14:30:00", "1"), None),
        (flat("A", "15:00:00", "3"), None),
        (flat("B", "14:30:00", "2"), None),
        ("x", None),
        (heartbeat("14:31:00"), None),
        (flat("B", "15:00:00", "4"), None),
        (flat("A", "14:30:00", "9"), None),
        options="--sort --size 1m --slide 1m --delay 0s",
        outcomes=["bad_json", "accepted", "accepted", "bad_json", "corrected", "heartbeat", "accepted", "accepted"],
        trends=[{"symbol": '"A"', "avg_close": "9.0000"}, {"symbol": '"B"', "avg_close": "2.0000"}],
    )


@case
def sorted_files():
    """A file of each symbol: --sort merges them, although the second begins in the middle. The positions are those of the files. Of the
    records of 14:31 the first file's goes first: B's there is accepted, and the one of the second file corrects it."""
    return Case(
        files=[
            File("arrivals-1.jsonl", (flat("A", "14:30:00", "1"), None), (flat("A", "14:32:00", "1"), None),
                 (flat("B", "14:31:00", "7"), None)),
            File("arrivals-2.jsonl.gz", (flat("B", "14:31:00", "8"), None), ("bad", None), (flat("B", "14:29:00", "2"), None)),
        ],
        options="--sort --size 1m --slide 1m --delay 0s",
        outcomes=["accepted", "accepted", "accepted", "corrected", "bad_json", "accepted"],
        trends=[{"symbol": '"B"', "avg_close": "2.0000"}, {"symbol": '"A"'}, {"symbol": '"B"', "avg_close": "8.0000"}],
    )


def alpaca(symbol="AAPL", minute=30, kind="b", close="11", **others):
    members = {"T": f'"{kind}"', "S": f'"{symbol}"', "o": "10", "h": "12", "l": "9", "c": close, "v": "100",
               "t": f'"2025-01-02T14:{minute}:00Z"', "n": "3", "vw": "10.5", **others}
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members.items() if text is not None) + "}"


@case
def alpaca_messages():
    """What Alpaca's stream sent, a frame a line. The messages of line 1 are no bars and say what the file is. A day's bar (d) is left out,
    because the first bar is a minute's. Line 4 has a message alone, of kind u, which corrects. The bar without a close is rejected with
    its own bytes and the line of its frame; so is the number, which is no message. The contract's own bar in line 6 has no "T" and is a
    record as it came. Line 7 is no JSON. Line 8 comes late and is written as it was transcribed."""
    return Case(
        ('[{"T":"success","msg":"connected"}, {"T":"subscription","bars":["AAPL"]}]', None),
        (f"[{alpaca()}, {alpaca('MSFT')}, {alpaca(kind='d')}]", None),
        ("", None),
        (alpaca(kind="u", close="11.5", i='"ignored"'), None),
        (f"[ {alpaca(c=None)}, 7 ]", None),
        (bar("OWN"), None),
        ('[{"T":"b"', None),
        (f"[{alpaca(minute=59)}, {alpaca(minute=30, close='10')}]", None),
        options="--size 1m --slide 1m",
        outcomes=["accepted", "accepted", "corrected", "missing close", "not_an_object", "accepted", "bad_json", "accepted", "late"],
        trends=[{"symbol": '"AAPL"', "avg_close": "11.5000", "avg_vwap": "10.5000"}],
    )


@case
def alpaca_answer():
    """A whole answer of Alpaca's history over many lines, then one in the form for one symbol, then one of the latest bars, then the one
    that there are none. The rejected bar has the line in which it begins."""
    bars = ",\n   ".join(alpaca(T=None, S=None, minute=minute) for minute in (30, 31))
    bad = alpaca(T=None, S=None, close="0")
    return Case(
        (f'{{\n "bars": {{\n  "AAPL": [\n   {bars}\n  ],\n  "MSFT": [{alpaca(T=None, S=None)},\n {bad}]\n }},\n "next_page_token": null\n}}', None),
        (f'{{"bars":[{alpaca(T=None, S=None, minute=32)}],"symbol":"AAPL"}} {{"bars": {{"BRK.B": {alpaca(T=None, S=None, minute=32)}}}}}', None),
        ('{"bars":null}', None),
        options="--size 1m --slide 1m",
        outcomes=["accepted", "accepted", "accepted", "not_positive close", "accepted", "accepted"],
    )


@case
def polygon_answer():
    """Polygon's aggregates, an answer a line: times are milliseconds, the symbol is the ticker, or T of each in the answer for all
    symbols. 1735828200000 is 14:30:00 of 2025-01-02, 1735828260500 is 14:31:00.5. A time that is no whole number is none."""
    one = '{"v":1.5e3,"vw":10.5,"o":10,"c":11,"h":12,"l":9,"t":%s,"n":10}'
    return Case(
        ('{"ticker":"AAPL","results":[' + one % "1735828200000" + "," + one % "1735828260500" + '],"status":"OK"}', None),
        ('{"results":[' + one.replace("{", '{"T":"X:BTCUSD",') % "1735828200000" + "]}", None),
        ('{"ticker":"AAPL","results":[' + one % "1735828200.5" + '],"status":"OK"}', None),
        options=ALONE,
        outcomes=["accepted", "accepted", "accepted", "wrong_type timestamp"],
        trends=[{"avg_volume": "1500", "window_start": '"2025-01-02 14:30:00"'}],
    )


@case
def binance_lists():
    """Lists of lists name no symbol: --symbol does. Binance's have twelve values, the ninth is the number of trades, and numbers stand in
    strings; ccxt and freqtrade write six. A string that is no number stays one. A time of ten digits is in seconds: 1735828380 is 14:33."""
    return Case(
        ('[[1735828200000,"10.0","12.0","9.0","11.0","27.5",1735828259999,"300.1",12,"1","2","0"],', None),
        (" [1735828260000, 10, 12, 9, 11, 12.5],", None),
        (' [1735828320000, 10, 12, 9, "x", 12.5], [1735828380, 10, 12, 9, 11, 12.5]]', None),
        options=ALONE + " --symbol BTC/USDT",
        outcomes=["accepted", "accepted", "wrong_type close", "accepted"],
        trends=[{"symbol": '"BTC/USDT"', "max_close": "11.0000"}, (2, {"window_start": '"2025-01-02 14:33:00"'})],
    )
