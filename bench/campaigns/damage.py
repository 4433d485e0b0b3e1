"""Randomly damaged logs: who detected the damage, and whether wrong data was shown as right."""

import re

HEADER = ("what was damaged", "logs", "told by the run", "told by verify alone", "right all the same", "wrong shown as right")
COMMAND = "DAMAGE_SEED=$(date +%s) DAMAGE_LOGS=1000 TEST_CASES='damage: nothing wrong is shown as right' TIDEMARK_STAGE_SECONDS=7200 ./dev test damage"
QUICK = "DAMAGE_SEED=$(date +%s) TEST_CASES='damage: nothing wrong is shown as right' ./dev test damage"
LOG = "build/test/damage.log"
SUMMARY = re.compile(r"# damaged: (.*): (\d+) logs, (\d+) told by the run, (\d+) by verify alone, (\d+) right all the same")


def tell(chapter, printed):
    sums, is_well = [0] * 4, False
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()[1:]]
            chapter.row(found[1], *counts, 0)
            sums = [one + other for one, other in zip(sums, counts)]
        elif verdict := re.match(r"(ok|not ok) - damage: nothing wrong", line):
            is_well = verdict[1] == "ok"
    chapter.row("**in all**", *(f"**{number}**" for number in sums), "**0**" if is_well else "**see the log**")
    return is_well and sums[0] > 0
