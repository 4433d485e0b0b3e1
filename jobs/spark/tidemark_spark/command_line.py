"""The command line: python -m tidemark_spark batch …, python -m tidemark_spark stream …"""

import argparse
import json
import os
import re
import sys

INPUTS = ("lines", "dump", "lake")
EPILOG = """examples:
  python -m tidemark_spark batch bars.jsonl.gz --json trends
  python -m tidemark_spark batch --input dump topic.jsonl --parquet trends --rejects rejects --stats
  python -m tidemark_spark batch --input lake tidemark-data/lake/bars --parquet trends
  spark-submit --master 'local[4]' --py-files tidemark_spark.zip run.py batch bars.jsonl --json trends
"""
STREAM_EPILOG = """examples:
  python -m tidemark_spark stream --kafka localhost:9092 --checkpoint checkpoint --jar jobs/spark-stream/target/tidemark-spark-stream.jar
  spark-submit --jars tidemark-spark-stream.jar --py-files tidemark_spark.zip run.py stream --kafka HOST:9092 --checkpoint hdfs:///tidemark/checkpoint
"""


class Wrong(Exception):
    """Wrong usage; the text names the cure."""


def duration(text):
    match = re.fullmatch(r"([0-9]+)([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no time like 90s, 5m, 1h, 1d")
    return int(match[1]) * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[match[2]]


