"""The batch job: from a source to the results that were asked for."""

from tidemark_spark import admission, lake, records, results, sources, trends, windows


def judged_bars(spark, options, spec):
    """Every record with its verdict."""
    if options.input == "lake":
        return lake.bars(spark, options.files[0], spec)
    read = {"lines": sources.lines, "dump": sources.dump}[options.input](spark, options.files)
    return admission.admitted(records.judged(read), spec, options.sort)


def batch(spark, options, spec):
    """Writes what `options` (command_line.py) asks for. Returns the account if it was asked for."""
    admitted = judged_bars(spark, options, spec)
    outputs = [name for name in ("json", "parquet", "table", "late", "rejects", "stats") if getattr(options, name)]
    if len(outputs) > 1:
        admitted = admitted.persist()  # read and judged once
    final = trends.trends(windows.summed(admitted, spec, options.keep_open), spec)
    if options.json:
        results.write_json(final, options.json)
    if options.parquet:
        results.write_parquet(final, options.parquet)
    if options.table:
        results.write_table(final, options.table)
    if options.late:
        results.write_lines(results.late(admitted), options.late)
    if options.rejects:
        results.write_lines(results.rejects(admitted), options.rejects)
    counts = admission.account(admitted).first().asDict() if options.stats else None
    if len(outputs) > 1:
        admitted.unpersist()
    return counts
