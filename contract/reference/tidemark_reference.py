#!/usr/bin/env python3
"""The exact reference of contract/semantics.md: slow, obvious, standard library only.

It is written from the clauses (the files name their numbers) and from nothing else, so that the engines can be compared
with it byte for byte. Every number is a Python integer of units (1e-9) or a Fraction; no float is ever made.

    tidemark_reference.py [FILE...] [--size 5m] [--slide 1m] [--delay 2m] [--updates] [--indicators] [--keep-open]
                          [--sort] [--symbol NAME] [--late FILE] [--rejects FILE] [--stats] [--bars FILE]

The options are those of `tidemark trends`; --bars alone is the reference's own: it writes every accepted and corrected bar
the way Tidemark writes bars (2.9). This file is the filter (1.1, 1.2, 7); what it does to a record is in the files beside it:

    transcribing -> record_json -> exact_number, instant -> judging -> partition -> indicators -> new_york, writing
"""

import argparse
import gzip
import io
import re
import sys
import zipfile

from judging import judge
from partition import Partition
from record_json import Reject
from transcribing import transcribed


def content_of(data):
    """The content of a file, unpacked and without a byte order mark (1.1). Only the engines read Zstandard."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            data = archive.read(name)
    return data.removeprefix(b"\xef\xbb\xbf")


def lines_of(data):
    """(line number, record) of each record in a file's bytes."""
    lines = content_of(data).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, start=1):
        record = line[:-1] if line.endswith(b"\r") else line
        if record.strip(b" \t\r"):
            yield number, record


def records_of(data, symbol=None):
    """(position, original, record) of each record, transcribed if the first one has a foreign format (7.6)."""
    lines = [(number, record, record) for number, record in lines_of(data)]
    if not lines or not isinstance(judged(lines[0][1]), Reject):
        return lines
    return transcribed(content_of(data), symbol) or lines


def judged(record):
    try:
        return judge(record)
    except Reject as reject:
        return reject


def in_order_of_time(inputs, symbol=None):
    """(source, position, original, record) of all inputs, as 7.5 orders them."""
    records = []
    for source, data in inputs:
        time = None
        for position, original, record in records_of(data, symbol):
            value = judged(record)
            time = time if isinstance(value, Reject) else value.time
            records.append(((time is not None, time or 0), (source, position, original, record)))
    return [record for _, record in sorted(records, key=lambda entry: entry[0])]


def as_they_come(inputs, symbol=None):
    for source, data in inputs:
        for position, original, record in records_of(data, symbol):
            yield source, position, original, record


def run(inputs, size=300, slide=60, delay=120, updates=False, keep_open=False, sort=False, symbol=None, indicators=False):
    """The partition after all inputs, each a pair of (source name, bytes)."""
    partition = Partition(size, slide, delay, updates, indicators)
    for source, position, original, record in (in_order_of_time if sort else as_they_come)(inputs, symbol):
        partition.take(record, source, position, original)
    if not keep_open:
        partition.finish()
    return partition


def stats_text(stats):
    return "{" + ",".join(f'"{name}":{count}' for name, count in stats.items()) + "}\n"


def duration(text):
    match = re.fullmatch(r"([0-9]+)([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration like 90s, 5m, 1h, 1d")
    return int(match.group(1)) * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[match.group(2)]


def arguments():
    parser = argparse.ArgumentParser(description="The exact reference of contract/semantics.md.")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--size", type=duration, default=300)
    parser.add_argument("--slide", type=duration, default=60)
    parser.add_argument("--delay", type=duration, default=120)
    parser.add_argument("--updates", action="store_true")
    parser.add_argument("--indicators", action="store_true")
    parser.add_argument("--keep-open", action="store_true")
    parser.add_argument("--sort", action="store_true")
    parser.add_argument("--symbol")
    parser.add_argument("--stats", action="store_true")
    parser.add_argument("--late", metavar="FILE")
    parser.add_argument("--rejects", metavar="FILE")
    parser.add_argument("--bars", metavar="FILE")
    return parser


def read(name):
    if name == "-":
        return sys.stdin.buffer.read()
    with open(name, "rb") as file:
        return file.read()


def main():
    options = arguments().parse_args()
    inputs = ((name, read(name)) for name in options.files or ["-"])
    partition = run(inputs, options.size, options.slide, options.delay, options.updates, options.keep_open, options.sort, options.symbol, options.indicators)
    sys.stdout.buffer.write("".join(partition.trends).encode())
    for name, lines in ((options.late, partition.late), (options.rejects, partition.rejects), (options.bars, partition.bars)):
        if name:
            with open(name, "wb") as file:
                file.writelines(line if isinstance(line, bytes) else line.encode() for line in lines)
    if options.stats:
        sys.stderr.write(stats_text(partition.stats))


if __name__ == "__main__":
    main()
