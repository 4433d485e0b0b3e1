"""Each record judged: a bar, a heartbeat, or the reason why it is neither (contract 1.3 to 2.7).

SQL judges regular records: a flat object of known fields in plain notation, which is nearly every record. Python judges the others
(judging.py). What is regular is told by one regular expression, so no record is judged twice, and Python is idle where all are regular.
"""

from pyspark.sql import functions as f
from pyspark.sql import types as t

from tidemark_spark import judging
from tidemark_spark.exact import UNIT, wide

TEXT = {"kind", "reason", "field", "symbol", "direction", "feed"}
JUDGED = t.StructType([t.StructField(name, t.StringType() if name in TEXT else t.LongType()) for name in judging.FIELDS])
PRICES = ("open", "high", "low", "close")


def pattern():
    """A regular record. Numbers are short enough to be read as DECIMAL(18, 9), volumes as DECIMAL(28, 9)."""
    space, string = r"[ \t\r]*+", r'"[ !#-\[\]-~]*+"'
    number = r"-?+(?:0|[1-9][0-9]{0,7}+)(?:\.[0-9]{1,40}+)?+"
    volume = r"-?+(?:0|[1-9][0-9]{0,16}+)(?:\.[0-9]{1,40}+)?+"
    kinds = {
        "symbol|timestamp": string, "open|high|low|close": number, "volume": volume, "vwap|price_change|pct_change": f"(?:{number}|null)",
        "trade_count": "(?:[0-9]|[1-9][0-9]{1,17}+|null)", "direction|feed|ingested_at": f"(?:{string}|null)",
    }
    member = "(?:" + "|".join(f'"(?:{names})"{space}:{space}{value}' for names, value in kinds.items()) + ")"
    return rf"\A{space}\{{{space}{member}(?:{space},{space}{member}){{0,13}}+{space}\}}{space}\z"


SCHEMA = (
    "symbol STRING, timestamp STRING, open DECIMAL(18,9), high DECIMAL(18,9), low DECIMAL(18,9), close DECIMAL(18,9), volume DECIMAL(28,9), "
    "vwap DECIMAL(18,9), price_change DECIMAL(18,9), pct_change DECIMAL(18,9), direction STRING, trade_count BIGINT, feed STRING"
)
TIME = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\z"


def judged(records):
    """The records with the fields of judging.FIELDS behind the columns of the source. Blank records are of kind `blank` (1.2)."""
    text = f.when(f.length("record") <= 2_000, f.col("record").cast("string"))
    sorted_ = records.withColumn("text", text).withColumn("regular", f.coalesce(regular(f.col("text")), f.lit(False)))
    return by_sql(sorted_.where("regular")).unionByName(by_python(sorted_.where("NOT regular")))


def regular(text):
    return text.rlike(pattern()) & (f.size(f.json_object_keys(text)) == f.size(f.array_distinct(f.json_object_keys(text))))


# ---- irregular records


def by_python(records):
    judge = f.udf(judging.judge, JUDGED, useArrow=False)
    kind = (
        f.when(f.col("record").isNull(), f.coalesce("control", f.lit("blank")))
        .when(f.col("record").cast("string").rlike(r"\A[ \t\r]*+\z"), "blank")
        .otherwise(f.col("judged.kind"))
    )
    fields = [f.col(f"judged.{name}").alias(name) for name in judging.FIELDS if name not in ("kind", "time")]
    time = f.when(f.col("control") == "heartbeat", f.col("number")).otherwise(f.col("judged.time"))
    return records.withColumn("judged", judge(f.coalesce("record", f.lit(b"")))).select(
        *kept(records), kind.alias("kind"), time.alias("time"), *fields)


def kept(records):
    return [name for name in records.columns if name not in ("text", "regular")]


# ---- regular records


def by_sql(records):
    parsed = records.withColumn("j", f.from_json("text", SCHEMA))
    units = {name: units_of(name) for name in (*PRICES, "vwap", "price_change", "pct_change")}
    whole = f.expr("CAST(floor(abs(j.volume)) AS DECIMAL(19, 0))")
    read = parsed.select(
        *kept(records), "j.symbol", "j.direction", "j.trade_count", "j.feed", time_of().alias("time"),
        f.col("j.timestamp").isNull().alias("timeless"), *[value.alias(name) for name, value in units.items()],
        (f.col("j.volume") < 0).alias("negative_volume"), whole.alias("volume_whole"),
        f.expr(f"CAST(CAST(abs(j.volume) - floor(abs(j.volume)) AS DECIMAL(10, 9)) * {UNIT}L AS BIGINT)").alias("volume_part"),
    )
    derived = read.withColumns({"reason_field": reason(), "vwap": f.expr("nullif(vwap, 0L)")})
    return derived.selectExpr(
        *kept(records), "CASE WHEN reason_field IS NULL THEN 'bar' ELSE 'reject' END AS kind",
        "split(reason_field, ' ')[0] AS reason", "split(reason_field, ' ')[1] AS field", "symbol", "time", *PRICES,
        f"CAST(volume_whole div {UNIT}L AS BIGINT) AS volume_high", f"CAST(volume_whole % {UNIT}L AS BIGINT) * {UNIT}L + volume_part AS volume_low", "vwap",
        "0L AS price_change_high", "coalesce(price_change, CASE WHEN reason_field IS NULL THEN " + derived_change() + " END) AS price_change_low",
        "CASE WHEN pct_change IS NOT NULL OR reason_field IS NOT NULL THEN 0L ELSE " + derived_percent("high") + " END AS pct_change_high",
        "CASE WHEN pct_change IS NOT NULL THEN pct_change WHEN reason_field IS NULL THEN " + derived_percent("low") + " END AS pct_change_low",
        "coalesce(direction, CASE WHEN close > open THEN 'up' WHEN close < open THEN 'down' ELSE 'flat' END) AS direction", "trade_count", "feed",
    )


