"""Half an hour of Alpaca's accelerated stream, cut every few seconds: bars lost or duplicated."""

import re

HEADER = ("a run", "minutes", "of the market, with bars", "drops", "bars", "finals", "lost", "doubled")
COMMAND = "LIVE_SOAK=30 LIVE_CASES=soak TIDEMARK_STAGE_SECONDS=7200 ./dev test alpaca-live"
QUICK = "LIVE_SOAK=1 LIVE_CASES=soak ./dev test alpaca-live"
LOG = "build/test/alpaca-live.log"
SUMMARY = re.compile(r"# soak: (\d+) minutes, (\d+) minutes of the market with bars, (\d+) drops, (\d+) bars, (\d+) finals")


def tell(chapter, printed):
    counts, is_well = None, False
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - hours of the market", line):
            is_well = verdict[1] == "ok"
    if counts:
        chapter.row("four symbols, a market minute a second", *counts, *(2 * ["**0**" if is_well else "**see the log**"]))
    return bool(counts) and is_well
