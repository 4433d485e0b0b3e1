"""Fuzzing: each target for ten minutes."""

import re

HEADER = ("target", "inputs tried", "edges reached", "inputs kept", "faults")
COMMAND = "./dev fuzz --seconds 600 --jobs 2"
QUICK = "./dev fuzz --seconds 20"



def rows_of(printed):
    """By target; the last run of a target counts."""
    rows = {}
    for line in printed:
        if told := re.match(r"(\w+) +\d+ s +(\d+) inputs tried, +(\d+) edges, +(\d+) inputs kept$", line):
            rows[told[1]] = (*(f"{int(number):,}" for number in told.groups()[1:]), 0)
        elif fault := re.match(r"(\w+): (a fault after \d+ s)", line):
            rows[fault[1]] = ("", "", "", f"**{fault[2]}**")
    return rows


def faults_of(printed):
    return "; ".join(f"{target}: {row[-1].strip('*')}" for target, row in rows_of(printed).items() if row[-1] != 0) + "."


def rerun(printed):
    """The command that tries again, once the faults are mended, the targets that ended with one; none if none did."""
    broken = [target for target, row in rows_of(printed).items() if row[-1] != 0]
    return f"./dev fuzz {' '.join(broken)} --seconds 600 --jobs 2" if broken else None


def tell(chapter, printed):
    rows = rows_of(printed)
    for target, row in sorted(rows.items()):
        chapter.row(target, *row)
    return bool(rows) and rerun(printed) is None
