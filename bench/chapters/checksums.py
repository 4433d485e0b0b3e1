"""What the checksums and summaries of the embedded log cost: the same programs with them and without, in turns."""

import json
import pathlib
import shutil
import subprocess
from dataclasses import dataclass

import inputs
from measure import in_turns, median_of, median_ratio, run
from tables import target

MOST = 1.05  # times the CPU that it takes without; the time is the disk's, and that of whatever else writes to it
SHAPES = {
    "append/1": "append of a bar",
    "append/5": "append of 5 bars",
    "append/4096": "append of 4,096 bars",
    "commit/5": "commit of 5 judged bars and 5 trends",
    "commit/4096": "commit of 4,096 judged bars and 4,096 trends",
    "poll/4096": "reading by 4,096",
}


@dataclass
class Pace:
    wall: float  # seconds for a record
    cpu: float


def measure_into(chapter, options):
    for shape, words in SHAPES.items():
        log_cost(chapter, options, shape, words)
    replay_cost(chapter, options)
    chapter.notes.append("Each ratio is the median of the rounds' ratios. An unchecked log is that of the same sources, linked with `bench/unchecked_log.cc`.")


def log_cost(chapter, options, shape, words):
    rounds = 11 if options.quick else 25
    programs = {"checked": "log_bench", "unchecked": "unchecked_log_bench"}
    results = in_turns(rounds, {name: lambda program=program: pace(f"{options.benchmarks}/{program}", shape) for name, program in programs.items()})
    wall, cpu = (median_ratio(results["checked"], results["unchecked"], field) for field in ("wall", "cpu"))
    rates = [f"{1 / median_of(results[name], 'wall'):,.0f}" for name in programs]
    chapter.row(f"log: {words}", target(f"≤ {MOST}", cpu <= MOST), f"**{cpu:.3f}** × the CPU, {wall:.3f} × the time",
                f"{rates[0]} records a second by the wall, {rates[1]} without; {rounds} rounds")


def pace(program, shape):
    command = [program, f"--benchmark_filter=^{shape}(/real_time)?$", "--benchmark_min_time=0.2", "--benchmark_format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    (entry,) = json.loads(done.stdout)["benchmarks"]
    wall = 1 / entry["items_per_second"]
    return Pace(wall, wall * entry["cpu_time"] / entry["real_time"])


def replay_cost(chapter, options):
    count = 100_000 if options.quick else 300_000
    rounds = 5 if options.quick else 11
    path, _ = inputs.bars(options.tidemark, count)
    data = pathlib.Path("checksums-data")

    def replay(program):
        shutil.rmtree(data, ignore_errors=True)
        return run([program, "run", "--feed", "replay", path, "--speed", "max", "--exit-at-end", "--data", data, "--port", "0"])

    programs = {"checked": options.tidemark, "unchecked": f"{options.benchmarks}/unchecked_tidemark"}
    results = in_turns(rounds, {name: lambda program=program: replay(program) for name, program in programs.items()})
    shutil.rmtree(data)
    wall, cpu = (median_ratio(results["checked"], results["unchecked"], field) for field in ("wall", "cpu"))
    chapter.row("`tidemark run`, replay at full speed", target(f"≤ {MOST}", cpu <= MOST), f"**{cpu:.3f}** × the CPU, {wall:.3f} × the time",
                f"{count / median_of(results['checked'], 'wall') / 1e3:,.0f} k bars a second by the wall, "
                f"{count / median_of(results['unchecked'], 'wall') / 1e3:,.0f} k without; {rounds} rounds")
