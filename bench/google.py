"""Runs a Google Benchmark program and returns the medians of its repetitions."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from measure import progress


@dataclass
class Median:
    items_per_second: float  # by the clock that the benchmark has chosen
    items_per_cpu_second: float
    milliseconds: float  # wall-clock time of one pass
    counters: dict  # the benchmark's own counters


def medians(program, quick, only="."):
    progress(f"{program}: {only}")
    command = [
        os.path.join(os.environ["BENCHMARKS"], program),
        f"--benchmark_filter={only}",
        f"--benchmark_repetitions={3 if quick else 7}",
        f"--benchmark_min_time={0.1 if quick else 0.3}",
        "--benchmark_enable_random_interleaving=true",
        "--benchmark_report_aggregates_only=true",
        "--benchmark_format=json",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"bench: this ended with {done.returncode}: {' '.join(command)}")
    progress("")
    found = {}
    for entry in json.loads(done.stdout)["benchmarks"]:
        if entry.get("aggregate_name") != "median":
            continue
        rate = entry["items_per_second"]
        uses_wall = entry["run_name"].endswith("/real_time")
        items = rate * (entry["real_time"] if uses_wall else entry["cpu_time"])
        found[entry["run_name"].removesuffix("/real_time")] = Median(rate, items / entry["cpu_time"], entry["real_time"], entry)
    return found
