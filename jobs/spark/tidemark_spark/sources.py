"""Where records come from. Each source gives a DataFrame with the columns of COLUMNS.

    partition   INT      the watermark is that of a partition
    file        INT      the number of the file, 0 where there are none
    block, at   BIGINT   the order within the file: the start of the split, then the order within it; of Kafka 0 and the offset
    position    BIGINT   the offset; NULL for lines, which are counted later
    source      STRING   the file's name as given, or the topic
    appended    BIGINT   the time of the append in ms, of Kafka
    record      BINARY   without LF and one CR; NULL for a control record
    control     STRING   heartbeat, end, max-ahead: what a control record of Kafka is
    number      BIGINT   the control record's value
"""

from functools import reduce

from pyspark.sql import functions as f

COLUMNS = "partition file block at position source appended record control number".split()
NO_CONTROL = {"position": "CAST(NULL AS BIGINT)", "appended": "CAST(NULL AS BIGINT)", "control": "CAST(NULL AS STRING)", "number": "CAST(NULL AS BIGINT)"}


def lines(spark, files):
    """JSON lines: one partition, the files one after the other (contract 1.1). Names in .gz are unpacked."""

    def one(number, name):
        # Only LF ends a line: Spark would also take a CR for one.
        read = spark.read.option("lineSep", "\n").text(name)
        return read.selectExpr(
            "0 AS partition", f"{number} AS file", "_metadata.file_block_start AS block", "monotonically_increasing_id() AS at", "value",
        ).withColumn("source", f.lit(name))

    read = reduce(lambda a, b: a.unionAll(b), [one(number, name) for number, name in enumerate(files)])
    record = "CASE WHEN endswith(raw, X'0D') THEN substring(raw, 1, octet_length(raw) - 1) ELSE raw END"
    bytes_ = read.withColumn("raw", f.col("value").cast("binary")).withColumn("record", f.expr(record))
    return bytes_.withColumns({name: f.expr(text) for name, text in NO_CONTROL.items()}).select(*COLUMNS)


DUMP = "partition INT, offset BIGINT, topic STRING, timestamp BIGINT, ts BIGINT, value STRING, payload STRING, value_base64 STRING, headers STRING"


def dump(spark, files):
    """A dump of a topic, one message a line: {"partition", "offset", "timestamp", "key", "value", "headers"}, or as `kcat -J` writes it.

    `value_base64` instead of `value` holds bytes that are no UTF-8. `headers` is an object or a list of names and values.
    """
    read = spark.read.option("lineSep", "\n").text(list(files)).where("value RLIKE '[^ \\t\\r]'")
    message = read.select(f.from_json("value", DUMP, {"mode": "FAILFAST"}).alias("m")).select("m.*")
    place = "CASE WHEN partition IS NULL OR offset IS NULL THEN raise_error('a line of the dump has no partition or no offset: write both, as kcat -J does') ELSE"
    return controlled(
        message.selectExpr(
            f"{place} partition END AS partition", "offset AS at", "coalesce(topic, 'alpaca_trends') AS source", "coalesce(timestamp, ts) AS appended",
            "coalesce(unbase64(value_base64), CAST(coalesce(value, payload) AS BINARY)) AS record", "headers",
        )
    )


def controlled(messages):
    """Control records have a null value; their headers say what they are (docs/kafka.md)."""

    def header(name):
        return f"""regexp_extract(headers, '"tidemark-{name}"\\\\s*[:,]\\\\s*"?(-?[0-9]*)', 1)"""

    def has(name):
        return f"""(record IS NULL AND headers LIKE '%"tidemark-{name}"%')"""

    lowered = "raise_error('partition ' || partition || ', offset ' || at || ' lowers the watermark (contract 3.2), which this job cannot follow: " \
        "end the dump before it, or compute this partition with tidemark')"
    control = f"CASE WHEN {has('lower-watermark')} THEN {lowered} " + " ".join(
        f"WHEN {has(name)} THEN '{name}'" for name in ("heartbeat", "end", "max-ahead")) + " END"
    number = f"CAST(nullif(CASE WHEN {has('heartbeat')} THEN {header('heartbeat')} WHEN {has('max-ahead')} THEN {header('max-ahead')} END, '') AS BIGINT)"
    return messages.withColumns({"control": f.expr(control), "number": f.expr(number)}).selectExpr(
        "partition", "0 AS file", "0L AS block", "at", "at AS position", "source", "appended", "record", "control", "number")
