"""`tidemark trends` as a filter, with yardsticks beside it."""

import hashlib
import pathlib
import sys

import inputs
from measure import in_turns, median_of, median_ratio, progress, run
from tables import millions, target

PEERS = pathlib.Path(__file__).parent.parent / "peers"


def measure_into(chapter, options):
    whole_file(chapter, options)
    against_batch(chapter, options)


def whole_file(chapter, options):
    count = 600_000 if options.quick else 3_000_000
    rounds = 3 if options.quick else 7
    path, windows = inputs.bars(options.tidemark, count)
    packed = inputs.zipped(path)
    written = {"to a file": "trends-1.jsonl", "--threads 2": "trends-2.jsonl"}

    def to_file(name, *arguments):
        with open(written[name], "wb") as file:
            return run([options.tidemark, "trends", path, *arguments], stdout=file)

    results = in_turns(
        rounds,
        {
            "wc -l": lambda: run(["wc", "-l", path]),
            "simdjson": lambda: run(["./simdjson_fields", path]),
            "trends": lambda: run([options.tidemark, "trends", path]),
            "to a file": lambda: to_file("to a file"),
            "--threads 2": lambda: to_file("--threads 2", "--threads", "2"),
            "gzip": lambda: run([options.tidemark, "trends", packed]),
        },
    )
    progress("checking the output")
    rows = sum(1 for _ in open(written["to a file"], "rb"))
    digests = {name: hashlib.file_digest(open(file, "rb"), "sha256").hexdigest() for name, file in written.items()}
    same = len(set(digests.values())) == 1
    for file in written.values():
        pathlib.Path(file).unlink()
    progress("")
    if rows != windows:
        sys.exit(f"bench: {rows} trends where {windows} were due")

    def rate(name):
        return count / median_of(results[name], "cpu")

    one, two = results["trends"], results["--threads 2"]
    input_is = f"{count / 1e6:.1f} M bars of {inputs.MANY:,} symbols, shuffled by 2 minutes ({path.stat().st_size / 1e6:.0f} MB of JSON lines)"
    chapter.row(
        "`tidemark trends`, bars per CPU-second",
        target("≥ 1.5 M, aim 3 M", rate("trends") >= 1.5e6),
        f"**{millions(rate('trends'))}**",
        f"{input_is}, {rows / 1e6:.1f} M trends to /dev/null; median of {rounds}",
    )
    chapter.row("… to a file", "", millions(rate("to a file")), "the same, written")
    chapter.row("… of gzip", "", millions(rate("gzip")), f"the same, {packed.stat().st_size / 1e6:.0f} MB of input")
    peak = median_of(one, "peak_mb")
    chapter.row("… resident memory", target("< 150 MB", peak < 150), f"{peak:.0f} MB ({median_of(two, 'peak_mb'):.0f} MB with 2 threads)", "the most at any time")
    speedup = median_ratio(results["to a file"], two, "wall")
    chapter.row(
        "… `--threads 2`",
        target("same bytes, faster", same and speedup > 1.05),
        f"{speedup:.2f} × as fast by the wall, {median_ratio(two, results['to a file'], 'cpu'):.2f} × the CPU, {'same bytes' if same else '**other bytes**'}",
        f"SHA-256 of {rows / 1e6:.1f} M trends; the machine has two cores, and they were not idle",
    )
    chapter.row("yardstick: `wc -l`", "", f"{millions(rate('wc -l'))}; trends takes {median_ratio(one, results['wc -l'], 'cpu'):.1f} × its CPU", "reads the file and finds the lines")
    chapter.row(
        "yardstick: simdjson",
        "",
        f"{millions(rate('simdjson'))}; trends takes {median_ratio(one, results['simdjson'], 'cpu'):.2f} × its CPU",
        "on demand, compiled for this machine: the same fields as doubles, no times, no validation, no windows, no output",
    )


def against_batch(chapter, options):
    count = 300_000
    rounds = 3 if options.quick else 5
    path, windows = inputs.bars(options.tidemark, count)
    python = sys.executable

    def peer(script, threads=1):
        usage = run([python, PEERS / script, path, threads], stdout=-1)
        found = [int(word) for word in usage.output.split()]
        if found != [windows, count * 5]:
            sys.exit(f"bench: {script} found windows and bars {found} where {[windows, count * 5]} were due")
        return usage

    peers = {"DuckDB 2.0.0": "windows_duckdb.py", "Polars 2.1.0": "windows_polars.py"}
    runners = {"trends": lambda: run([options.tidemark, "trends", path])}
    runners |= {name: lambda script=script: peer(script) for name, script in peers.items()}
    results = in_turns(rounds, runners)
    if options.spark:
        peers["Spark 3.5.9"] = "windows_spark.py"
        progress("Spark, once")
        results["Spark 3.5.9"] = [peer("windows_spark.py", 2)]
        progress("")
    one = results["trends"]
    for name in peers:
        results_of = results[name]
        # Spark's memory is that of a Java child process of the measured one.
        memory = "" if name.startswith("Spark") else f", {median_of(results_of, 'peak_mb'):.0f} MB"
        chapter.row(
            f"peer: {name}",
            "",
            f"{millions(count / median_of(results_of, 'cpu'))}{memory}; trends takes 1/{1 / median_ratio(one, results_of, 'cpu'):.1f} of its CPU",
            f"batch over {count / 1e3:.0f} k bars in JSON lines, start included; the same {windows:,} windows in doubles, no revisions, no account, no output",
        )
