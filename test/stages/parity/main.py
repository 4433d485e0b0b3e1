"""Spark's batch job (jobs/spark) against the contract: golden cases, hostile streams, files, the command line. Started by ./run.

The expected answers are the golden files and the reference's. All golden cases of one window spec are partitions of one dump.
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "test/lib"), str(ROOT / "contract/reference")]

import engines  # noqa: E402
import harness  # noqa: E402
import hostile_records  # noqa: E402
import rows  # noqa: E402
import spark_batch  # noqa: E402
import tidemark_reference as reference  # noqa: E402
from spark_batch import Answer  # noqa: E402

GOLDEN = ROOT / "contract/golden"
APART = {  # what the job does not do, each with its clause; docs/spark.md says it, too
    "alpaca-answer": "7.6", "alpaca-messages": "7.6", "polygon-answer": "7.6", "binance-lists": "7.6", "standard-input": "7.1",
    "standard-input-gzip": "7.1", "zip-archive": "1.1",
}
AS_FILES = {"lines", "several-files", "sorted-files", "byte-order-mark"}  # how files are read matters
SHORT = {"keep-open", "sorted", "windows-other-spec"}  # of the cases with a spec of their own, each a job: the others are in the long form
BINARY = os.environ.get("TIDEMARK", "")
COMPILED = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}  # sooner for little data, and to be tested, too
FULL = bool(os.environ.get("TIDEMARK_FULL"))


def golden_cases():
    """(name, options of the reference, files) of each case that the job follows."""
    for folder in sorted(path for path in GOLDEN.iterdir() if (path / "why.md").exists()):
        flags = shlex.split((folder / "options").read_text()) if (folder / "options").exists() else []
        if folder.name not in APART:
            yield folder, reference.arguments().parse_args(flags), sorted(folder.glob("arrivals*"))


def records_of(file):
    """The lines of a file as records: without LF and one CR (1.2)."""
    lines = reference.content_of(file.read_bytes()).split(b"\n")
    return [line[:-1] if line.endswith(b"\r") else line for line in (lines if lines[-1] else lines[:-1])]


def wanted(folder):
    """The answer in the golden files: finals only, because a batch writes no updates (4.7)."""
    lines = lambda name: (folder / f"{name}.jsonl").read_bytes().decode().split("\n")[:-1]  # noqa: E731
    finals = [line for line in lines("trends") if '"status":"final"' in line]
    rejects = [line.replace('"source":"arrivals.jsonl.gz"', '"source":"arrivals.jsonl"') for line in lines("rejects")]
    return Answer(finals, lines("late"), rejects, json.loads((folder / "stats.json").read_text()))


def golden(spark, folder, conf=None):
    """The faults of all cases, one dump for each window spec."""
    groups = {}
    for case, flags, files in golden_cases():
        if case.name not in AS_FILES:
            groups.setdefault((flags.size, flags.slide, flags.delay, flags.sort, flags.keep_open), []).append((case, files))
    chosen = {spec: cases for spec, cases in groups.items() if FULL or len(cases) > 1 or cases[0][0].name in SHORT}
    faults, count = [], 0
    for number, ((size, slide, delay, sort, keep_open), cases) in enumerate(chosen.items()):
        dump = folder / f"golden-{number}.jsonl"
        spark_batch.write_dump(dump, [[record for file in files for record in records_of(file)] for _, files in cases])
        options = spark_batch.options_of([dump], size=size, slide=slide, delay=delay, sort=sort, keep_open=keep_open, conf=conf or {})
        for (case, _), found in zip(cases, spark_batch.answers(spark, options, len(cases))):
            faults += spark_batch.differences(case.name, wanted(case), found)
            count += 1
    print(f"  {count} golden cases")
    return faults + ([] if count > 50 else [f"only {count} cases"])


def by_reference(records, options):
    partition = reference.Partition(options.size, options.slide, options.delay)
    for position, record in enumerate(records, start=1):
        if record.strip(b" \t\r"):
            partition.take(record, "arrivals.jsonl", position)
    partition.finish()
    lines = lambda texts: [text.rstrip("\n") for text in texts]  # noqa: E731
    return Answer(lines(partition.trends), lines(late.decode() for late in partition.late), lines(partition.rejects), partition.stats)


def streams(spark, folder, conf, seeds, length):
    made = [list(hostile_records.records(seed, length)) for seed in seeds]
    dump = folder / "streams.jsonl"
    spark_batch.write_dump(dump, made)
    options = spark_batch.options_of([dump], conf=conf)
    faults, rows = [], 0
    for seed, records, found in zip(seeds, made, spark_batch.answers(spark, options, len(made))):
        want = by_reference(records, options)
        rows += len(want.trends)
        assert all(want.stats[kind] for kind in want.stats), f"seed {seed} has nothing of a kind: {want.stats}"
        faults += spark_batch.differences(f"seed {seed}", want, found)
    print(f"  {sum(map(len, made)):,} records, {rows:,} windows")
    return faults


# ---- dumps of a topic, expected by hand

HALF_PAST_TWO = 1_735_828_200  # 2025-01-02T14:30:00Z


def a_bar(time):
    return f'{{"symbol":"A","timestamp":"2025-01-02T{time}Z","open":1,"high":1,"low":1,"close":1,"volume":1}}'


def message(partition, offset, value, headers, form):
    if form == "kcat":
        return {"topic": "t", "partition": partition, "offset": offset, "tstype": "create", "ts": HALF_PAST_TWO * 1_000, "key": "A", "payload": value,
                "headers": [text for pair in headers.items() for text in pair]}
    return {"topic": "t", "partition": partition, "offset": offset, "timestamp": HALF_PAST_TWO * 1_000, "key": "A", "value": value, "headers": headers}


def control_records(spark, folder):
    """The end of an input, a heartbeat and a limit: each in a partition of its own, in both forms of a dump, offsets not in order."""
    partitions = [
        # 3.14: what the first bar is in ends at 14:35 or before, so the second counts in the window of 14:31 alone.
        [(a_bar("14:30:00"), {}), (None, {"tidemark-end": ""}), (a_bar("14:31:00"), {})],
        # 3.10: the watermark is 14:58, and the last window of the bar ends at 14:55.
        [(None, {"tidemark-heartbeat": str((HALF_PAST_TWO + 1_800) * 10**9)}), (a_bar("14:50:00"), {})],
        # 3.11: all are appended at 14:30; exactly a minute ahead is allowed.
        [(None, {"tidemark-max-ahead": "60"}), (a_bar("14:31:00"), {}), (a_bar("14:31:00.000000001"), {})],
    ]
    lines = [json.dumps(message(partition, offset, value, headers, ("kcat", "own")[partition % 2]))
             for partition, records in enumerate(partitions) for offset, (value, headers) in enumerate(records, start=10)]
    dump = folder / "control.jsonl"
    dump.write_text("\n".join(reversed(lines)) + "\n")
    found = spark_batch.answers(spark, spark_batch.options_of([dump], conf=INTERPRETED), len(partitions))
    starts = [[json.loads(row)["window_start"][11:16] for row in answer.trends] for answer in found]
    counts = {json.loads(row)["bar_count"] for answer in found for row in answer.trends}
    told = [(answer.late, [json.loads(letter)["reason"] for letter in answer.rejects]) for answer in found]
    want = (
        [["14:26", "14:27", "14:28", "14:29", "14:30", "14:31"], [], ["14:27", "14:28", "14:29", "14:30", "14:31"]], {1},
        [([], []), ([a_bar("14:50:00")], []), ([], ["ahead_of_feed"])],
    )
    return [] if (starts, counts, told) == want else [f"is {(starts, counts, told)}", f"should be {want}"]


UNFOLLOWED = [
    (message(3, 7, None, {"tidemark-lower-watermark": "1"}, "kcat"), "partition 3, offset 7 lowers the watermark (contract 3.2)"),
    ({"offset": 7, "value": a_bar("14:30:00")}, "write both, as kcat -J does"),
]


def unfollowed(spark, folder):
    """What the job cannot follow ends it with a sentence, never with rows."""
    faults = []
    for number, (line, sentence) in enumerate(UNFOLLOWED):
        dump = folder / f"unfollowed-{number}.jsonl"
        dump.write_text(json.dumps(line) + "\n")
        try:
            spark_batch.answers(spark, spark_batch.options_of([dump], conf=INTERPRETED), 4)
            faults.append(f"no error, should say: {sentence}")
        except Exception as error:  # whatever Spark makes of it
            faults += [] if sentence in str(error) else [f"{str(error)[:600]!r} should say: {sentence}"]
    return faults


# ---- files, and the command line


def as_files(spark, folder, case):
    """The bytes that the job writes for the files of a golden case, by its command line's options."""
    from tidemark_spark import admission, command_line, jobs

    flags = shlex.split((case / "options").read_text()) if (case / "options").exists() else []
    paths = {name: str(folder / case.name / name) for name in ("json", "late", "rejects")}
    given = {}  # where Spark reads the file: its name in the case. Spark tells gzip by the name.
    for path in sorted(case.glob("arrivals*")):
        packed = path.read_bytes()[:2] == b"\x1f\x8b" and path.suffix != ".gz"
        copy = folder / f"{case.name}-{path.name}{'.gz' if packed else ''}"
        copy.write_bytes(path.read_bytes())
        given[str(copy)] = path.name
    words = ["batch", *given, *flags, "--stats"]
    options = command_line.arguments().parse_args(words + [word for name, path in paths.items() for word in (f"--{name}", path)])
    stats = jobs.batch(spark, options, admission.Spec(options.size, options.slide, options.delay))
    lines = {name: "".join(part.read_bytes().decode() for part in sorted(pathlib.Path(path).glob("part-*"))).split("\n")[:-1] for name, path in paths.items()}
    for read, name in given.items():
        lines["rejects"] = [line.replace(f'"source":"{read}"', f'"source":"{name}"') for line in lines["rejects"]]
    return spark_batch.differences(case.name, wanted(case), Answer(lines["json"], lines["late"], lines["rejects"], stats))


