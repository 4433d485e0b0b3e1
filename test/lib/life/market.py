"""A market with everything that can go wrong in transit, as lines of a file; the same for the same seed."""

import json
import random
import subprocess


def quiet_market(tidemark, symbols, minutes, shuffle, seed):
    """A good day: the program's own simulated bars, somewhat out of order."""
    words = [tidemark, "simulate", "--symbols", str(symbols), "--minutes", str(minutes), "--seed", str(seed)]
    return subprocess.run([*words, "--shuffle", shuffle], check=True, capture_output=True).stdout.splitlines()


def corrected(line):
    bar = json.loads(line)
    bar["volume"] += 1
    return json.dumps(bar).encode()


BROKEN = [
    b"{",
    b'{"symbol":"AAPL"}',
    b'{"symbol":"AAPL","symbol":"AAPL"}',
    b"\xff\xfe no text",
    b'{"symbol":"","timestamp":"2026-01-05T15:00:00Z"}',
    b'{"pad":"' + b"x" * 70_000 + b'"}',
    b"  \t",  # no record at all
]


def hostile_market(tidemark, symbols, minutes, seed):
    """The good day with duplicates, corrections, very late bars, and lines that are no bars."""
    chance = random.Random(seed)
    lines = []
    held_back = []  # (index at which it finally comes, line)
    for line in quiet_market(tidemark, symbols, minutes, "2m", seed):
        while held_back and held_back[0][0] <= len(lines):
            lines.append(held_back.pop(0)[1])
        draw = chance.random()
        if draw < 0.01:
            held_back.append((len(lines) + 20 * symbols, line))
            continue
        lines.append(line)
        if draw < 0.03:
            lines.append(line)
        elif draw < 0.05:
            lines.append(corrected(line))
        elif draw < 0.052:
            lines.append(chance.choice(BROKEN))
    for line in BROKEN:  # each at least once, for every seed
        lines.insert(chance.randrange(len(lines)), line)
    return lines
