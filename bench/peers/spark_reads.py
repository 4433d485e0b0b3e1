"""Spark's Kafka source reads the topics as Tidemark writes them: one row a record, heartbeats with a null value, JSON of bars and trends.

    spark_reads.py BOOTSTRAP JARS      prints the counts as one JSON object
"""

import json
import pathlib
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

TREND = "symbol STRING, window_start STRING, avg_close DECIMAL(19,9), bar_count BIGINT, trend_signal STRING, status STRING"
BAR = "symbol STRING, timestamp STRING, close DECIMAL(18,9)"


def rows(spark, bootstrap, topic):
    read = spark.read.format("kafka").option("kafka.bootstrap.servers", bootstrap).option("subscribe", topic)
    return read.option("kafka.isolation.level", "read_committed").load()


def main():
    bootstrap, jars = sys.argv[1:]
    paths = ":".join(map(str, sorted(pathlib.Path(jars).glob("*.jar"))))
    building = SparkSession.builder.master("local[2]").appName("reads").config("spark.ui.enabled", "false")
    building = building.config("spark.driver.extraClassPath", paths).config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    spark = building.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    bars = rows(spark, bootstrap, "alpaca_trends")
    whole = bars.where("value is not null").select(f.from_json(f.col("value").cast("string"), BAR).alias("bar"), f.col("key").cast("string").alias("key"))
    trends = rows(spark, bootstrap, "alpaca_trend_results").select(f.from_json(f.col("value").cast("string"), TREND).alias("trend")).select("trend.*")
    found = {
        "heartbeats": bars.where("value is null").count(),
        "bars": whole.where("bar.symbol = key and bar.close > 0").count(),
        "finals": trends.where("status = 'final'").count(),
        "windows": trends.where("status = 'final'").select("symbol", "window_start").distinct().count(),
        "updates": trends.where("status = 'update'").count(),
        "close": str(trends.where("status = 'final'").agg(f.sum("avg_close")).first()[0]),
    }
    print(json.dumps(found))


main()
