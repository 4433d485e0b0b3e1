"""How a golden case is written: what arrives, and what becomes of every line of it, by hand. The cases are in cases_of_*.py.

Each case is a function. Its docstring becomes the case's why.md and holds the calculation where there is one; it returns lines
as pairs (text, outcome), where the outcome is written here by a person who reads the clauses, never copied from a program:

    "accepted" "duplicate" "corrected" "late"     the account's word for a bar
    "REASON FIELD" or "REASON"                    a reject
    "heartbeat", "blank"                          counted nowhere

`make` runs the reference over the lines, refuses to write anything if it disagrees with one outcome or one number given in
`trends` or `bars`, and then writes the files of the case.
"""

import gzip
import io
import zipfile

CASES = {}


class Case:
    """What a function of this file returns; `files` for more than the one file arrivals.jsonl."""

    def __init__(self, *lines, options="", files=None, trends=(), bars=(), end=b"\n", outcomes=None):
        self.options = options
        self.outcomes = outcomes  # of the records in the order in which they are taken, where that is not the lines
        self.files = files or [File("arrivals.jsonl", *lines, end=end)]
        self.trends = trends  # sparse: one dict of key → written text for each of the first trends, or (index, dict)
        self.bars = bars  # (index, dict), likewise for the written bars


class File:
    """An input file and the outcomes of its lines. A name in .gz is compressed, any with `members`, too; the name
    `stdin` is piped in."""

    def __init__(self, name, *lines, end=b"\n", members=0):
        self.name = name
        raw = [text.encode() if isinstance(text, str) else text for text, _ in lines]
        self.outcomes = [outcome for _, outcome in lines]
        self.data = b"\n".join(raw) + (end if raw else b"")
        if members or name.endswith(".gz"):
            members = members or 1
            cut = [len(self.data) * i // members for i in range(members + 1)]
            parts = [self.data[a:b] for a, b in zip(cut, cut[1:])]
            self.stored = b"".join(gzip.compress(part, 9, mtime=0) for part in parts)
        elif name.endswith(".zip"):
            self.stored = in_archive(self.data)
        else:
            self.stored = self.data


def in_archive(data):
    """A ZIP archive with one file in it, the same bytes at every time."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr(zipfile.ZipInfo("bars.jsonl"), data)
    return into.getvalue()


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

BAD_TIME = "bad_timestamp timestamp"
