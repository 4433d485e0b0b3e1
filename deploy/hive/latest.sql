-- The newest final window of each symbol.
SELECT symbol, window_start, window_end, avg_close, trend_signal
FROM (SELECT symbol, window_start, window_end, avg_close, trend_signal,
             row_number() OVER (PARTITION BY symbol ORDER BY window_start DESC) AS age
      FROM stock_trends) windows
WHERE age = 1
ORDER BY symbol;