def arguments():
    parser = argparse.ArgumentParser(prog="tidemark_spark", description="Tidemark's trends on Apache Spark, digit for digit.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    batch = verbs.add_parser("batch", help="bars in files to final trends", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    batch.add_argument("files", nargs="+", metavar="FILE", help="what to read, in this order")
    batch.add_argument("--input", choices=INPUTS, default="lines", help="JSON lines; a dump of a Kafka topic; the folder of the lake's bars (default: lines)")
    add_windows(batch)
    batch.add_argument("--sort", action="store_true", help="take the records of all files in the order of their time")
    batch.add_argument("--keep-open", action="store_true", help="the end of the input closes no window")
    batch.add_argument("--json", metavar="FOLDER", help="write trends as JSON lines; the parts in order are the bytes of tidemark trends")
    batch.add_argument("--parquet", metavar="FOLDER", help="write trends as the lake's table stock_trends")
    batch.add_argument("--table", metavar="NAME", help="write trends as a new table of the Hive metastore (spark.hadoop.hive.metastore.uris)")
    batch.add_argument("--late", metavar="FOLDER", help="write the bars that came after all their windows had closed")
    batch.add_argument("--rejects", metavar="FOLDER", help="write the records that are no bars, with the reason")
    batch.add_argument("--stats", action="store_true", help="write the account to standard error, one line of JSON")
    batch.add_argument("--ansi", choices=("on", "off"), default="on", help="Spark's ANSI mode; the rows are the same (default: on)")
    add_stream(verbs)
    return parser


def add_windows(verb):
    verb.add_argument("--size", type=duration, default=300, metavar="TIME", help="length of a window (default: 5m)")
    verb.add_argument("--slide", type=duration, default=60, metavar="TIME", help="a window begins every so often (default: 1m)")
    verb.add_argument("--delay", type=duration, default=120, metavar="TIME", help="how long a window waits for bars out of order (default: 2m)")


def add_stream(verbs):
    stream = verbs.add_parser("stream", help="bars of a Kafka topic to trends of a Kafka topic", epilog=STREAM_EPILOG,
                              formatter_class=argparse.RawDescriptionHelpFormatter)
    stream.add_argument("--kafka", required=True, metavar="HOST:PORT[,…]", help="the brokers")
    stream.add_argument("--checkpoint", required=True, metavar="FOLDER", help="where Spark keeps offsets and state; all machines reach it")
    stream.add_argument("--jar", metavar="FILE", help="tidemark-spark-stream.jar, unless spark-submit has it with --jars; several with commas")
    add_windows(stream)
    stream.add_argument("--updates", choices=("on", "off"), default="on", help="rows of open windows at the end of each micro-batch (default: on)")
    stream.add_argument("--trigger", type=duration, default=1, metavar="TIME", help="the least time between two micro-batches (default: 1s)")
    stream.add_argument("--batch-records", type=int, default=50_000, metavar="N", help="most messages in a micro-batch (default: 50000)")
    stream.add_argument("--topic-prefix", default="", metavar="TEXT", help="before the names of all topics")
    stream.add_argument("--application", default="tidemark", metavar="NAME", help="named in dead letters (default: tidemark)")
    stream.add_argument("--kafka-config", metavar="FILE", help="properties of Kafka's clients, one NAME=VALUE a line")
    stream.add_argument("--once", action="store_true", help="end when all that is in the topic now is done")


MAGIC = {b"\x1f\x8b": "gzip", b"(\xb5\x2f\xfd": "Zstandard", b"PK\x03\x04": "ZIP"}


def check_packing(name):
    """Spark tells how a file is packed by its name, and would read a packed file under another name as rubbish."""
    first = b""
    if os.path.isfile(name):
        with open(name, "rb") as file:
            first = file.read(4)
    packing = next((packing for magic, packing in MAGIC.items() if first.startswith(magic)), None)
    if packing == "gzip" and not name.endswith(".gz"):
        raise Wrong(f"{name} is packed with gzip, which Spark tells by the name: rename it to {name}.gz")
    if name.endswith((".zip", ".zst")) or packing in ("ZIP", "Zstandard"):
        raise Wrong(f"{name} is packed in a way that Spark does not read: unpack it, or pack it with gzip")


def checked(options):
    outputs = [(f"--{name}", getattr(options, name)) for name in ("json", "parquet", "late", "rejects") if getattr(options, name)]
    if not options.json and not options.parquet and not options.table:
        raise Wrong("no trends would be written: add --json FOLDER or --parquet FOLDER or --table NAME")
    for flag, folder in outputs:
        if "://" not in folder and os.path.exists(folder):
            raise Wrong(f"{flag} {folder} exists: remove it, or name another folder; nothing is overwritten")
    folders = [folder.rstrip("/") for _, folder in outputs]
    if len(set(folders)) != len(folders):
        raise Wrong("two outputs have one folder: give each its own")
    for name in options.files:
        if "://" not in name and not os.path.exists(name):
            raise Wrong(f"cannot read {name}: there is no such file")
        check_packing(name)
    if options.input == "lake":
        refused = [flag for flag, given in (("--sort", options.sort), ("--keep-open", options.keep_open), ("--late", options.late),
                                            ("--rejects", options.rejects), ("--stats", options.stats)) if given]
        if refused:
            raise Wrong(f"{refused[0]} means nothing for the lake's bars, which are judged already: leave it out")
        if len(options.files) > 1:
            raise Wrong("--input lake reads one folder: that of the lake's bars")


def batch(options):
    from tidemark_spark import admission, jobs
    from tidemark_spark.session import open_session

    try:
        spec = admission.Spec(options.size, options.slide, options.delay)
    except ValueError as error:
        raise Wrong(str(error)) from None
    spark = open_session("tidemark batch", ansi=options.ansi == "on", hive=bool(options.table))
    if options.table and spark.catalog.tableExists(options.table):
        raise Wrong(f"--table {options.table} exists: drop it, or name another one; nothing is overwritten")
    counts = jobs.batch(spark, options, spec)
    if counts:
        sys.stderr.write(json.dumps(counts, separators=(",", ":")) + "\n")
    spark.stop()


def stream(options):
    import pyspark

    from tidemark_spark import stream as streaming
    from tidemark_spark.session import open_session

    if int(pyspark.__version__.split(".")[0]) < 4:  # the jar is for Scala 2.13
        raise Wrong(f"the stream runs on Spark 4.2, and this is {pyspark.__version__}: take PySpark 4.2, or the batch job")
    if options.trigger < 1 or options.batch_records < 1:
        raise Wrong("--trigger is at least 1s, --batch-records at least 1")
    if options.jar and "://" not in options.jar:
        missing = [name for name in options.jar.split(",") if not os.path.exists(name)]
        if missing:
            raise Wrong(f"cannot read {missing[0]}: there is no such file")
    spark = open_session("tidemark stream", jars=options.jar, ships=False)
    try:
        streaming.start(spark, options).awaitTermination()
    except streaming.Refused as refused:
        raise Wrong(str(refused)) from None
    finally:
        spark.stop()


def main(words=None):
    options = arguments().parse_args(words)
    try:
        if options.verb == "stream":
            stream(options)
        else:
            checked(options)
            batch(options)
    except Wrong as wrong:
        print(f"tidemark_spark: {wrong}", file=sys.stderr)
        return 2
    return 0
