-- Windows whose mean close was more than a twentieth of a percent away from their mean VWAP.
SELECT symbol, window_start, vwap_deviation_pct
FROM stock_trends
WHERE abs(vwap_deviation_pct) > 0.05
ORDER BY symbol, window_start;
