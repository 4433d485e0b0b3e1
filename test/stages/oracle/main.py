"""Real bars through reference and program, and both against Spark's recorded answers. Started by ./run.

The reference is compared with Spark first, as an external check of the reference itself. The program is then compared with the
reference byte for byte, and with Spark.
"""

import functools
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "lib"), str(HERE.parents[2] / "contract" / "reference")]

import harness  # noqa: E402
import filter_program as program  # noqa: E402
import spark  # noqa: E402
import tidemark_reference as reference  # noqa: E402

BINARY = os.environ.get("TIDEMARK", "")
SHARED = os.environ.get("TIDEMARK_SHARED", "")
DATA = pathlib.Path(SHARED, "data")
BARS = {"equity": "bars_equity_1min.jsonl.gz", "crypto": "bars_crypto_1min.jsonl.gz"}
SPECS = {  # by purpose: the flags, and the number of threads
    "as shipped": ([], 1),
    "two threads": ([], 2),
    "updates, an hour by ten minutes": (["--size", "1h", "--slide", "10m", "--delay", "5m", "--updates"], 1),
    "the longest delay": (["--delay", "90d"], 1),
}
DELAYS = {"all at once": "10d", "as shipped": "2m"}  # for the Spark messages


@functools.cache
def by_reference(flags, inputs):
    """The reference's partition; flags and inputs are tuples."""
    options = reference.arguments().parse_args(flags)
    return reference.run(inputs, options.size, options.slide, options.delay, options.updates, options.keep_open)


def by_program(flags, inputs, threads=1):
    try:
        return program.run(BINARY, flags, inputs, threads), []
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return None, [str(error)]


def real_bars(file, flags, threads):
    flags, inputs = tuple(flags), ((file, (DATA / file).read_bytes()),)
    got, faults = by_program(flags, inputs, threads)
    return faults or program.differences(program.expected(by_reference(flags, inputs), reference.stats_text), got)


@functools.cache
def spark_oracle():
    return spark.load(DATA / "spark-oracle" / "golden.tgz")


@functools.cache
def compared(trends, delay):
    return spark.compare(trends.splitlines(), delay, *spark_oracle())


def against_spark(who, trends, delay, name):
    counts, wrong = compared(trends, delay)
    for what, count in sorted(counts.items()):
        print(f"  {who}, {name}: {count:7,} {what}")
    enough = counts["windows compared"] > 40_000
    return wrong + ([] if enough else [f"only {counts['windows compared']} windows were compared"])


def main():
    if not (DATA / "manifest.json").exists():
        print("skip - real bars and Spark's answers: there is no shared data")
        return
    inputs = (("messages.txt", spark_oracle()[0]),)
    for name, delay in DELAYS.items():
        flags = ("--delay", delay)
        partition, seconds = by_reference(flags, inputs), reference.duration(delay)
        harness.tell_faults(f"Spark's windows, {name}: the reference agrees", against_spark("reference", "".join(partition.trends), seconds, name))
        if not BINARY:
            continue
        got, faults = by_program(flags, inputs, threads=2 if name == "as shipped" else 1)
        want = program.expected(partition, reference.stats_text)
        harness.tell_faults(f"Spark's messages, {name}: the program writes the reference's bytes", faults or program.differences(want, got))
        trends = got["trends"].decode() if got else ""
        harness.tell_faults(f"Spark's windows, {name}: the program agrees", faults or against_spark("program", trends, seconds, name))
    if not BINARY:
        print("skip - the program on real bars: TIDEMARK names no program")
        return
    for market, file in BARS.items():
        for name, (flags, threads) in SPECS.items():
            harness.tell_faults(f"{market} bars, {name}: the program writes the reference's bytes", real_bars(file, flags, threads))


if __name__ == "__main__":
    main()
    harness.end()
