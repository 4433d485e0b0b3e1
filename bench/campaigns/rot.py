"""The deterministic simulation on a rotting disk: no wrong data may be shown as right."""

import re

from campaigns import simulation

HEADER = simulation.HEADER
COMMAND = "./dev sim --seeds 10000 --rot 12 --jobs 2"
QUICK = "./dev sim --seeds 300 --rot 12 --jobs 2"


def tell(chapter, printed):
    verdict = next((line for line in printed if line.startswith("wrong shown")), "a promise was broken")
    for line in printed:
        if worlds := re.match(r"(\d+) worlds in", line):
            chapter.row("worlds", simulation.grouped(worlds[1]))
            chapter.row("**promises broken**", f"**{verdict}**")
        elif side := re.match(r"  (\w+) +(\d.*)", line):
            chapter.row({"rot": "the rot", **simulation.SIDES}[side[1]], simulation.grouped(side[2]))
    return verdict.startswith("wrong shown as right 0")
