"""The same windows as a Spark Structured Streaming job from topic to topic: doubles, no duplicates, no revision.

    spark_windows.py BOOTSTRAP IN OUT FOLDER JARS [--cores 2] [--partitions 2] [--heap 2g] [--bars-at-once N]

Reads bars from the beginning, and writes in update mode a row of each window that a batch has changed, keyed by symbol. FOLDER holds
checkpoints and state; JARS is the folder with Spark's Kafka connector. It runs until it is stopped. Implemented from contract/semantics.md
§3 and §4, and tuned: as many shuffle partitions as cores, a given schema, no user interface, only the needed columns.
"""

import argparse
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

BAR = "symbol STRING, timestamp TIMESTAMP, direction STRING, close DOUBLE, volume DOUBLE, vwap DOUBLE, pct_change DOUBLE"


def session(options):
    jars = ":".join(map(str, sorted(pathlib.Path(options.jars).glob("*.jar"))))
    settings = {
        "spark.driver.extraClassPath": jars,
        "spark.driver.memory": options.heap,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": options.partitions,
        "spark.sql.streaming.metricsEnabled": "false",
        "spark.sql.streaming.minBatchesToRetain": 2,
        "spark.local.dir": f"{options.folder}/local",
        "spark.sql.warehouse.dir": f"{options.folder}/warehouse",
    }
    building = SparkSession.builder.master(f"local[{options.cores}]").appName("windows")
    for name, value in settings.items():
        building = building.config(name, value)
    spark = building.getOrCreate()
    spark.sparkContext.setLogLevel("WARN")
    return spark


def bars(spark, options):
    stream = (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", options.bootstrap)
        .option("subscribe", options.source)
        .option("startingOffsets", "earliest")
    )
    if options.bars_at_once:
        stream = stream.option("maxOffsetsPerTrigger", options.bars_at_once)
    return stream.load().select(f.from_json(f.col("value").cast("string"), BAR).alias("bar")).select("bar.*")


def trends(bars):
    """§4 in doubles: all values come from unrounded ones and are rounded when written. The market's closes are in cents: 4 places."""
    windows = (
        bars.withWatermark("timestamp", "2 minutes")
        .groupBy("symbol", f.window("timestamp", "5 minutes", "1 minute"))
        .agg(
            f.avg("close").alias("close"),
            f.max("close").alias("max_close"),
            f.min("close").alias("min_close"),
            f.round(f.avg("volume")).cast("long").alias("avg_volume"),
            f.round(f.stddev_samp("close"), 4).alias("volatility"),
            f.avg("vwap").alias("vwap"),
            f.round(f.avg("pct_change"), 4).alias("avg_pct_change"),
            f.round(f.avg(f.when(f.col("direction") == "up", 1.0).otherwise(0.0)), 4).alias("buy_pressure"),
            f.count("*").alias("bar_count"),
        )
    )
    above_low, price_range = 10 * (f.col("close") - f.col("min_close")), f.col("max_close") - f.col("min_close")
    above, below = f.round(above_low - 6 * price_range, 9), f.round(above_low - 4 * price_range, 9)
    return (
        windows.withColumn("window_start", f.date_format("window.start", "yyyy-MM-dd HH:mm:ss"))
        .withColumn("window_end", f.date_format("window.end", "yyyy-MM-dd HH:mm:ss"))
        .withColumn("avg_close", f.round("close", 4))
        .withColumn("avg_vwap", f.round("vwap", 4))
        .withColumn("price_range", f.round(price_range, 4))
        .withColumn("vwap_deviation_pct", f.round((f.col("close") - f.col("vwap")) / f.col("vwap") * 100, 4))
        .withColumn("trend_signal", f.when(above > 0, "BULLISH").when(below < 0, "BEARISH").otherwise("NEUTRAL"))
        .withColumn("status", f.lit("update"))
        .drop("window", "close", "vwap")
    )


def main():
    parser = argparse.ArgumentParser()
    for name in ("bootstrap", "source", "sink", "folder", "jars"):
        parser.add_argument(name)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--partitions", type=int, default=2, help="of the shuffle; Spark's own default is 200")
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--bars-at-once", type=int, help="at most so many in a batch; unless told all that there are")
    options = parser.parse_args()
    spark = session(options)
    rows = trends(bars(spark, options))
    ordered = ["symbol", "window_start", "window_end", *[name for name in rows.columns if name not in ("symbol", "window_start", "window_end")]]
    (
        rows.select(f.col("symbol").alias("key"), f.to_json(f.struct(*ordered), {"ignoreNullFields": "false"}).alias("value"))
        .writeStream.format("kafka")
        .option("kafka.bootstrap.servers", options.bootstrap)
        .option("topic", options.sink)
        .option("checkpointLocation", f"{options.folder}/checkpoint")
        .outputMode("update")
        .start()
        .awaitTermination()
    )


main()
