"""./dev parity: the same input through every engine, compared row by row and key by key, and the tables of docs/parity.md.

    ./dev parity [--bars N] [--seed N] [--all] [--only WORD] [--long] [--write]
"""

import argparse
import gzip
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "test/lib")]

import duckdb_clauses  # noqa: E402
import engines  # noqa: E402
import hostile_records  # noqa: E402
import over_kafka  # noqa: E402
from rows import differing  # noqa: E402

BINARY = os.environ["TIDEMARK"]
SHARED = os.environ.get("TIDEMARK_SHARED", "")
APART = ROOT / ".deps/apart"
HEAD = "| input | records | engine | rows | differing rows | records per CPU-second | records a second | memory, MB |\n|---|---|---|---|---|---|---|---|"
SLOW = 60_000  # records that the reference takes, and whose lake is read row by row
MARKETS = 10  # of the long form: each record of a generated market comes so often, for as many symbols


def files(options, folder):
    """(name, file) of each input."""
    for market in () if options.long else ("equity", "crypto"):
        path = pathlib.Path(SHARED, "data", f"bars_{market}_1min.jsonl.gz")
        if SHARED and path.exists():
            plain = folder / f"{market}.jsonl"
            plain.write_bytes(gzip.decompress(path.read_bytes()))
            yield f"real bars, {market}", plain
        else:
            print(f"skip - real bars, {market}: there is no shared data", file=sys.stderr)
    if not options.long:
        yield "generated, common", written(folder / "common.jsonl", hostile_records.records(options.seed, options.bars, symbols=100, rubbish=0,
                                                                                          kind=hostile_records.CommonMarket))
        yield "generated, hostile", written(folder / "hostile.jsonl", hostile_records.records(options.seed, options.bars // 5, symbols=30))
        yield "generated, large", written(folder / "large.jsonl", hostile_records.records(options.seed, options.bars, symbols=300, rubbish=0.002, heartbeats=0))
        return
    made = hostile_records.records(options.seed, options.bars // MARKETS, symbols=300, rubbish=0.01, heartbeats=0.001)
    yield "generated, long", written(folder / "long.jsonl", (record.replace(b'"symbol":"', b'"symbol":"%d.' % market) for record in made
                                                            for market in range(MARKETS)))


def written(path, records):
    with open(path, "wb") as file:
        for record in records:
            file.write(record + b"\n")
    return path


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


def compare(name, file, folder, options):
    """The table's lines for one input, and the first difference of each engine that has one."""
    with open(file, "rb") as records:
        count = sum(1 for record in records if record.strip())
    first = engines.trends(BINARY, file, folder, 1)
    yield line(name, count, "C++, `trends`, one thread", first, "–"), ""
    others = [("C++, `trends`, two threads", lambda: engines.trends(BINARY, file, folder, 2), False)]
    if count <= SLOW:
        others.append(("the reference, Python", lambda: engines.reference(file, folder), False))
        others.append(("C++, `run`, killed -9", None, True))
    others.append((f"Flink {flink_version()}, DataStream", lambda: engines.flink(file, folder), False))
    others += [(engine, lambda home=home: engines.spark(home, file, folder), False) for engine, home in sparks(options.all)]
    for engine, run, as_doubles in others:
        if run is None:
            found, kills = engines.run_killed(BINARY, file, folder)
            engine += f" {kills} times, the lake's rows"
        else:
            found = run()
        wrong, example = differing(first.rows, found.rows, as_doubles)
        yield line(name, count, engine, found, wrong), example and f"{name}, {engine}: {example}"
        if engine != others[-1][0] and run is not None:
            discard(found)
    if file.stem in ("equity", "crypto", "common"):
        found = engines.duckdb(file, folder)
        wrong, example = differing(first.rows, found.rows)
        yield line(name, count, f"DuckDB {duckdb_version()}, SQL", found, wrong), example and f"{name}, DuckDB: {example}"
    discard(first)


def discard(run):
    """Frees the room of rows that have been compared."""
    for path in getattr(run.rows, "paths", ()):
        path.unlink()


def compare_over_kafka(name, file, folder):
    """The same from topic to topic, in three partitions: each has a watermark of its own, so these rows are compared with one another."""
    folder.mkdir()
    (folder / "engines").mkdir()
    with over_kafka.Broker(folder / "broker") as broker:
        with open(file, "rb") as records:
            count = sum(1 for record in records if record.strip())
        want = over_kafka.expected(BINARY, file, folder)
        name += ", 3 partitions"
        yield line(name, count, "C++, `trends`, each partition by itself", want, "–"), ""
        for engine, run, once in over_kafka.streams(broker, BINARY, file, folder / "engines", count):
            found = run()
            wrong, example = differing(want.rows, found.rows, once=once)
            if once:
                engine += f", {len(found.rows) - len(set(map(hash, found.rows))):,} rows written twice"
            yield line(name, count, engine, found, wrong), example and f"{name}, {engine}: {example}"
            discard(found)


def duckdb_version():
    import duckdb

    return duckdb.__version__


def main():
    parser = argparse.ArgumentParser(prog="./dev parity")
    parser.add_argument("--bars", type=int, help="records of the large generated input (default: 100000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every Spark that is installed, not only the newest")
    parser.add_argument("--write", action="store_true", help="put the table into docs/parity.md")
    parser.add_argument("--only", default="", metavar="WORD", help="only inputs with this word in their names; --write keeps the lines of the others")
    parser.add_argument("--long", action="store_true", help="one generated input of --bars records (default: 10000000), through every engine: about an hour")
    options = parser.parse_args()
    options.bars = options.bars or (10_000_000 if options.long else 100_000)
    lines, faults, begun = [], [], time.monotonic()
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="tidemark-parity-") as scratch:
        scratch = pathlib.Path(scratch)
        for name, file in files(options, scratch):
            if options.only not in name:
                continue
            folder = scratch / file.stem
            folder.mkdir()
            for text, fault in compared(name, file, folder, options):
                print(text, flush=True)
                lines.append(text)
                faults += [fault] if fault else []
            shutil.rmtree(folder)
        clauses = None if options.long or options.only not in ('', 'common') else duckdb_clauses.table(scratch)
    if clauses:
        print(f"DuckDB: {clauses[1]} of {clauses[2]} golden cases\n{duckdb_clauses.HEAD}\n" + "\n".join(clauses[0]))
    print("\n".join(faults))
    print(f"It took {time.monotonic() - begun:,.0f} s.")
    if options.write:
        marker = "long" if options.long else "table"
        write(marker, [HEAD, *(merged(marker, lines) if options.only else lines), "", f"Made by `./dev parity{' --long' if options.long else ''} --bars {options.bars}{f' --only {options.only!r}' if options.only else ''}` in "
                                                    f"{time.monotonic() - begun:,.0f} s; load of the machine {os.getloadavg()[1]:.1f}."])
        if clauses:
            write("duckdb", [f"{clauses[1]} of {clauses[2]} golden cases have the contract's finals. The others:", "", duckdb_clauses.HEAD, *clauses[0]])
    sys.exit(1 if faults else 0)


def compared(name, file, folder, options):
    yield from compare(name, file, folder, options)
    if file.stem in ("hostile", "large", "long"):
        if reason := over_kafka.why_not():
            print(f"skip - {name}, over Kafka: {reason}", file=sys.stderr)
        else:
            yield from compare_over_kafka(name, file, folder / "kafka")


def merged(marker, lines):
    """The page's lines, of which those of the same inputs give way."""
    text = (ROOT / "docs/parity.md").read_text().split(f"<!-- {marker} -->\n", 1)[1].split(f"<!-- /{marker} -->", 1)[0]
    of = lambda line: line.split(" | ")[0]  # noqa: E731
    old, new = [line for line in text.splitlines() if line.startswith("| ") and line not in HEAD], {of(line) for line in lines}
    return [line for line in old if of(line) not in new] + lines


def write(marker, lines):
    page = ROOT / "docs/parity.md"
    begin, end = f"<!-- {marker} -->\n", f"<!-- /{marker} -->"
    head, rest = page.read_text().split(begin, 1)
    page.write_text(head + begin + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1])


if __name__ == "__main__":
    main()
