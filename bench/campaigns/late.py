"""Requests that reach a Kafka broker during a later transaction than their own: how the broker treated them, and rows lost or duplicated."""

import re

HEADER = ("stories", "number", "held", "late", "refused", "producers replaced", "kills", "lost", "doubled")
COMMAND = "FLEET_SEED=$(date +%s) LATE_SEEDS=1 FLEET_CASES=late_ TIDEMARK_STAGE_SECONDS=3500 ./dev test fleet"
QUICK = "FLEET_SEED=$(date +%s) FLEET_CASES='late_end late_positions' ./dev test fleet"
LOG = "build/test/fleet.log"
SUMMARY = re.compile(r"# late: (\d+) stories, (\d+) held, (\d+) late, (\d+) refused .*, (\d+) renewals, (\d+) kills")


def tell(chapter, printed):
    """A row for each case, summed over all runs."""
    rows, counts, is_well = {}, None, True
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - (.*)", line):
            is_well = is_well and verdict[1] == "ok"
            if counts and verdict[1] == "ok":
                name = re.sub(r": nothing is lost.*?(?=, on Kafka|$)", "", verdict[2])
                rows[name] = [one + other for one, other in zip(rows.get(name, [0] * 6), counts)]
            counts = None
    for name, numbers in rows.items():
        chapter.row(name, *numbers, 0, 0)
    sums = [sum(column) for column in zip(*rows.values())]
    chapter.row("**in all**", *(f"**{number}**" for number in sums), *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and bool(sums) and sums[0] > 0
