"""Writes results: trends as JSON lines, as the lake's Parquet table or as a table of a metastore; late bars, dead letters."""

from functools import reduce

from pyspark.sql import functions as f

from tidemark_spark import judging
from tidemark_spark.trends import COLUMNS, TEXTS, WHOLE

SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quoted(name):
    """A string in the contract's JSON (2.10)."""
    control = [chr(code) for code in range(32)]
    escapes = {"\\": "\\\\"} | {c: SHORT.get(c) or f"\\u{ord(c):04x}" for c in control} | {'"': '\\"'}
    text = f.col(name)
    special = reduce(lambda done, pair: f.replace(done, f.lit(pair[0]), f.lit(pair[1])), escapes.items(), text)
    return f.concat(f.lit('"'), f.when(text.rlike('[\\x00-\\x1f"\\\\]'), special).otherwise(text), f.lit('"'))


def line_of():
    """A trend's JSON line (contract 4)."""
    parts = []
    for number, name in enumerate(COLUMNS):
        before = f'{"," if number else "{"}"{name}":'
        if name == "revision":
            before = ',"status":"final"' + before
        value = quoted(name) if name in TEXTS else f.col(name)
        parts += [f.lit(before), f.coalesce(value, f.lit("null"))]
    return f.concat(*parts, f.lit("}")).alias("value")


def write_json(trends, folder):
    """Sorted as the contract orders finals (3.13): the parts one after the other are the file that tidemark trends writes."""
    trends.orderBy("ends", "symbol").select(line_of()).write.option("lineSep", "\n").text(folder)


def table_of(trends):
    """The columns and types of the lake's table stock_trends (docs/lake.md), and its days as `dt`."""
    typed = [f.col(name) if name in TEXTS else f.col(name).cast("long" if name in WHOLE else "double").alias(name) for name in COLUMNS]
    table = trends.select(*typed, f.left("window_start", f.lit(10)).alias("dt"))
    return table.repartition("dt").sortWithinPartitions("dt", "symbol", "window_start")


def write_parquet(trends, folder):
    """In folders dt=DATE."""
    table_of(trends).write.partitionBy("dt").option("compression", "zstd").parquet(folder)


def write_table(trends, name):
    """A new table of the metastore in Parquet, by dt, which Hive, Spark and Trino read. An error if it exists."""
    trends.sparkSession.sql("SET hive.exec.dynamic.partition.mode = nonstrict")
    table_of(trends).write.format("hive").option("fileFormat", "parquet").partitionBy("dt").saveAsTable(name)


def late(admitted):
    """Late bars as they came (3.5), as `value`."""
    return admitted.where("verdict = 'late'").select("partition", "place", f.col("record").cast("string").alias("value"))


def rejects(admitted):
    """Dead letters (2.8), as `value`."""
    letter = f.udf(judging.dead_letter, "string", useArrow=False)
    rejected = admitted.where("verdict = 'rejected'")
    return rejected.select("partition", "place", letter("reason", "field", "source", "position", "record").alias("value"))


def write_lines(rows, folder):
    """`late` or `rejects`, in the order in which the records came."""
    rows.orderBy("partition", "place").select("value").write.option("lineSep", "\n").text(folder)