def from_lake(spark, folder):
    """The lake's bars as the job reads them, against the lake's own trends: an import's revision is the number of bars, too."""
    from tidemark_spark import admission, command_line, jobs

    market, data = folder / "imported.jsonl", folder / "imported"
    market.write_bytes(b"".join(record + b"\n" for record in hostile_records.records(9, 1_500, rubbish=0, heartbeats=0)))
    subprocess.run([BINARY, "import", market, "--data", data], check=True, capture_output=True)
    words = ["batch", "--input", "lake", str(data / "lake/bars"), "--parquet", str(folder / "made/stock_trends")]
    jobs.batch(spark, command_line.arguments().parse_args(words), admission.Spec())
    want, found = engines.lake_rows(data / "lake"), engines.lake_rows(folder / "made")
    wrong, first = rows.differing(want, found, as_doubles=True)
    assert len(want) > 500, f"only {len(want)} windows"
    columns = [engines.columns(lake) for lake in (data / "lake", folder / "made")]
    return ([f"{wrong} rows differ: {first}"] if wrong else []) + ([f"columns: {columns}"] if columns[0] != columns[1] else [])


REFUSED = [  # words behind `batch`, a part of the message, which names the cure
    (["bars.jsonl"], "add --json FOLDER or --parquet FOLDER"),
    (["missing.jsonl", "--json", "out"], "cannot read missing.jsonl"),
    (["bars.jsonl", "--json", "there"], "remove it, or name another folder"),
    (["bars.jsonl", "--json", "out", "--late", "out"], "give each its own"),
    (["bars.zip", "--json", "out"], "unpack it, or pack it with gzip"),
    (["packed.jsonl", "--json", "out"], "rename it to packed.jsonl.gz"),
    (["bars.jsonl", "--input", "lake", "--parquet", "out", "--sort"], "leave it out"),
    (["bars.jsonl", "--json", "out", "--size", "90s", "--slide", "60s"], "take a size of 60s times a whole number"),
    (["bars.jsonl", "--json", "out", "--size", "5x"], "is no time like 90s"),
]


