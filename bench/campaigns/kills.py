"""kill -9 of `tidemark run`: what it was doing, and rows lost or duplicated."""

import re

HEADER = ("a run", "kills", "while it published", "while it compacted", "in a life that trimmed", "data directories", "lost", "doubled")
COMMAND = "CRASH_SEED=$(date +%s) CRASH_KILLS=100 TIDEMARK_STAGE_SECONDS=3500 ./dev test crash"
PARTS = 5
QUICK = "CRASH_SEED=$(date +%s) CRASH_KILLS=30 ./dev test crash"
LOG = "build/test/crash.log"
SUMMARY = re.compile(r"# (\d+) kills: (\d+) while it published, (\d+) while it compacted, (\d+) in a life that trimmed; .*; (\d+) data director")


def tell(chapter, printed):
    """A row for each story, summed over all runs."""
    rows, verdicts, counts = {}, {}, None
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - (.*)", line):
            story = re.split(r" survives| have no", verdict[2])[0]
            verdicts[story] = verdicts.get(story, True) and verdict[1] == "ok"
            if counts:
                rows[story] = [one + other for one, other in zip(rows.get(story, [0] * 5), counts)]
            counts = None
    for story, numbers in rows.items():
        chapter.row(story, *numbers, *(2 * ["0" if verdicts[story] else "**see the log**"]))
    is_well = all(verdicts.values())
    sums = [sum(column) for column in zip(*rows.values())]
    chapter.row("**in all**", *(f"**{number}**" for number in sums), *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and bool(sums) and sums[0] > 0
