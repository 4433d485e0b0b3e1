"""Requests that reach a Kafka broker during a later transaction than their own: how the broker treated them, and rows lost or duplicated."""

import re

HEADER = ("stories", "number", "held", "late", "refused", "producers replaced", "kills", "lost", "doubled")
COMMAND = "FLEET_SEED=$(date +%s) LATE_SEEDS=3 FLEET_CASES=late_ TIDEMARK_STAGE_SECONDS=7200 ./dev test fleet"
QUICK = "FLEET_SEED=$(date +%s) FLEET_CASES='late_end late_positions' ./dev test fleet"
LOG = "build/test/fleet.log"
SUMMARY = re.compile(r"# late: (\d+) stories, (\d+) held, (\d+) late, (\d+) refused .*, (\d+) renewals, (\d+) kills")


def tell(chapter, printed):
    sums, counts, is_well = [0] * 6, None, True
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - (.*)", line):
            is_well = is_well and verdict[1] == "ok"
            if counts and verdict[1] == "ok":
                chapter.row(re.sub(r": nothing is lost.*?(?=, on Kafka|$)", "", verdict[2]), *counts, 0, 0)
                sums = [one + other for one, other in zip(sums, counts)]
            counts = None
    chapter.row("**in all**", *(f"**{number}**" for number in sums), *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and sums[0] > 0
