"""Runs a program and measures it: CPU seconds, wall seconds, resident memory."""

import os
import pathlib
import select
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass
class Usage:
    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak_mb: float  # peak resident memory
    output: bytes  # if it was requested


def status_mb(pid, field):
    """A line of /proc/PID/status in megabytes; 0 if the process has gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return 0.0


def run(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL):
    """Runs a program to its end. Its exit code must be 0.

    The peak is sampled every few milliseconds, because wait4's figure for a child includes the memory of the Python
    that started it."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL)
    ended = os.pidfd_open(process.pid)
    peak = 0.0
    output = b""
    waited_for = [ended, process.stdout] if process.stdout else [ended]
    while True:
        ready, _, _ = select.select(waited_for, [], [], 0.005)
        peak = max(peak, status_mb(process.pid, "VmHWM"))
        if process.stdout in ready:
            piece = os.read(process.stdout.fileno(), 1 << 20)
            output += piece
            if not piece:
                waited_for.remove(process.stdout)
        elif ended in ready:
            break
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    os.close(ended)
    if process.stdout:
        process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: this ended with {process.returncode}: {' '.join(map(str, command))}")
    return Usage(usage.ru_utime + usage.ru_stime, wall, peak, output)


def in_turns(rounds, runners):
    """Calls each of the runners (name → function) once a round, starting with another one each time, so that anything that
    slows the machine down affects all of them. Returns name → list of results, one for each round."""
    names = list(runners)
    results = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            progress(f"round {turn + 1} of {rounds}: {name}")
            results[name].append(runners[name]())
    progress("")
    return results


def median(values):
    return statistics.median(values)


def median_of(results, field):
    return median([getattr(result, field) for result in results])


def median_ratio(above, below, field):
    """The median of the rounds' ratios, so that runs close in time are compared."""
    return median([getattr(a, field) / getattr(b, field) for a, b in zip(above, below)])


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
    elif text:
        print(text, file=sys.stderr)


def fsync_ms(directory):
    """The time in which this disk makes 4 kB durable: the lower bound of every durable step."""
    path = pathlib.Path(directory, f"fsync-probe-{os.getpid()}")  # two campaigns may begin at once
    times = []
    with open(path, "wb") as file:
        for _ in range(50):
            file.write(os.urandom(4096))
            file.flush()
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1e3)
    path.unlink()
    return median(times)


def machine():
    """The machine in a few words, without its name."""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = " ".join(line.split(":", 1)[1].replace("(R)", "").replace("(TM)", "").split())
            break
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores of {model}, {memory * 1024 / 1e9:.0f} GB of memory"
