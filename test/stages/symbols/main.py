"""Changes the symbols of a running instance, kills it at the worst moment, and checks the symbols of each minute in log.db.

    SYMBOLS_SEED   the seed, 1 by default (moments depend on the machine, too)
"""

import collections
import contextlib
import datetime
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "test/lib/life"), str(ROOT / "test/lib")]

import harness  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402

KEPT = {name: os.environ[name] for name in ("PATH", "TSAN_OPTIONS") if name in os.environ}  # stage `threads` sets the latter
SEED = int(os.environ.get("SYMBOLS_SEED") or 1)
CHANGES = 120 if os.environ.get("TIDEMARK_FULL") else 30
SET_UP = ["AAPL", "TSLA", "GOOGL", "MSFT", "AMZN"]
OTHERS = ["NVDA", "AMD", "BRK.B", "BTC/USD", "#X", "~", "Z" * 32]
MINUTE = datetime.timedelta(minutes=1)
SIZE, DELAY = 5 * MINUTE, 2 * MINUTE


def tidemark(data, *words, code=0, environment=None):
    said = subprocess.run([TIDEMARK, *words, "--data", str(data)], capture_output=True, text=True, timeout=PATIENCE,
                          cwd=data.parent, env={**KEPT, **(environment or {})})
    assert said.returncode == code, f"{words}: ended with {said.returncode}, not {code}:\n{said.stdout}{said.stderr}"
    return said


def listed(data):
    return tidemark(data, "symbols").stdout.splitlines()


def rows(data, question):
    with contextlib.closing(sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True, timeout=PATIENCE)) as log:
        return log.execute(question).fetchall()


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def last_minute(data):
    """The minute of the last bar in the log, which began before any change requested now."""
    ((value,),) = rows(data, "SELECT value FROM alpaca_trends WHERE kind = 'data' ORDER BY offset DESC LIMIT 1")
    return moment(json.loads(value)["timestamp"])


def minutes_in_log(data):
    """Minute → its symbols, in the order of the log."""
    minutes = {}
    for (value,) in rows(data, "SELECT value FROM alpaca_trends WHERE kind = 'data' ORDER BY offset"):
        bar = json.loads(value)
        minutes.setdefault(moment(bar["timestamp"]), []).append(bar["symbol"])
    return minutes


def bars_in_log(data):
    return [(json.loads(value)["symbol"], moment(json.loads(value)["timestamp"]))
            for (value,) in rows(data, "SELECT value FROM alpaca_trends WHERE kind = 'data' ORDER BY offset")]


class History:
    """The requested changes, and the range of minutes in which each may have taken effect."""

    def __init__(self):
        self.lists = [list(SET_UP)]
        self.old_until, self.new_from = [], []  # for each change: the last minute that must be old, the first that must be new

    def holds(self):
        return self.lists[-1]

    def changed(self, symbols, before, after):
        """Checks that no minute up to `before` has the change, and that every minute from `after` on has it."""
        if symbols == self.holds():
            return
        self.lists.append(symbols)
        self.old_until.append(before)
        self.new_from.append(after)

    def may_hold(self, number, minute):
        begun = number == 0 or minute > self.old_until[number - 1]
        return begun and (number == len(self.new_from) or minute < self.new_from[number])

    def compare(self, minutes):
        at = 0
        for number, minute in enumerate(minutes):
            assert minute == min(minutes) + number * MINUTE, f"the minute before {minute} is missing"
            allowed = [n for n in range(at, len(self.lists)) if self.may_hold(n, minute)]
            fitting = [n for n in allowed if self.lists[n] == minutes[minute]]
            assert fitting, f"{minute} has {minutes[minute]}, not one of {[self.lists[n] for n in allowed]}"
            at = fitting[0]
        assert at == len(self.lists) - 1, f"{self.lists[at + 1]} never came"