def refusals(folder):
    (folder / "there").mkdir()
    for name in ("bars.jsonl", "bars.zip"):
        (folder / name).touch()
    (folder / "packed.jsonl").write_bytes(b"\x1f\x8b\x08\x00")
    faults = []
    for words, cure in REFUSED:
        command = [sys.executable, "-m", "tidemark_spark", "batch", *words]
        done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": spark_batch.PATH}, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 2 or cure not in done.stderr:
            faults.append(f"{' '.join(words)}: code {done.returncode}, {done.stderr[-300:]!r} should say {cure!r}")
    return faults


def stream_on_3(folder):
    """The stream's jar is for Spark 4: on 3.5 the command line says so, instead of an error of Scala's."""
    command = [sys.executable, "-m", "tidemark_spark", "stream", "--kafka", "127.0.0.1:1", "--checkpoint", str(folder / "checkpoint")]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": spark_batch.PATH}, capture_output=True, text=True, timeout=300, check=False)
    right = done.returncode == 2 and "the stream runs on Spark 4.2, and this is 3." in done.stderr
    return [] if right else [f"code {done.returncode}, {done.stderr[-300:]!r}"]


def submitted(folder):
    """spark-submit with the package as a zip, as docs/spark.md has it, against the program's bytes."""
    market = folder / "market.jsonl"
    market.write_bytes(b"".join(record + b"\n" for record in hostile_records.records(7, 1_000)))
    with zipfile.ZipFile(folder / "tidemark_spark.zip", "w") as archive:
        for file in sorted((spark_batch.JOB / "tidemark_spark").glob("*.py")):
            archive.write(file, f"tidemark_spark/{file.name}")
    (folder / "run.py").write_text("import sys\nfrom tidemark_spark.command_line import main\nsys.exit(main())\n")
    import pyspark

    home = pathlib.Path(pyspark.__file__).parent
    command = [home / "bin/spark-submit", "--master", "local[2]", "--driver-memory", "1g", "--conf", "spark.ui.enabled=false",
               "--py-files", folder / "tidemark_spark.zip", folder / "run.py", "batch", market, "--json", folder / "submitted"]
    environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
    if done.returncode:
        return [f"spark-submit ended with {done.returncode}: {done.stderr[-800:]}"]
    found = b"".join(part.read_bytes() for part in sorted((folder / "submitted").glob("part-*")))
    want = subprocess.run([BINARY, "trends", market], capture_output=True, check=True).stdout
    return [] if found == want else [f"{len(found)} bytes, should be the program's {len(want)}"]


