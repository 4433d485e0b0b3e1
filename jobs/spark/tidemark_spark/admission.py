"""What becomes of each record, in the order of its partition: the watermark, late bars, duplicates, corrections (contract 3.2 to 3.11).

The watermark at a record is a running maximum over the partition, so one task reads each partition in order, as one worker does. The verdict is
exact to the record; nothing depends on how Spark cuts its input.
"""

from pyspark.sql import Window
from pyspark.sql import functions as f

from tidemark_spark.exact import UNIT

HOUR = 3_600 * UNIT
SAID = ("open high low close volume_high volume_low vwap price_change_high price_change_low pct_change_high pct_change_low direction "
        "trade_count feed").split()
FLOOR_SECONDS = f"(time div {UNIT}L - CASE WHEN time % {UNIT}L < 0 THEN 1 ELSE 0 END)"


class Spec:
    """Size, slide and delay of the windows, in whole seconds (3.1)."""

    def __init__(self, size=300, slide=60, delay=120):
        longest = 90 * 86_400
        if slide < 1 or size < slide or size % slide:
            raise ValueError(f"--size {size}s is no multiple of --slide {slide}s: take a size of {slide}s times a whole number")
        if size > longest or not 0 <= delay <= longest:
            raise ValueError("--size and --delay are at most 90d")
        self.size, self.slide, self.delay = size, slide, delay


def admitted(judged, spec, sort=False):
    """Every record that is not blank, with `verdict` (accepted, duplicate, corrected, late, rejected; NULL for a heartbeat), `place` (its order in
    the partition), `position` (contract 2.8) and the `watermark` in seconds."""
    return with_identity(with_watermark(in_order(judged, sort), spec), spec)


def in_order(judged, sort):
    """With `place` and `position`: the offset, or the number of the line in its file."""
    arrival = Window.partitionBy("partition").orderBy("file", "block", "at")
    numbered = judged.withColumn("place", f.row_number().over(arrival).cast("long"))
    begins = f.when(f.coalesce(f.lag("file").over(arrival), f.lit(-1)) != f.col("file"), f.col("place"))
    first = numbered.withColumn("begins", begins).withColumn("begins", f.max("begins").over(arrival))
    position = f.coalesce("position", f.col("place") - f.col("begins") + 1)
    placed = first.withColumn("position", position).where("kind <> 'blank'")
    if not sort:
        return placed
    of_file = Window.partitionBy("partition", "file").orderBy("place")  # 7.5: what has no time has that of the record before it
    timed = placed.withColumn("sorted_by", f.last(f.when(f.col("kind").isin("bar", "heartbeat"), f.col("time")), ignorenulls=True).over(of_file))
    by_time = Window.partitionBy("partition").orderBy(f.col("sorted_by").asc_nulls_first(), "place")
    return timed.withColumn("place", f.row_number().over(by_time).cast("long")).drop("sorted_by")


def with_watermark(placed, spec):
    """Rejects what is too far ahead (3.11), and adds the watermark after each record (3.2) and the end of its last window."""
    so_far = Window.partitionBy("partition").orderBy("place").rowsBetween(Window.unboundedPreceding, Window.currentRow)
    limits = placed.withColumns({
        "heartbeat": f.max(f.when(f.col("kind") == "heartbeat", f.col("time"))).over(so_far),
        "max_ahead": f.last(f.when(f.col("kind") == "max-ahead", f.col("number")), ignorenulls=True).over(so_far),
    })
    ahead = f.expr(f"""CASE WHEN kind <> 'bar' THEN NULL WHEN time > heartbeat + {HOUR} THEN 'ahead_of_heartbeat'
        WHEN max_ahead > 0 AND time - appended * 1000000L > CAST(max_ahead AS DECIMAL(20, 0)) * 1000000000 THEN 'ahead_of_feed' END""")
    checked = limits.withColumn("ahead", ahead).withColumns({
        "reason": f.coalesce("reason", "ahead"),
        "field": f.when(f.col("ahead").isNotNull(), f.lit("timestamp")).otherwise(f.col("field")),
        "kind": f.when(f.col("ahead").isNotNull(), f.lit("reject")).otherwise(f.col("kind")),
    })
    seconds = checked.withColumn("seconds", f.expr(f"CASE WHEN kind IN ('bar', 'heartbeat') THEN {FLOOR_SECONDS} END"))
    last_end = f"CASE WHEN kind = 'bar' THEN seconds - pmod(seconds, {spec.slide}L) + {spec.size}L END"
    ended = seconds.withColumn("last_end", f.expr(last_end)).withColumn("latest_end", f.max("last_end").over(so_far))
    # 3.14: the end of a bounded input closes the windows that hold bars; the last of them is the latest bar's.
    seen = f.expr(f"greatest(seconds - {spec.delay}L, CASE WHEN kind = 'end' THEN latest_end END)")
    return ended.withColumn("seen", seen).withColumn("watermark", f.max("seen").over(so_far)).drop("heartbeat", "max_ahead", "ahead", "latest_end", "seen")


def with_identity(marked, spec):
    """The verdict of each bar, and the watermark at which it was replaced (3.6)."""
    late = marked.withColumn("late", f.expr("kind = 'bar' AND last_end <= watermark"))
    # Records without an identity would all lie in one group; each gets its own.
    late = late.repartition("partition", "symbol")  # enough for the windows, too: nothing is exchanged a third time
    identity = [f.col("partition"), f.col("symbol"), f.expr("CASE WHEN kind = 'bar' AND NOT late THEN time ELSE place END"),
                f.expr("kind = 'bar' AND NOT late")]
    one = Window.partitionBy(*identity).orderBy("place")
    said = late.withColumn("said", f.struct(*SAID))
    before = said.withColumn("before", f.lag("said").over(one))
    verdict = f.expr("""CASE WHEN kind = 'reject' THEN 'rejected' WHEN kind <> 'bar' THEN NULL WHEN late THEN 'late'
        WHEN before IS NULL THEN 'accepted' WHEN before <=> said THEN 'duplicate' ELSE 'corrected' END""")
    judged = before.withColumn("verdict", verdict).drop("before", "said")
    # The next record of the identity that says something else: of windows that end after its watermark it takes this one's place.
    later = one.rowsBetween(1, Window.unboundedFollowing)
    change = f.when(f.col("verdict").isin("corrected"), f.col("watermark"))
    return judged.withColumn("replaced_at", f.first(change, ignorenulls=True).over(later)).drop("late")


def account(admitted_):
    """The account (3.9), and the first of what is in no trend, for the message."""
    names = ("accepted", "duplicate", "corrected", "late", "rejected")
    counts = [f.count_if(f.col("verdict") == name).alias(name) for name in names]
    return admitted_.select("verdict").agg(f.count("verdict").alias("read"), *counts)
