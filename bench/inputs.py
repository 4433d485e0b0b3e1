"""The input files, made once by `tidemark simulate` and kept: many symbols, shuffled within two minutes."""

import itertools
import pathlib
import subprocess

MANY = 1000  # symbols


def simulate(tidemark, symbols, minutes, output=None):
    command = [tidemark, "simulate", "--symbols", str(symbols), "--minutes", str(minutes), "--shuffle", "2m"]
    return subprocess.Popen([*command, *(["--output", str(output)] if output else [])], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def still_what_simulate_writes(tidemark, symbols, path):
    """Compares the first lines, because a changed simulator makes another file."""
    process = simulate(tidemark, symbols, 1000 // symbols + 4)
    with process, open(path, "rb") as file:
        same = all(ours == theirs for ours, theirs in itertools.islice(zip(process.stdout, file), 1000))
        process.kill()
    return same


def bars(tidemark, count, symbols=MANY):
    """A file with so many bars, and the number of their windows: five minutes each, one a minute."""
    minutes = count // symbols
    path = pathlib.Path(f"bars-{count}-of-{symbols}.jsonl")
    if not path.exists() or not still_what_simulate_writes(tidemark, symbols, path):
        making = path.with_suffix(".making")
        if simulate(tidemark, symbols, minutes, making).wait() != 0:
            raise SystemExit("bench: tidemark simulate failed")
        making.rename(path)
        path.with_suffix(".jsonl.gz").unlink(missing_ok=True)
    return path, symbols * (minutes + 4)


def zipped(path):
    result = path.with_suffix(".jsonl.gz")
    if not result.exists():
        with open(result.with_suffix(".making"), "wb") as out:
            subprocess.run(["gzip", "-6", "-c", path], stdout=out, check=True)
        result.with_suffix(".making").rename(result)
    return result
