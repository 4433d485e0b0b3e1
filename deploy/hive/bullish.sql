-- How many windows of each symbol were bullish in the last hour, counted back from the newest window of all.
SELECT symbol, count(*) AS bullish_windows, round(avg(avg_close), 4) AS mean_close
FROM (SELECT symbol, window_start, avg_close, trend_signal, max(window_end) OVER () AS newest
      FROM stock_trends) windows
WHERE trend_signal = 'BULLISH' AND unix_timestamp(window_start) >= unix_timestamp(newest) - 3600
GROUP BY symbol
ORDER BY symbol;
