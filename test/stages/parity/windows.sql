-- The contract's common case as SQL of DuckDB: flat bars in plain notation and heartbeats, judged, admitted and summed in whole numbers.
--
-- $size, $slide, $delay are seconds. Numbers are read from the line's text, because read_json makes doubles of them. Sums are HUGEINT (128 bits): where
-- they overflow the query ends with an error, and never with another digit. What it does not follow stands in docs/parity.md.

CREATE MACRO text_of(line, name) AS regexp_extract(line, '"' || name || '"\s*:\s*"([^"\\]*)"', 1);
CREATE MACRO number_of(line, name) AS TRY_CAST(nullif(regexp_extract(line, '"' || name || '"\s*:\s*(-?[0-9]+(\.[0-9]+)?)\s*[,}]', 1), '') AS DECIMAL(38, 9));
CREATE MACRO units(x) AS (trunc(x)::HUGEINT * 1000000000 + ((x - trunc(x)) * 1000000000)::BIGINT);
CREATE MACRO power(k) AS [1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000][k + 1]::HUGEINT;
CREATE MACRO sign_of(x) AS CASE WHEN x < 0 THEN -1 ELSE 1 END;
-- Half away from zero; the divisor is positive.
CREATE MACRO rounded(over, under) AS sign_of(over) * ((2 * abs(over) + under) // (2 * under));
CREATE MACRO decimals(u) AS CASE WHEN u % 1000000000 = 0 THEN 0 WHEN u % 100000000 = 0 THEN 1 WHEN u % 10000000 = 0 THEN 2 WHEN u % 1000000 = 0 THEN 3
    WHEN u % 100000 = 0 THEN 4 WHEN u % 10000 = 0 THEN 5 WHEN u % 1000 = 0 THEN 6 WHEN u % 100 = 0 THEN 7 WHEN u % 10 = 0 THEN 8 ELSE 9 END;
CREATE MACRO written(k, p) AS CASE WHEN k IS NULL THEN 'null' ELSE (CASE WHEN k < 0 THEN '-' ELSE '' END) || (abs(k) // power(p))::VARCHAR
    || CASE WHEN p = 0 THEN '' ELSE '.' || lpad((abs(k) % power(p))::VARCHAR, p::INTEGER, '0') END END;
CREATE MACRO quoted(t) AS CASE WHEN t IS NULL THEN 'null' ELSE '"' || t || '"' END;
CREATE MACRO time_text(seconds) AS strftime(make_timestamp((seconds * 1000000)::BIGINT), '%Y-%m-%d %H:%M:%S');

-- Lines in their order. A field that is null or missing is NULL, and so is one that is no plain number or text.
CREATE TEMP TABLE said AS
SELECT row_number() OVER () AS number_of_line, *,
    epoch_us(TRY_CAST(replace(substr(stamp, 1, 19), ' ', 'T') AS TIMESTAMP)) * 1000 + rpad(regexp_extract(stamp, '\.([0-9]{1,9})', 1), 9, '0')::BIGINT AS time
FROM (
    SELECT coalesce(nullif(text_of(line, 'heartbeat'), ''), text_of(line, 'timestamp')) AS stamp, contains(line, '"heartbeat"') AS is_heartbeat,
        text_of(line, 'symbol') AS symbol, units(number_of(line, 'open')) AS open, units(number_of(line, 'high')) AS high, units(number_of(line, 'low')) AS low,
        units(number_of(line, 'close')) AS close, units(number_of(line, 'volume')) AS volume, nullif(units(number_of(line, 'vwap')), 0) AS vwap,
        units(number_of(line, 'price_change')) AS price_change, units(number_of(line, 'pct_change')) AS pct_change,
        nullif(text_of(line, 'direction'), '') AS direction, number_of(line, 'trade_count')::HUGEINT AS trade_count,
        CASE WHEN regexp_matches(line, '"feed"\s*:\s*"') THEN text_of(line, 'feed') END AS feed
    FROM read_csv($file, header = false, auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '',
                  max_line_size = 1000000)
    WHERE trim(line, ' ' || chr(9) || chr(13)) <> '');

CREATE TEMP TABLE good AS
SELECT * REPLACE (
    coalesce(price_change, CASE WHEN NOT is_heartbeat THEN rounded(close - open, 100000) * 100000 END) AS price_change,
    coalesce(pct_change, CASE WHEN NOT is_heartbeat THEN rounded((close - open) * 1000000, open) * 100000 END) AS pct_change,
    coalesce(direction, CASE WHEN close > open THEN 'up' WHEN close < open THEN 'down' ELSE 'flat' END) AS direction)
FROM said
WHERE time IS NOT NULL AND (is_heartbeat OR (symbol <> '' AND open > 0 AND low > 0 AND high >= low AND low <= open AND open <= high AND low <= close
    AND close <= high AND volume >= 0 AND volume < 1000000000000000000000000000));

-- 3.2, 3.11: the watermark at a record, which a bar more than an hour ahead of the last heartbeat does not move.
CREATE TEMP TABLE judged AS
WITH known AS (SELECT *, max(CASE WHEN is_heartbeat THEN time END) OVER (ORDER BY number_of_line ROWS UNBOUNDED PRECEDING) AS heartbeat FROM good),
     kept AS (SELECT *, time - (time % 1000000000 + 1000000000) % 1000000000 AS second FROM known
              WHERE is_heartbeat OR heartbeat IS NULL OR time <= heartbeat + 3600000000000)
SELECT *, max(time) OVER (ORDER BY number_of_line ROWS UNBOUNDED PRECEDING) - $delay * 1000000000 AS watermark,
    (second // 1000000000 - ((second // 1000000000) % $slide + $slide) % $slide + $size) * 1000000000 AS last_end
FROM kept;

-- 3.5, 3.6: not late, and another than the one of its identity before it.
CREATE TEMP TABLE versions AS
WITH counted AS (SELECT *, row(open, high, low, close, volume, vwap, price_change, pct_change, direction, trade_count, feed) AS content
                 FROM judged WHERE NOT is_heartbeat AND last_end > watermark),
     compared AS (SELECT *, lag(content) OVER identity AS before, row_number() OVER identity AS number FROM counted
                  WINDOW identity AS (PARTITION BY symbol, time ORDER BY number_of_line))
SELECT * EXCLUDE (content, before, number), lead(watermark) OVER (PARTITION BY symbol, time ORDER BY number_of_line) AS replaced_at
FROM compared WHERE number = 1 OR content IS DISTINCT FROM before;

-- 3.1, 3.3, 3.8: the windows that were open when it came; there it counts until another version replaced it.
CREATE TEMP TABLE sums AS
WITH placed AS (SELECT *, unnest(range(last_end - ($size - $slide) * 1000000000, last_end + 1, $slide * 1000000000)) AS ends FROM versions),
     open_ones AS (SELECT *, (replaced_at IS NULL OR ends <= replaced_at) AS counts FROM placed WHERE ends > watermark)
SELECT symbol, ends, count(*) AS revision, count(*) FILTER (counts)::HUGEINT AS n, sum(close) FILTER (counts) AS closes, max(close) FILTER (counts) AS highest,
    min(close) FILTER (counts) AS lowest, sum(close * close) FILTER (counts) AS squares, sum(volume) FILTER (counts) AS volumes,
    count(vwap) FILTER (counts)::HUGEINT AS m, sum(vwap) FILTER (counts) AS vwaps, sum(pct_change) FILTER (counts) AS changes,
    count(*) FILTER (counts AND direction = 'up')::HUGEINT AS up, max(decimals(close)) FILTER (counts) AS close_decimals,
    max(decimals(volume)) FILTER (counts) AS v, count(feed) FILTER (counts) AS feeds, min(feed) FILTER (counts) AS first_feed,
    max(feed) FILTER (counts) AS last_feed
FROM open_ones GROUP BY symbol, ends;

CREATE TEMP TABLE trends AS
WITH units AS (SELECT *, least(9, greatest(4, 2 + close_decimals)) AS p FROM sums),
     spread AS (SELECT *, power(9 - p) AS u, power(9 - v) AS uv, n * squares - closes * closes AS over, n * (n - 1) AS pairs FROM units),
     guessed AS (SELECT *, CASE WHEN n > 1 THEN round(sqrt(over::DOUBLE / pairs::DOUBLE) / u::DOUBLE)::HUGEINT END AS k FROM spread),
     -- 4.3: the double gives a candidate, whole numbers prove it or move it by one.
     proven AS (SELECT *, CASE WHEN 4 * over >= (2 * k + 1) * (2 * k + 1) * u * u * pairs THEN k + 1
                               WHEN k > 0 AND 4 * over < (2 * k - 1) * (2 * k - 1) * u * u * pairs THEN k - 1 ELSE k END AS volatility FROM guessed)
SELECT *, rounded(closes, n * u) AS avg_close, rounded(volumes, n * uv) AS avg_volume, CASE WHEN m > 0 THEN rounded(vwaps, m * u) END AS avg_vwap,
    rounded(changes, n * 100000) AS avg_pct_change, rounded(up * 10000, n) AS buy_pressure,
    CASE WHEN m > 0 AND vwaps <> 0 THEN rounded(sign_of(vwaps) * (m * closes - n * vwaps) * 1000000, n * abs(vwaps)) END AS deviation,
    CASE WHEN 10 * (closes - n * lowest) > 6 * n * (highest - lowest) THEN 'BULLISH'
         WHEN 10 * (closes - n * lowest) < 4 * n * (highest - lowest) THEN 'BEARISH' ELSE 'NEUTRAL' END AS signal
FROM proven;

COPY (
    SELECT '{"symbol":"' || symbol || '","window_start":"' || time_text(ends // 1000000000 - $size) || '","window_end":"' || time_text(ends // 1000000000)
        || '","avg_close":' || written(avg_close, p) || ',"max_close":' || written(highest // u, p) || ',"min_close":' || written(lowest // u, p)
        || ',"avg_volume":' || written(avg_volume, v) || ',"volatility":' || written(volatility, p) || ',"avg_vwap":' || written(avg_vwap, p)
        || ',"avg_pct_change":' || written(avg_pct_change, 4) || ',"buy_pressure":' || written(buy_pressure, 4) || ',"bar_count":' || n
        || ',"price_range":' || written((highest - lowest) // u, p) || ',"vwap_deviation_pct":' || written(deviation, 4) || ',"trend_signal":"' || signal
        || '","status":"final","revision":' || revision || ',"feed":' || quoted(CASE WHEN feeds = n AND first_feed = last_feed THEN first_feed END) || '}'
    FROM trends
) TO $output (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01');
