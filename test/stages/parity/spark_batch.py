"""Spark's answers to many small inputs at once: each is a partition of one dump, so one job answers all of them."""

import argparse
import base64
import collections
import functools
import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
JOB = ROOT / "jobs/spark"
PATH = os.pathsep.join(filter(None, (str(JOB), os.environ.get("PYTHONPATH"))))


def session(folder):
    """A small Spark on this machine."""
    sys.path.insert(0, str(JOB))
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.memory": "1g", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "2", "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # short work
        "spark.sql.session.timeZone": "America/St_Johns",  # no result may depend on it
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    from tidemark_spark.session import ship_package

    ship_package(spark)
    return spark


def write_dump(path, inputs):
    """`inputs`: lists of records (bytes), one a partition. The offset is the line's number, from 1; a control record is a dict of headers."""
    with open(path, "w") as file:
        for partition, records in enumerate(inputs):
            for offset, record in enumerate(records, start=1):
                message = {"topic": "arrivals.jsonl", "partition": partition, "offset": offset, "timestamp": 1_735_828_200_000, "key": None}
                if isinstance(record, dict):
                    message |= {"value": None, "headers": record}
                else:
                    message["value_base64"] = base64.b64encode(record).decode()
                file.write(json.dumps(message) + "\n")


Answer = collections.namedtuple("Answer", "trends late rejects stats")


def options_of(files, **given):
    plain = {"input": "dump", "size": 300, "slide": 60, "delay": 120, "sort": False, "keep_open": False}
    return argparse.Namespace(files=[str(file) for file in files], **(plain | given))


def answers(spark, options, count):
    """An Answer for each partition, as lines of text."""
    from pyspark.sql import functions as f

    from tidemark_spark import admission, jobs, results, trends, windows
    from tidemark_spark.session import NEEDED

    for key, value in NEEDED.items():
        if key not in options:
            spark.conf.set(key, value)
    for key in getattr(options, "conf", {}):
        spark.conf.set(key, options.conf[key])
    spec = admission.Spec(options.size, options.slide, options.delay)
    admitted = jobs.judged_bars(spark, options, spec).persist()
    final = trends.trends(windows.summed(admitted, spec, options.keep_open), spec)
    parts = [  # one job for all
        final.select("partition", f.lit("trends").alias("kind"), f.col("ends").alias("place"), "symbol", results.line_of()),
        results.late(admitted).select("partition", f.lit("late"), "place", f.lit(""), "value"),
        results.rejects(admitted).select("partition", f.lit("rejects"), "place", f.lit(""), "value"),
        admitted.where("verdict IS NOT NULL").groupBy("partition", "verdict").count().selectExpr("partition", "verdict", "count", "''", "''"),
    ]
    rows = sorted(functools.reduce(lambda a, b: a.union(b), parts).collect(), key=lambda row: row[:4])
    admitted.unpersist()
    found = [Answer([], [], [], dict.fromkeys(("read", "accepted", "duplicate", "corrected", "late", "rejected"), 0)) for _ in range(count)]
    for partition, kind, place, _, value in rows:
        if value:
            getattr(found[partition], kind).append(value)
        else:
            found[partition].stats[kind] = place
            found[partition].stats["read"] += place
    return found


def differences(name, wanted, found):
    """A text for each of the four outputs that differs, with its first differing line."""
    faults = []
    for part in ("trends", "late", "rejects"):
        want, got = getattr(wanted, part), getattr(found, part)
        if want == got:
            continue
        at = next((i for i, pair in enumerate(zip(want, got)) if pair[0] != pair[1]), min(len(want), len(got)))
        faults.append(f"{name}: {part}, line {at + 1} of {len(want)} (Spark has {len(got)})")
        faults += [f"  {who}: {(lines[at] if at < len(lines) else '(nothing)')[:700]}" for who, lines in (("contract", want), ("Spark", got))]
    if wanted.stats != found.stats:
        faults.append(f"{name}: the account is {found.stats}, should be {wanted.stats}")
    return faults
