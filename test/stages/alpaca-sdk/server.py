"""`tidemark alpaca-server` as a process, and its expected bars."""

import datetime
import decimal
import gzip
import json
import os
import pathlib
import signal
import subprocess
import tempfile

from harness import Skip

ROOT = pathlib.Path(__file__).parents[3]
TIDEMARK = os.environ.get("TIDEMARK", str(ROOT / "build/release/tidemark"))
PATIENCE = 180  # seconds for anything; only reached if something is wrong
MINUTE = datetime.timedelta(minutes=1)
START = datetime.datetime(2026, 1, 5, 14, 30, tzinfo=datetime.timezone.utc)
FROZEN = 0.001  # a speed at which no minute ends during a test
FIELDS = ("open", "high", "low", "close", "volume", "trade_count", "vwap")
SHORT = dict(zip(FIELDS, ("o", "h", "l", "c", "v", "n", "vw")))


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(written):
    return datetime.datetime.fromisoformat(written.replace("Z", "+00:00"))


class Server:
    """Starts the server. At the end of the block it must end at once, with exit code 0."""

    def __init__(self, *words, environment=None):
        self.journal_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [TIDEMARK, "alpaca-server", "--port", "0", "--log-format", "json", *map(str, words)],
            stdout=subprocess.PIPE, stderr=self.journal_file, text=True, env={"PATH": os.environ["PATH"], **(environment or {})})
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http"), self.journal()
        self.stream = self.url.replace("http", "ws", 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def journal(self):
        descriptor = self.journal_file.fileno()  # shared with the program, so reading must not move its position
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode()

    def end(self):
        """The counts of its actions and faults, from the last two lines of the journal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        assert code == 0, f"ended with {code}:\n{self.journal()}"
        did, wrong = map(json.loads, self.journal().splitlines()[-2:])
        return {**did, **wrong}


def simulated(*words, start=START, history="1d", speed=600):
    """The arguments for a simulated market that starts at `start`."""
    return ("--start", text(start), "--history", history, "--speed", speed, *words)


def bars_of_lines(lines):
    """(symbol, time) → the bar, numbers as decimals, of JSON lines as `tidemark` writes and reads them."""
    bars = {}
    for line in lines:
        bar = json.loads(line, parse_float=decimal.Decimal, parse_int=decimal.Decimal)
        bars[bar["symbol"], moment(bar["timestamp"])] = {field: bar.get(field) for field in FIELDS}
    return bars


def truth(symbols, start, end, seed=1):
    """The simulator's bars of the minutes before `end`, from the verb simulate."""
    minutes = (end - start) // MINUTE
    said = subprocess.run([TIDEMARK, "simulate", "--symbols", ",".join(symbols), "--seed", str(seed), "--start", text(start),
                           "--minutes", str(minutes)], capture_output=True, text=True, check=True, timeout=PATIENCE)
    return bars_of_lines(said.stdout.splitlines())


def recorded(name):
    """A file of real bars, with its path."""
    shared = os.environ.get("TIDEMARK_SHARED") or str(ROOT.parent / "shared")
    path = pathlib.Path(shared) / "data" / name
    if not path.exists():
        raise Skip("needs ../shared/data")
    with gzip.open(path, "rt") as lines:
        return path, bars_of_lines(lines)


def same_decimals(element, bar):
    """Checks that an element of Alpaca's JSON has exactly the numbers of the bar."""
    return all(element[SHORT[field]] == bar[field] for field in FIELDS)


def same_floats(typed, bar):
    """Checks that an object of an SDK has the nearest doubles. The SDKs give a missing count as 0 or None."""
    get = typed.get if isinstance(typed, dict) else lambda field: getattr(typed, field)
    return all(get(field) == float(bar[field]) if bar[field] is not None else not get(field) for field in FIELDS)
