"""./dev parity: the same input through every engine, compared row by row and key by key, and the table of docs/parity.md.

    ./dev parity [--bars N] [--seed N] [--all] [--write]
"""

import argparse
import gzip
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "test/lib")]

import engines  # noqa: E402
import hostile_records  # noqa: E402

BINARY = os.environ["TIDEMARK"]
SHARED = os.environ.get("TIDEMARK_SHARED", "")
APART = ROOT / ".deps/apart"
HEAD = "| input | records | engine | rows | differing rows | records per CPU-second | records a second | memory, MB |\n|---|---|---|---|---|---|---|---|"
SLOW = 60_000  # records that the reference takes


def files(options, folder):
    """(name, file) of each input."""
    for market in ("equity", "crypto"):
        path = pathlib.Path(SHARED, "data", f"bars_{market}_1min.jsonl.gz")
        if SHARED and path.exists():
            plain = folder / f"{market}.jsonl"
            plain.write_bytes(gzip.decompress(path.read_bytes()))
            yield f"real bars, {market}", plain
        else:
            print(f"skip - real bars, {market}: there is no shared data", file=sys.stderr)
    hostile = folder / "hostile.jsonl"
    hostile.write_bytes(b"".join(record + b"\n" for record in hostile_records.records(options.seed, options.bars // 5, symbols=30)))
    yield "generated, hostile", hostile
    plain = folder / "plain.jsonl"
    plain.write_bytes(b"".join(record + b"\n" for record in hostile_records.records(options.seed, options.bars, symbols=300, rubbish=0.002, heartbeats=0)))
    yield "generated, large", plain


def sparks(all_):
    """(name, folder of the package) of the newest version that is installed, or of all."""
    found = [(f"Spark {version(home)}, batch", home) for home in sorted(APART.glob("pyspark-*"), reverse=True)]
    import pyspark

    found.append((f"Spark {pyspark.__version__}, batch", None))
    return found if all_ else found[:1]


def version(home):
    return re.search(r'= *.([0-9.]+).', (home / "pyspark/version.py").read_text())[1]


def flink_version():
    (jar,) = engines.flink_cluster.JARS[1].glob("flink-core-[0-9]*.jar")
    return jar.stem.removeprefix("flink-core-")


def number(value):
    return "–" if value is None else f"{value:,.0f}"


def line(name, count, engine, run, differing):
    speed = [count / run.cpu, count / run.wall, run.peak_mb] if run.cpu else [None] * 3
    return f"| {name} | {count:,} | {engine} | {len(run.rows):,} | {differing} | " + " | ".join(map(number, speed)) + " |"


def compare(name, file, folder, all_):
    """The table's lines for one input, and the first difference of each engine that has one."""
    count = sum(1 for record in file.read_bytes().split(b"\n") if record.strip())
    first = engines.trends(BINARY, file, folder, 1)
    yield line(name, count, "C++, `trends`, one thread", first, "–"), ""
    others = [("C++, `trends`, two threads", lambda: engines.trends(BINARY, file, folder, 2), False)]
    if count <= SLOW:
        others.append(("the reference, Python", lambda: engines.reference(file, folder), False))
    others.append(("C++, `run`, killed -9", None, True))
    others.append((f"Flink {flink_version()}, DataStream", lambda: engines.flink(file, folder), False))
    others += [(engine, lambda home=home: engines.spark(home, file, folder), False) for engine, home in sparks(all_)]
    for engine, run, as_doubles in others:
        if run is None:
            found, kills = engines.run_killed(BINARY, file, folder)
            engine += f" {kills} times, the lake's rows"
        else:
            found = run()
        wrong, example = engines.differing(first.rows, found.rows, as_doubles)
        yield line(name, count, engine, found, wrong), example and f"{name}, {engine}: {example}"


def main():
    parser = argparse.ArgumentParser(prog="./dev parity")
    parser.add_argument("--bars", type=int, default=100_000, help="records of the large generated input (default: 100000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every Spark that is installed, not only the newest")
    parser.add_argument("--write", action="store_true", help="put the table into docs/parity.md")
    options = parser.parse_args()
    lines, faults = [], []
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="tidemark-parity-") as scratch:
        for name, file in files(options, pathlib.Path(scratch)):
            folder = pathlib.Path(scratch, file.stem)
            folder.mkdir()
            for text, fault in compare(name, file, folder, options.all):
                print(text, flush=True)
                lines.append(text)
                faults += [fault] if fault else []
    print("\n".join(faults))
    if options.write:
        page = ROOT / "docs/parity.md"
        made = re.sub(r"(<!-- table -->\n).*?(<!-- end -->)", lambda found: found[1] + "\n".join([HEAD, *lines]) + "\n" + found[2], page.read_text(), flags=re.S)
        page.write_text(made)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
