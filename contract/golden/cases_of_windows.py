"""Clauses 3: windows, the watermark, late bars, identity, heartbeats, order. How a case is written: case.py."""

import random

from case import ALONE, Case, File, bar, case, flat, heartbeat


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
    """A, B, A: one accepted bar and two corrections; what is held now decides. Each field of the table makes a difference (B changes in each and back: 1 + 11 × 2 + 5 others =
    revision 28); unknown fields, another way to write a number or a time do not."""
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
        (bar("B", **{**base, "vwap": "0"}), "duplicate"),
        (bar("B", **{**base, "trade_count": "0"}), "corrected"),
        (bar("B", **{**base, "trade_count": None}), "corrected"),
        (bar("B", **{**base, "feed": '""'}), "corrected"),
        (bar("B", **{**base, "feed": None}), "corrected"),
        (bar("b", **base), "accepted"),
        options=ALONE,
        trends=[{"symbol": '"A"', "revision": "3", "avg_close": "10.0000"}, {"symbol": '"B"', "revision": "28", "bar_count": "1"},
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
def gap_filled():
    """A feed that is away from Friday evening to Monday morning, and what it fetches then. Each minute stands behind a heartbeat at that minute,
    so no bar is an hour ahead, and windows close in order; live bars come behind the heartbeat at the gap's end. The bar of C shows what would
    become of all of them without those heartbeats."""
    friday, monday = "2025-01-03T", "2025-01-06T"
    return Case(
        (flat("A", friday + "20:59:00Z", "10"), "accepted"),
        (heartbeat(friday + "21:00:00Z"), "heartbeat"),
        (flat("C", monday + "14:31:00Z", "7"), "ahead_of_heartbeat timestamp"),
        (heartbeat(monday + "14:30:00Z"), "heartbeat"),
        (flat("A", monday + "14:30:00Z", "11"), "accepted"),
        (flat("B", monday + "14:30:00Z", "20"), "accepted"),
        (heartbeat(monday + "14:31:00Z"), "heartbeat"),
        (flat("A", monday + "14:31:00Z", "12"), "accepted"),
        (heartbeat(monday + "14:32:00Z"), "heartbeat"),
        (flat("A", monday + "14:32:00Z", "13"), "accepted"),
        (flat("B", monday + "14:32:00Z", "21"), "accepted"),
        (heartbeat(monday + "14:33:00Z"), "heartbeat"),
    )


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