def units_of(name):
    return f.expr(f"CAST(j.{name} * CAST({UNIT} AS DECIMAL(10, 0)) AS BIGINT)")


def time_of():
    """2.3: nanoseconds since 1970, or NULL."""
    s = "j.timestamp"
    day = f"unix_date(try_cast(left({s}, 10) AS DATE))"
    two = lambda at: f"CAST(substring({s}, {at}, 2) AS BIGINT)"  # noqa: E731
    fine = f"left({s}, 4) BETWEEN '1970' AND '2261' AND substring({s}, 12, 2) <= '23' AND substring({s}, 15, 2) <= '59' AND substring({s}, 18, 2) <= '59'"
    part = f"CASE WHEN substring({s}, 20, 1) = '.' THEN CAST(rpad(regexp_extract({s}, '[.]([0-9]+)', 1), 9, '0') AS BIGINT) ELSE 0L END"
    zone = f"replace(regexp_extract({s}, '[+-][0-9]{{2}}:?[0-9]{{2}}$', 0), ':', '')"
    offset = f"(CAST(substring({zone}, 2, 2) AS BIGINT) * 60 + CAST(substring({zone}, 4, 2) AS BIGINT)) * CASE WHEN left({zone}, 1) = '-' THEN -60 ELSE 60 END"
    zoned = f"length({s}) > 20 AND right({s}, 1) <> 'Z' AND substring({s}, 20) RLIKE '[+-]'"
    fair = f"CASE WHEN {zoned} THEN substring({zone}, 2, 2) <= '23' AND substring({zone}, 4, 2) <= '59' ELSE true END"
    seconds = f"{day} * 86400L + {two(12)} * 3600 + {two(15)} * 60 + {two(18)} - CASE WHEN {zoned} THEN {offset} ELSE 0L END"
    return f.when(f.col(s).rlike(TIME), f.expr(f"CASE WHEN {fine} AND {fair} THEN ({seconds}) * {UNIT} + {part} END"))


def reason():
    """The first rule that the record breaks, as "reason field" (2.4 to 2.6). Types are right by the pattern."""
    rules = [("symbol IS NULL", "missing symbol"), ("NOT symbol RLIKE '^[!-~]{1,32}$'", "bad_symbol symbol")]
    rules += [("timeless", "missing timestamp"), ("time IS NULL", "bad_timestamp timestamp")]
    for name in PRICES:
        rules += [(f"{name} IS NULL", f"missing {name}"), (f"{name} <= 0", f"not_positive {name}")]
    rules += [("negative_volume IS NULL", "missing volume"), ("negative_volume", "negative volume")]
    rules += [("direction NOT IN ('up', 'down', 'flat')", "bad_direction direction")]
    rules += [("high < low", "high_below_low high"), ("low > open", "low_above_open low"), ("open > high", "open_above_high high")]
    rules += [("low > close", "low_above_close low"), ("close > high", "close_above_high high")]
    return f.expr("CASE " + " ".join(f"WHEN {broken} THEN '{told}'" for broken, told in rules) + " END")


def derived_change():
    return "sign_of * ((2 * abs(close - open) + 100000) div 200000) * 100000".replace("sign_of", "CASE WHEN close < open THEN -1L ELSE 1L END")


def derived_percent(half):
    """2.7: round4((close - open) / open * 100), as one of two BIGINTs (judging.halves); short differences need no DECIMAL."""
    sign = "CASE WHEN close < open THEN -1L ELSE 1L END"
    twice = f"({wide('abs(close - open)')} * 2000000 + open)"
    scale = 10**13  # of 1e-4 percent: the half's 10**18 units
    wide_high = f"CAST({twice} div {wide(f'open * {wide(2 * scale)}')} AS BIGINT)"
    wide_low = f"CAST(({twice} % {wide(f'open * {wide(2 * scale)}')}) div {wide('open * 2L')} AS BIGINT)"
    short = "abs(close - open) < 1000000000000"
    if half == "high":
        return f"CASE WHEN {short} AND open > 100000 THEN 0L ELSE {sign} * {wide_high} END"
    return f"{sign} * 100000 * CASE WHEN {short} AND open > 100000 THEN (abs(close - open) * 2000000 + open) div (2 * open) ELSE {wide_low} END"
