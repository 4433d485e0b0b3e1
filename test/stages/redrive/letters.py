"""A market with some spoiled bars, the contents of its log, and the expected contents after a redrive."""

import base64
import json
import pathlib
import random
import re
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "lib/life"), str(TESTS / "lib")]
import replays  # noqa: E402
import evidence  # noqa: E402
import lakes  # noqa: E402
import market  # noqa: E402

TIDEMARK = lakes.TIDEMARK
WINDOWS = lakes.Windows(300, 60, 120)
PATIENCE = 120


def spoil(chance, line):
    """The bar as a careless sender writes it: (its record, the reason of the rejection)."""
    kind = chance.randrange(4)
    if kind == 0:
        return re.sub(rb'"volume":([^,}]+)', rb'"volume":"\1"', line), ("wrong_type", "volume")
    if kind == 1:
        return re.sub(rb'"close":[^,]+,', b"", line), ("missing", "close")
    if kind == 2:
        return line[:-1] + b",}", ("bad_json", "")
    return line + b"\xff", ("bad_json", "")  # no UTF-8, so it is kept as base64


def spoiled_market(symbols, minutes, seed):
    """The hostile market of test/lib/life with some spoiled bars: (lines, record → intended record)."""
    chance, lines, meant = random.Random(seed), [], {}
    for line in market.hostile_market(TIDEMARK, symbols, minutes, seed):
        if line.startswith(b'{"symbol":"') and line.endswith(b"}") and b'"volume":' in line and chance.random() < 0.05:
            came, _ = spoil(chance, line)
            meant[came] = line
            line = came
        lines.append(line)
    for broken in market.BROKEN:  # each of them at least once
        lines.insert(chance.randrange(len(lines)), broken)
    return lines, meant


def bring(data, lines, *more):
    """Runs the program on these lines to their end, which closes all windows."""
    command = [TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--data", data, "--port", "0", "--exit-at-end", "--store-every", "1s", *more]
    ended = subprocess.run(command, input=b"".join(line + b"\n" for line in lines), capture_output=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended


def redrive(data, *words, code=0, stdin=None):
    """The output with --json, or the message of a refusal."""
    json_words = [] if code or "--export" in words else ["--json"]
    said = subprocess.run([TIDEMARK, "redrive", "--data", data, *json_words, *words], input=stdin, capture_output=True,
                          text=True, timeout=PATIENCE)
    assert said.returncode == code, said
    return said.stderr if code else json.loads(said.stdout) if json_words else said.stdout


def redrive_aloud(data, *words):
    said = subprocess.run([TIDEMARK, "redrive", "--data", data, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert said.returncode == 0, said
    return said.stdout


def letters(log):
    """The dead letters, each with its record as `bytes`."""
    found = []
    for row in log["alpaca_dead_letters"]:
        letter = json.loads(row[3])
        letter["offset"] = row[0]
        text = letter["record"]
        letter["bytes"] = base64.b64decode(letter["record_base64"]) if text is None else text.encode()
        found.append(letter)
    return found


def mended(log, meant):
    """The dead letters with intended records: lines for --from-file, and the records that they append."""
    lines, appended = [], []
    for letter in letters(log):
        line = {key: letter[key] for key in ("reason", "field", "source", "position", "record") if key in letter}
        if letter["bytes"] in meant:
            line["record"] = meant[letter["bytes"]].decode()
            appended.append(meant[letter["bytes"]])
        for key in ("record_base64", "record_bytes"):
            if key in letter and letter["bytes"] not in meant:
                line[key] = letter[key]
        lines.append(json.dumps(line))
    return lines, appended


def arrivals(log):
    """(kind, record, time) of the log; overlong records have their full length."""
    return [(kind, value + b"x" * (in_all - len(value)) if in_all else value, when)
            for _, kind, _, value, when, in_all in log["alpaca_trends"]]


def records(log, begin=0):
    return [row[3] for row in log["alpaca_trends"][begin:]]


def agrees(data):
    """Checks the log against the contract's reference for its input, and the lake against the log. Returns both."""
    log = evidence.read_log(data)
    reference = replays.Reference(arrivals(log))
    reference.agrees_with(log)
    lake = evidence.read_lake(data, log)
    return log, lake, reference.stats
