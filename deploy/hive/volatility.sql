-- The mean volatility of each symbol; windows of a single bar have none.
SELECT symbol, count(volatility) AS windows, avg(volatility) AS mean_volatility
FROM stock_trends
GROUP BY symbol
ORDER BY symbol;
