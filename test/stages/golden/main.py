"""Checks the contract's examples against the clauses, and the program against both. Started by ./run."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
from decimal import Decimal

HERE = pathlib.Path(__file__).resolve().parent
CONTRACT = HERE.parents[2] / "contract"
GOLDEN = CONTRACT / "golden"
sys.path[:0] = [str(CONTRACT / "reference"), str(HERE.parents[1] / "lib")]

import generate  # noqa: E402
import harness  # noqa: E402
import filter_program as program  # noqa: E402
import schema  # noqa: E402
import second_opinion  # noqa: E402
import talib_opinion  # noqa: E402
import tidemark_reference as reference  # noqa: E402

BINARY = os.environ.get("TIDEMARK", "")
LONG_STREAMS = range(10_002, 10_022 if os.environ.get("TIDEMARK_FULL") else 10_004)  # longer than any block of input
CROWDS = {7: 700, 8: 3_000}  # by seed
STREAMS = 3_000 if os.environ.get("TIDEMARK_FULL") else 160


def cases():
    return sorted(path for path in GOLDEN.iterdir() if (path / "why.md").exists())


# --- The examples themselves


def reproduced():
    made = subprocess.run([sys.executable, GOLDEN / "make", "--check"], capture_output=True, text=True, check=False)
    return [] if made.returncode == 0 else (made.stdout + made.stderr).splitlines()


def named_in_clauses():
    """Checks that every case is named by a clause, and that every name in a clause is a case."""
    text = (CONTRACT / "semantics.md").read_text()
    named = {name for group in re.findall(r"`\[([a-z0-9,\s-]+)\]`", text) for name in re.split(r",\s*", group)}
    present = {path.name for path in cases()}
    return [f"no clause names golden/{name}" for name in sorted(present - named)] + [
        f"a clause names golden/{name}, which is not there" for name in sorted(named - present)
    ]


def schemas():
    return {path.name.split(".")[0]: json.loads(path.read_text(), parse_float=Decimal)
            for path in (CONTRACT / "schema").glob("*.schema.json")}


def golden_outputs():
    """(kind of schema, place, object) of every line that a case expects."""
    for kind, file in (("trend", "trends.jsonl"), ("dead_letter", "rejects.jsonl"), ("bar", "bars.jsonl")):
        for folder in cases():
            path = folder / file
            for number, line in enumerate(path.read_bytes().split(b"\n")[:-1] if path.exists() else [], start=1):
                yield kind, f"{folder.name}/{file}:{number}", json.loads(line, parse_float=Decimal)


def outputs_fit_schemas():
    kinds, found = schemas(), []
    for kind, where, value in golden_outputs():
        found += [f"{where}: {fault}" for fault in schema.faults(kinds[kind], value)]
        if kind != "dead_letter" and list(value) != list(kinds[kind]["properties"])[: len(value)]:
            found.append(f"{where}: keys in another order than in the schema")
    return found


def schemas_refuse():
    """A schema that accepts everything would pass the test above, so each of these changes must be refused."""
    changes = {
        "trend": [("avg_close", "1"), ("avg_close", None), ("avg_volume", Decimal("-0.1")), ("avg_volume", "1"), ("avg_volume", None),
                  ("avg_volume", 10**18), ("volatility", -1), ("buy_pressure", 2),
                  ("bar_count", 0), ("trend_signal", "bullish"), ("status", "late"), ("revision", 0), ("feed", 7),
                  ("window_start", "2025-01-02T14:30:00Z"), ("symbol", "A B"), ("symbol", ""), ("step", -1), ("step", 2_001), ("rsi_14", 101),
                  ("atr_14", -1), ("trend_confirmation", "up")],
        "bar": [("open", 0), ("high", -1), ("low", "1"), ("close", None), ("volume", -1), ("volume", 10**18), ("vwap", "1"),
                ("close", Decimal("9223372036.854775807")), ("pct_change", 10**27), ("direction", "UP"), ("trade_count", Decimal("0.5")),
                ("trade_count", 2**63), ("timestamp", "14:30"), ("timestamp", 1)],
        "dead_letter": [("reason", "other"), ("field", "ingested_at"), ("position", -1), ("position", "1"), ("record", None),
                        ("record_base64", "AA=="), ("record_bytes", 65536), ("extra", 1)],
    }
    kinds, samples, found = schemas(), {}, []
    for kind, _, value in golden_outputs():
        if value.get("record", "") is not None:
            samples.setdefault(kind, value)
    for kind, pairs in changes.items():
        for name, bad in pairs:
            if not schema.faults(kinds[kind], {**samples[kind], name: bad}):
                found.append(f"{kind}.schema.json lets {name} = {bad!r} pass")
        for name in kinds[kind]["required"]:
            if not schema.faults(kinds[kind], {key: value for key, value in samples[kind].items() if key != name}):
                found.append(f"{kind}.schema.json does not miss {name}")
    return found


# --- The program


def golden_case(folder, threads):
    options = folder / "options"
    flags = shlex.split(options.read_text()) if options.exists() else []
    inputs = [("-", path.read_bytes()) for path in sorted(folder.glob("stdin*"))] or [p.name for p in sorted(folder.glob("arrivals*"))]
    want = {name: (folder / f"{name}.{'json' if name == 'stats' else 'jsonl'}").read_bytes() for name in program.NAMES}
    try:
        return program.differences(want, program.run(BINARY, flags, inputs, threads, folder))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return [str(error)]


def random_stream(seed, count=None, crowd=None):
    flags, inputs = generate.stream(seed, count, crowd)
    options = reference.arguments().parse_args(flags)
    partition = reference.run(inputs, options.size, options.slide, options.delay, options.updates, options.keep_open, options.sort, options.symbol,
                              options.indicators)
    try:
        got = program.run(BINARY, flags, inputs, threads=1 + seed % 3)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return [str(error)]
    return program.differences(program.expected(partition, reference.stats_text), got)


def random_streams(seeds):
    found, failed = [], []
    for seed in seeds:
        faults = random_stream(seed)
        if faults:
            failed.append(seed)
            if len(failed) <= 3:
                flags, _ = generate.stream(seed)
                found += [f"seed {seed}: tidemark trends {shlex.join(flags)} --threads {1 + seed % 3}", *faults]
    return found + ([f"{len(failed)} of {len(seeds)} streams differ: {failed[:40]}"] if failed else [])


def tell_talib():
    name = "the indicators are TA-Lib's"
    try:
        harness.tell_faults(name, talib_opinion.faults(BINARY))
    except ImportError as missing:
        print(f"skip - {name}: {missing}", flush=True)


def main():
    harness.tell_faults("the reference writes the golden cases anew, byte for byte", reproduced())
    harness.tell_faults("the reference reads, counts and rounds as Python's own json, datetime and decimal", second_opinion.faults(GOLDEN))
    harness.tell_faults("every golden case stands behind a clause", named_in_clauses())
    harness.tell_faults("golden outputs fit the schemas", outputs_fit_schemas())
    harness.tell_faults("the schemas refuse what is wrong", schemas_refuse())
    if not BINARY:
        print("skip - the program against the golden cases: TIDEMARK names no program")
        return
    tell_talib()
    for folder in cases():
        harness.tell_faults(f"{folder.name}", golden_case(folder, threads=1))
        harness.tell_faults(f"{folder.name}, two threads", golden_case(folder, threads=2))
    for start in range(0, STREAMS, 40):
        seeds = range(start, min(start + 40, STREAMS))
        harness.tell_faults(f"random streams {seeds[0]} to {seeds[-1]}, as the reference", random_streams(seeds))
    for seed in LONG_STREAMS:
        harness.tell_faults(f"a long random stream, seed {seed}, as the reference", random_stream(seed, 6_000))
    for seed, crowd in CROWDS.items():
        harness.tell_faults(f"{crowd} symbols at once, seed {seed}, as the reference", random_stream(seed, 6_000, crowd))


if __name__ == "__main__":
    main()
    harness.end()
