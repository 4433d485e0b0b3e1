"""Fuzzing: each target for ten minutes."""

import re

HEADER = ("target", "inputs tried", "edges reached", "inputs kept", "faults")
COMMAND = "./dev fuzz --seconds 600 --jobs 2"
QUICK = "./dev fuzz --seconds 20"


def tell(chapter, printed):
    faults = 0
    for line in printed:
        if told := re.match(r"(\w+) +\d+ s +(\d+) inputs tried, +(\d+) edges, +(\d+) inputs kept$", line):
            chapter.row(told[1], *(f"{int(number):,}" for number in told.groups()[1:]), 0)
        elif fault := re.match(r"(\w+): (a fault after \d+ s)", line):
            chapter.row(fault[1], "", "", "", f"**{fault[2]}**")
            faults += 1
    return bool(chapter.rows) and faults == 0
