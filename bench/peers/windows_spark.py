"""The same windows as one Spark batch over the JSON lines: doubles, no late bars, no duplicates.

Usage: windows_spark.py FILE THREADS; prints the number of windows, and of all their bars."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

file, threads = sys.argv[1:]
spark = SparkSession.builder.master(f"local[{threads}]").config("spark.sql.shuffle.partitions", threads).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "UTC")
numbers = ["open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change"]
schema = "symbol STRING, timestamp TIMESTAMP, direction STRING, " + ", ".join(f"{name} DOUBLE" for name in numbers)
windows = (
    spark.read.schema(schema)
    .json(file)
    .groupBy("symbol", f.window("timestamp", "5 minutes", "1 minute"))
    .agg(
        f.round(f.avg("close"), 4).alias("avg_close"),
        f.max("close").alias("max_close"),
        f.min("close").alias("min_close"),
        f.round(f.avg("volume")).alias("avg_volume"),
        f.round(f.stddev("close"), 4).alias("volatility"),
        f.round(f.avg("vwap"), 4).alias("avg_vwap"),
        f.round(f.avg("pct_change"), 4).alias("avg_pct_change"),
        f.avg(f.when(f.col("direction") == "up", 1).otherwise(0)).alias("buy_pressure"),
        f.count("*").alias("bar_count"),
    )
    .withColumn("price_range", f.col("max_close") - f.col("min_close"))
    .orderBy("window", "symbol")
)
rows = windows.collect()
print(len(rows), sum(row.bar_count for row in rows))

# Ends the Java process and waits for it, so that its CPU seconds count.
gateway = spark.sparkContext._gateway
spark.stop()
gateway.shutdown()
gateway.proc.stdin.close()
gateway.proc.wait()