def change_of(chance, current):
    """A command and the resulting list."""
    kind = chance.choice(["add", "add", "remove", "remove", "set", "reset"])
    some = chance.sample(OTHERS + SET_UP, chance.randint(1, 3))
    if kind == "add":
        return [kind, ",".join(some)], current + [name for name in some if name not in current]
    if kind == "remove":
        left = [name for name in current if name not in some]
        return ([kind, *some], left) if left else (["set", "AAPL"], ["AAPL"])
    if kind == "set":
        return [kind, ",".join(some)], some
    return [kind], list(SET_UP)


def check_every_minute_has_the_right_symbols(folder):
    """symbols come and go on a running instance, killed at the moment they are confirmed: every minute has the right ones"""
    chance = random.Random(SEED)
    data = folder / "data"
    history = History()
    words = ["--speed", "600", "--store-every", "1s"]
    life = Life(data, *words)
    kills, chosen = 0, False
    try:
        for number in range(CHANGES):
            life.url()
            life.wait_until(lambda: (data / "log.db").exists() and rows(data, "SELECT 1 FROM alpaca_trends LIMIT 1"), "bars")
            asked, symbols = change_of(chance, history.holds())
            before = last_minute(data)
            tidemark(data, "symbols", *asked)
            if number % 3 == 2:
                assert life.kill(), "it lives until it is killed"
                kills += 1
            chosen = asked[0] == "set" or (chosen or symbols != history.holds()) and asked[0] != "reset"
            seen = last_minute(data)
            if life.has_ended():
                history.changed(symbols, before, seen + MINUTE)
                life = Life(data, *words)
            else:
                # Bars on their way into the log, of however many minutes, may not have it yet; the next ones do.
                life.wait_until(lambda seen=seen: last_minute(data) > seen, "what was on its way")
                seen = last_minute(data)
                history.changed(symbols, before, seen + MINUTE)
                assert listed(data) == symbols
                life.wait_until(lambda: last_minute(data) > seen + 2 * MINUTE, "some minutes with them")
            kept = data / "symbols"
            assert (kept.read_text().splitlines() if kept.exists() else None) == (symbols if chosen else None), asked
        life.url()
        seen = last_minute(data)
        life.wait_until(lambda: last_minute(data) > seen + 10 * MINUTE, "the last windows")
        life.end()
    finally:
        life.kill()
    assert kills >= CHANGES // 3
    minutes = minutes_in_log(data)
    history.compare(minutes)
    print(f"{CHANGES} changes, {kills} kills, {len(minutes)} minutes")
    compare_finals(data)


