-- How many windows the lake has of each symbol.
SELECT symbol, count(*) AS windows, min(window_start) AS first_window, max(window_end) AS last_end
FROM stock_trends
GROUP BY symbol
ORDER BY symbol;
