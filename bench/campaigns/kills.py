"""kill -9 of `tidemark run`: what it was doing, and rows lost or duplicated."""

import re

HEADER = ("a run", "kills", "while it published", "while it compacted", "in a life that trimmed", "data directories", "lost", "doubled")
COMMAND = "CRASH_SEED=$(date +%s) CRASH_KILLS=500 TIDEMARK_STAGE_SECONDS=7200 ./dev test crash"
QUICK = "CRASH_SEED=$(date +%s) CRASH_KILLS=30 ./dev test crash"
LOG = "build/test/crash.log"
SUMMARY = re.compile(r"# (\d+) kills: (\d+) while it published, (\d+) while it compacted, (\d+) in a life that trimmed; .*; (\d+) data director")


def tell(chapter, printed):
    sums, counts = [0] * 5, None
    is_well = True
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - (.*)", line):
            is_whole = verdict[1] == "ok"
            is_well = is_well and is_whole
            if counts:
                chapter.row(re.split(r" survives| have no", verdict[2])[0], *counts, *(2 * ["0" if is_whole else "**see the log**"]))
                sums = [one + other for one, other in zip(sums, counts)]
            counts = None
    chapter.row("**in all**", *(f"**{number}**" for number in sums), *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and sums[0] > 0