def tell(name, check, *arguments):
    if harness.is_chosen(name):
        harness.tell_faults(name, check(*arguments))


def main():
    """The cases on the Spark that is on the path; in the long form also on the newer one, in a process of its own."""
    newer = ROOT / ".deps/apart/pyspark-4"
    with tempfile.TemporaryDirectory(prefix="tidemark-parity-") as scratch:
        folder = pathlib.Path(scratch)
        tell("wrong words are refused with the cure", refusals, folder)
        if str(newer) not in os.environ.get("PYTHONPATH", ""):
            tell("the stream on Spark 3.5 is refused with the cure", stream_on_3, folder)
        spark = spark_batch.session(folder)
        on = f"Spark {spark.version}"
        without = {**INTERPRETED, "spark.sql.ansi.enabled": "false"}
        tell(f"{on}: every golden case, without ANSI, has the contract's lines", golden, spark, folder, without)
        seeds, length = (range(100, 130), 3_000) if FULL else (range(100, 104), 500)
        for name, ansi in [("with ANSI", "true"), ("without ANSI", "false")][: 2 if FULL else 1]:
            conf = {**COMPILED, "spark.sql.ansi.enabled": ansi}
            tell(f"{on}: hostile streams, {name}, have the reference's lines", streams, spark, folder, conf, seeds, length)
        tell(f"{on}: control records of a dump count as the contract says", control_records, spark, folder)
        tell(f"{on}: what the job cannot follow ends it with a sentence", unfollowed, spark, folder)
        for case in sorted(AS_FILES) if FULL else ["several-files"]:
            tell(f"{on}: the files of {case} have the contract's lines", as_files, spark, folder, GOLDEN / case)
        tell(f"{on}: the lake's bars give the lake's trends", from_lake, spark, folder)
        spark.stop()
        if FULL:
            tell(f"{on}: spark-submit writes the program's bytes", submitted, folder)
    if FULL and newer.exists() and str(newer) not in os.environ.get("PYTHONPATH", ""):
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-B", __file__], env={**os.environ, "PYTHONPATH": str(newer)}, check=False)
        sys.exit(done.returncode or harness.has_failed())


if __name__ == "__main__":
    if sys.argv[1:]:  # a word of the names of the cases to run
        harness.choose(sys.argv[1])
    main()
    harness.end()
