"""Tidemark's contract (contract/semantics.md) on Apache Spark: the same trends, digit for digit.

    sources -> records -> admission -> windows -> trends -> results

`sources` gives records in the order of their partition. `records` judges each one: a bar, a heartbeat, or the reason why it is neither.
`admission` moves the watermark and finds late bars, duplicates and corrections. `windows` sums the bars of each window, `trends` computes the
row from the sums, and `results` writes it. All numbers are integers of 1e-9 (`exact`); no floating-point value reaches a result.
"""
