"""The lake's bars as what `windows` sums: the latest version of each bar, nothing late (contract 6.1 to 6.4)."""

from pyspark.sql import Window
from pyspark.sql import functions as f

from tidemark_spark.admission import FLOOR_SECONDS
from tidemark_spark.exact import UNIT, wide


def bars(spark, folder, spec):
    """As `admission.admitted` gives them: verdict `accepted`, below every watermark."""
    read = spark.read.parquet(folder)
    if "imported" not in read.columns:  # of contract 1
        read = read.withColumn("imported", f.lit(0).cast("long"))
    newest = Window.partitionBy("symbol", "timestamp_ns").orderBy(f.col("position").desc(), f.coalesce("imported", f.lit(0)).desc())
    latest = read.repartition("symbol").withColumn("rank", f.row_number().over(newest)).where("rank = 1")
    timed = latest.withColumn("time", f.col("timestamp_ns")).withColumn("seconds", f.expr(FLOOR_SECONDS))
    return timed.selectExpr(
        "0 AS partition", "symbol", f"{units('close', 19)} AS close", f"nullif({units('vwap', 19)}, 0L) AS vwap", "direction", "feed",
        *halves("volume"), *halves("pct_change"), f"seconds - pmod(seconds, {spec.slide}L) + {spec.size}L AS last_end",
        "CAST(-9223372036854775808 AS BIGINT) AS watermark", "CAST(NULL AS BIGINT) AS replaced_at", "'accepted' AS verdict",
    )


def units(name, precision):
    return f"CAST(CAST({name} AS DECIMAL({precision}, 9)) * CAST({UNIT} AS DECIMAL(10, 0)) AS BIGINT)"


def halves(name):
    """A DECIMAL(38, 9) of up to 27 digits before its point as high * 10**18 + low units (judging.halves)."""
    sign, size = f"CASE WHEN {name} < 0 THEN -1L ELSE 1L END", f"CAST(abs({name}) AS DECIMAL(36, 9))"
    whole = wide(f"floor({size})")
    part = f"CAST(CAST({size} - CAST(floor({size}) AS DECIMAL(36, 9)) AS DECIMAL(10, 9)) * CAST({UNIT} AS DECIMAL(10, 0)) AS BIGINT)"
    return (f"{sign} * CAST({whole} div {wide(UNIT)} AS BIGINT) AS {name}_high",
            f"{sign} * (CAST({whole} % {wide(UNIT)} AS BIGINT) * {UNIT}L + {part}) AS {name}_low")
