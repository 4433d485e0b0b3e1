"""The same windows as one Polars query over the JSON lines: batch, doubles, no late bars, no duplicates.

Usage: windows_polars.py FILE THREADS; prints the number of windows, and of all their bars."""

import os
import sys

file, threads = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads

import polars  # noqa: E402  (it reads the variable when it is imported)

col = polars.col
fields = dict.fromkeys(["open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change"], polars.Float64)
fields = {"symbol": polars.String, "timestamp": polars.String, **fields, "direction": polars.String}
bars = polars.read_ndjson(file, schema=fields).with_columns(col("timestamp").str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))
windows = (
    bars.sort("timestamp")
    .group_by_dynamic("timestamp", every="1m", period="5m", group_by="symbol", start_by="window", offset="-4m")
    .agg(
        avg_close=col("close").mean(),
        max_close=col("close").max(),
        min_close=col("close").min(),
        avg_volume=col("volume").mean().round(0),
        volatility=col("close").std().round(4),
        avg_vwap=col("vwap").mean(),
        avg_pct_change=col("pct_change").mean().round(4),
        buy_pressure=(col("direction") == "up").mean(),
        bar_count=polars.len(),
    )
    .with_columns(price_range=col("max_close") - col("min_close"))
    .with_columns(
        vwap_deviation_pct=((col("avg_close") - col("avg_vwap")) / col("avg_vwap") * 100).round(4),
        trend_signal=polars.when(col("avg_close") > col("min_close") + 0.6 * col("price_range"))
        .then(polars.lit("BULLISH"))
        .when(col("avg_close") < col("min_close") + 0.4 * col("price_range"))
        .then(polars.lit("BEARISH"))
        .otherwise(polars.lit("NEUTRAL")),
    )
    .with_columns(col("avg_close", "avg_vwap").round(4))
    .sort("timestamp", "symbol")
)
print(windows.height, windows["bar_count"].sum())
