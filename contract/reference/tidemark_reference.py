#!/usr/bin/env python3
"""The exact reference of contract/semantics.md: slow, obvious, standard library only.

It is written from the clauses (their numbers stand in the files) and from nothing else, so that the engines can be compared
with it byte for byte. Every number is a Python integer of units (1e-9) or a Fraction; no float is ever made.

    tidemark_reference.py [FILE...] [--size 5m] [--slide 1m] [--delay 2m] [--updates] [--keep-open]
                          [--late FILE] [--rejects FILE] [--stats] [--bars FILE]

The options are those of `tidemark trends`; --bars alone is the reference's own: it writes every accepted and corrected bar
the way Tidemark writes bars (2.9). This file is the filter (1.1, 1.2, 7); what it does to a record is in the files beside it:

    record_json -> exact_number, instant -> judging -> partition -> writing
"""

import argparse
import gzip
import re
import sys

from partition import Partition


def lines_of(data):
    """(line number, record) of each record in a file's bytes."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, start=1):
        record = line[:-1] if line.endswith(b"\r") else line
        if record.strip(b" \t\r"):
            yield number, record


def run(inputs, size=300, slide=60, delay=120, updates=False, keep_open=False):
    """The partition after all inputs, each a pair of (source name, bytes)."""
    partition = Partition(size, slide, delay, updates)
    for source, data in inputs:
        for number, record in lines_of(data):
            partition.take(record, source, number)
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
    parser.add_argument("--keep-open", action="store_true")
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
    partition = run(inputs, options.size, options.slide, options.delay, options.updates, options.keep_open)
    sys.stdout.buffer.write("".join(partition.trends).encode())
    for name, lines in ((options.late, partition.late), (options.rejects, partition.rejects), (options.bars, partition.bars)):
        if name:
            with open(name, "wb") as file:
                file.writelines(line if isinstance(line, bytes) else line.encode() for line in lines)
    if options.stats:
        sys.stderr.write(stats_text(partition.stats))


if __name__ == "__main__":
    main()