def compare_finals(data):
    """Checks that every past window closed once with its bars, also for removed symbols."""
    ((time,),) = rows(data, "SELECT max(time) FROM alpaca_trends WHERE kind = 'heartbeat' AND offset < (SELECT position FROM"
                            " positions WHERE reader = 'analyze' AND topic = 'alpaca_trends')")
    watermark = datetime.datetime.fromtimestamp(time / 1e9, datetime.timezone.utc) - DELAY
    expected = collections.Counter()
    for symbol, time in bars_in_log(data):
        for back in range(SIZE // MINUTE):
            if time - back * MINUTE + SIZE <= watermark:
                expected[symbol, (time - back * MINUTE).strftime("%Y-%m-%d %H:%M:%S")] += 1
    finals = [json.loads(value) for (value,) in rows(data, "SELECT value FROM alpaca_trend_results")]
    found = {(trend["symbol"], trend["window_start"]): trend["bar_count"] for trend in finals}
    assert len(found) == len(finals), "a window closed twice"
    assert found == dict(expected), f"{set(found.items()) ^ set(expected.items())}"
    assert rows(data, "SELECT count(*) FROM alpaca_dead_letters") == [(0,)]


def check_at_rest(folder):
    """without a running instance the next start brings what was chosen, and says so, until it is reset"""
    data = folder / "data"
    tidemark(data, "symbols", "add", "NVDA", code=2)
    assert not data.exists(), "no data directory, nothing made"
    setting = {"TIDEMARK_SYMBOLS": "A,B"}
    with Life(data, "--symbols", "A,B") as life:
        life.url()
        life.end()
    tidemark(data, "symbols", "add", "C", environment=setting)
    tidemark(data, "symbols", "remove", "A", "X", environment=setting)
    assert listed(data) == ["B", "C"]
    doctor = json.loads(tidemark(data, "doctor", "--port", "0", "--json").stdout)
    (told,) = [check["detail"] for check in doctor["checks"] if check["subject"] == "symbols"]
    assert told.startswith("2 chosen at run time: B, C"), told
    with Life(data, "--symbols", "A,B") as life:
        status = life.status()
        assert status["feed"]["detail"] == "2 symbols, chosen at run time", status
        life.wait_until(lambda: rows(data, "SELECT 1 FROM alpaca_trends LIMIT 1"), "bars")
        seen = last_minute(data)
        life.wait_until(lambda: last_minute(data) > seen, "a minute")
        assert "symbols.chosen" in life.journal()
        life.end()
    assert list(minutes_in_log(data).values())[-1] == ["B", "C"]
    tidemark(data, "symbols", "reset", environment=setting)
    assert not (data / "symbols").exists()
    assert tidemark(data, "symbols", environment=setting).stdout.split() == ["A", "B"]
    (data / "symbols").write_text("A\nB C\n")
    assert "line 2" in tidemark(data, "run", "--port", "0", code=2).stderr
    assert tidemark(data, "doctor", "--port", "0", code=1).stdout.count("FAIL  symbols") == 1
    tidemark(data, "symbols", "set", "Q")
    assert listed(data) == ["Q"], "a damaged choice can be said anew"


def check_backup(folder):
    """a backup takes the choice with it"""
    data, copy, other = folder / "data", folder / "copy", folder / "other"
    with Life(data) as life:
        life.url()
        tidemark(data, "symbols", "set", "Q,R")
        tidemark(data, "backup", str(copy))
        tidemark(data, "symbols", "reset")
        life.end()
    tidemark(other, "restore", str(copy))
    assert listed(other) == ["Q", "R"]
    assert listed(data) == SET_UP


def check_refusals(folder):
    """what cannot be done is refused with its sentence, and changes nothing"""
    data = folder / "data"
    bars = folder / "bars.jsonl"
    bars.write_text(subprocess.run([TIDEMARK, "simulate"], capture_output=True, text=True, check=True).stdout)
    with Life(data, str(bars)) as life:
        life.url()
        said = tidemark(data, "symbols", "add", "Q", code=2)
        assert "replay brings the symbols of its input" in said.stderr, said
        assert "replay" in tidemark(data, "symbols", code=2).stderr
        life.end()
    said = tidemark(data, "symbols", "add", "Q", code=2, environment={"TIDEMARK_FEED": "stdin"})
    assert "stdin brings the symbols of its input" in said.stderr, said
    with Life(data) as life:
        life.url()
        everything = ",".join(SET_UP)
        for words, sentence in (
            (["add", "A,A"], "A is given twice"),
            (["add", "X" * 33], "is no symbol"),
            (["add", "A B"], "is no symbol"),
            (["add"], "at least one symbol"),
            (["remove", everything], "no symbol would be left"),
            (["ad", "A"], 'did you mean "add"?'),
            (["list", "A"], "unexpected word"),
        ):
            said = tidemark(data, "symbols", *words, code=2)
            assert sentence in said.stderr and not said.stdout, (words, said)
        told = tidemark(data, "symbols", "remove", "QQQ")
        assert "QQQ was not among the symbols" in told.stderr, told
        told = tidemark(data, "symbols", "add", "AAPL", "--json")
        assert json.loads(told.stdout) == {"running": True, "feed": "simulator", "chosen": False, "symbols": SET_UP,
                                           "told": ["AAPL was among the symbols already"]}
        assert listed(data) == SET_UP and not (data / "symbols").exists()
        life.end()


def main():
    print(f"SYMBOLS_SEED={SEED}")
    for check in (check_every_minute_has_the_right_symbols, check_at_rest, check_backup, check_refusals):
        with tempfile.TemporaryDirectory(prefix="tidemark-symbols-") as folder:
            harness.tell(check.__doc__, check, pathlib.Path(folder))


main()
harness.end()
