"""kill -9 of the processes of a fleet over Kafka, and of its broker: rows lost or duplicated."""

import re

HEADER = ("a story", "kills", "of analyze", "of store", "of ingest", "of the broker", "fleets", "lost", "doubled")
COMMAND = "FLEET_SEED=$(date +%s) FLEET_KILLS=100 FLEET_CASES=killed TIDEMARK_STAGE_SECONDS=7200 ./dev test fleet"
QUICK = "FLEET_SEED=$(date +%s) FLEET_KILLS=12 FLEET_CASES=killed ./dev test fleet"
LOG = "build/test/fleet.log"
SUMMARY = re.compile(r"# (\d+) kills: (\d+) of analyze, (\d+) of store, (\d+) of ingest, (\d+) of the broker; (\d+) fleets")


def tell(chapter, printed):
    sums, counts = [0] * 6, None
    is_well = True
    for line in printed:
        if found := SUMMARY.match(line):
            counts = [int(number) for number in found.groups()]
        elif verdict := re.match(r"(ok|not ok) - (.*)", line):
            is_well = is_well and verdict[1] == "ok"
            if counts:
                chapter.row(re.split(r" survive|, killed in turn", verdict[2])[0], *counts, 0, 0)
                sums = [one + other for one, other in zip(sums, counts)]
            counts = None
    chapter.row("**in all**", *(f"**{number}**" for number in sums), *(2 * ["**0**" if is_well else "**see the log**"]))
    return is_well and sums[0] > 0
