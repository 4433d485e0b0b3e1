"""The same windows as one DuckDB query over the JSON lines: batch, doubles, no late bars, no duplicates.

Usage: windows_duckdb.py FILE THREADS; prints the number of windows, and of all their bars."""

import sys

import duckdb

FIELDS = {
    **dict.fromkeys(["symbol", "direction"], "VARCHAR"),
    "timestamp": "TIMESTAMP",
    **dict.fromkeys(["open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change"], "DOUBLE"),
}

WINDOWS = """
CREATE TABLE windows AS
SELECT * REPLACE (round(avg_close, 4) AS avg_close, round(avg_vwap, 4) AS avg_vwap),
       max_close - min_close AS price_range, round((avg_close - avg_vwap) / avg_vwap * 100, 4) AS vwap_deviation_pct,
       CASE WHEN avg_close > min_close + 0.6 * (max_close - min_close) THEN 'BULLISH'
            WHEN avg_close < min_close + 0.4 * (max_close - min_close) THEN 'BEARISH' ELSE 'NEUTRAL' END AS trend_signal
FROM (
  SELECT symbol, window_start, avg(close) AS avg_close, max(close) AS max_close, min(close) AS min_close,
         round(avg(volume)) AS avg_volume, round(stddev_samp(close), 4) AS volatility, avg(vwap) AS avg_vwap,
         round(avg(pct_change), 4) AS avg_pct_change, avg((direction = 'up')::INT) AS buy_pressure, count(*) AS bar_count
  FROM (SELECT *, unnest(range(5)) AS back, time_bucket(INTERVAL 1 MINUTE, timestamp) - back * INTERVAL 1 MINUTE AS window_start
        FROM read_json(?, format = 'newline_delimited', columns = {columns}))
  GROUP BY symbol, window_start)
ORDER BY window_start, symbol
"""

file, threads = sys.argv[1:]
database = duckdb.connect(config={"threads": int(threads)})
database.execute(WINDOWS.replace("{columns}", repr(FIELDS)), [file])
print(*database.execute("SELECT count(*), sum(bar_count)::BIGINT FROM windows").fetchone())
