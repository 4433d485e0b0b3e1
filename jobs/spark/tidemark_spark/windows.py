"""The bars of each window, summed in whole numbers (contract 3.1, 3.3, 3.6, 4.1).

A bar counts in the windows that were open when it came. A later version of it counts instead in those that are still open then, so an accepted
bar leaves a window whose end lies above the watermark of its successor; its record still counts in the revision (4.6).
"""

from pyspark.sql import functions as f

from tidemark_spark.exact import MAX_BARS, UNIT, decimals

BASE = 10**7  # of the limbs of a close: three of them, whose products stay below 2 * 10**14
CLOSE = [f"(close div {BASE**2}L)", f"((close div {BASE}L) % {BASE}L)", f"(close % {BASE}L)"]


def of(high, low):
    """The limbs of base 10**9 of a number in two BIGINTs."""
    return [f"({high} div {UNIT}L)", f"({high} % {UNIT}L)", f"({low} div {UNIT}L)", f"({low} % {UNIT}L)"]


LIMBS = {
    **{f"c{2 - i}": text for i, text in enumerate(CLOSE)},
    **{f"v{3 - i}": text for i, text in enumerate(of("volume_high", "volume_low"))},
    **{f"p{3 - i}": text for i, text in enumerate(of("pct_change_high", "pct_change_low"))},
    "w1": f"(vwap div {UNIT}L)", "w0": f"(vwap % {UNIT}L)",
}
SQUARES = {  # the square of a close is q4 * BASE**4 + ... + q0
    "q4": "c2 * c2", "q3": "2 * c2 * c1", "q2": "2 * c2 * c0 + c1 * c1", "q1": "2 * c1 * c0", "q0": "c0 * c0",
}


def summed(admitted, spec, keep_open=False):
    """One row a window: n, the sums of LIMBS and SQUARES, extremes, places, feed and revision."""
    bars = admitted.where("verdict IN ('accepted', 'corrected')").selectExpr(
        "partition", "symbol", "close", "direction", "feed", "vwap", "watermark", "replaced_at", "last_end",
        *[f"{text} AS {name}" for name, text in LIMBS.items()],
        f"{decimals('close')} AS close_decimals",
        f"{decimals('volume_low')} AS volume_decimals",
    ).selectExpr("*", *[f"{text} AS {name}" for name, text in SQUARES.items()])
    every = f"sequence(last_end - {spec.size - spec.slide}L, last_end, {spec.slide}L)"
    in_windows = bars.withColumn("window_end", f.expr(f"explode(filter({every}, e -> e > watermark))"))
    counted = in_windows.withColumn("counts", f.expr("replaced_at IS NULL OR window_end <= replaced_at"))

    def where(aggregate, name):
        return f.expr(f"{aggregate} FILTER (WHERE counts) AS {name}")

    windows = counted.groupBy("partition", "symbol", "window_end").agg(
        f.count_if("counts").alias("n"), f.count("*").alias("revision"),
        *[where(f"sum({name})", name) for name in (*LIMBS, *SQUARES)],
        where("count(vwap)", "m"), where("max(close)", "highest"), where("min(close)", "lowest"), where("count_if(direction = 'up')", "up"),
        where("max(close_decimals)", "close_decimals"), where("max(volume_decimals)", "volume_decimals"),
        where("count(feed)", "feeds"), where("min(feed)", "first_feed"), where("max(feed)", "last_feed"),
    )
    if keep_open:
        passed = admitted.groupBy("partition").agg(f.max("watermark").alias("passed"))
        windows = windows.join(f.broadcast(passed), "partition").where("window_end <= passed")
    crowded = f"a window of ' || symbol || ' holds ' || n || ' bars, and this job sums at most {MAX_BARS:,} exactly: take a smaller --size, or tidemark trends"
    return windows.withColumn("n", f.expr(f"CASE WHEN n <= {MAX_BARS} THEN n ELSE raise_error('{crowded}') END"))
