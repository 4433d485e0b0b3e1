"""The cost of hardening against memory faults (cmake/Hardening.cmake): the same sources with and without it, in turns."""

import json
import os
import subprocess
import sys

import inputs
from measure import in_turns, median, median_of, median_ratio, run
from tables import millions, target

SHAPES = ["windows/in_time/1000/1", "trends/in_time/1000/1", "trends/shuffled/1000/1", "trends/shuffled/10000/1"]


def measure_into(chapter, options):
    plain = os.environ.get("PLAIN")
    if not plain:
        sys.exit("bench: hardening needs a second build; ./dev bench hardening makes it")
    filter_cost(chapter, options, f"{plain}/tidemark")
    engine_cost(chapter, options, f"{plain}/bench")


def filter_cost(chapter, options, plain):
    count = 600_000 if options.quick else 3_000_000
    rounds = 7 if options.quick else 15
    path, _ = inputs.bars(options.tidemark, count)
    results = in_turns(rounds, {name: lambda program=program: run([program, "trends", path]) for name, program in (("hardened", options.tidemark), ("plain", plain))})
    ratio = median_ratio(results["hardened"], results["plain"], "cpu")
    chapter.row(
        "`tidemark trends`",
        target("≤ 1.02", ratio <= 1.02),
        f"**{ratio:.3f}** × the CPU",
        f"{millions(count / median_of(results['hardened'], 'cpu'))} bars per CPU-second, {millions(count / median_of(results['plain'], 'cpu'))} without; "
        f"{count / 1e6:.1f} M bars, median of {rounds} rounds' ratios",
    )


def engine_cost(chapter, options, plain):
    rounds = 7 if options.quick else 15
    for shape in SHAPES:
        results = in_turns(rounds, {name: lambda folder=folder: rate(folder, shape) for name, folder in (("hardened", options.benchmarks), ("plain", plain))})
        ratio = median([without / with_ for with_, without in zip(results["hardened"], results["plain"])])
        chapter.row(
            f"engine, {shape}",
            "",
            f"{ratio:.3f} × the CPU",
            f"{millions(median(results['hardened']))} bars per CPU-second, {millions(median(results['plain']))} without; median of {rounds} rounds' ratios",
        )


def rate(folder, shape):
    """Bars per CPU-second of one run of the engine's benchmark."""
    command = [f"{folder}/engine_bench", f"--benchmark_filter=^{shape}$", "--benchmark_min_time=0.3", "--benchmark_format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(done.stdout)["benchmarks"][0]["items_per_second"]
