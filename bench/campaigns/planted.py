"""Planted bugs: each must be found; how soon it was."""

import re

HEADER = ("planted bug", "found in world", "after", "what the simulation said")
COMMAND = "./dev sim --plants"
QUICK = "./dev sim --plants drop-intent"


def tell(chapter, printed):
    missed = False
    for line in printed:
        if found := re.match(r"ok - found the planted bug: (.*) \(seed (\d+), ([\d.]+ s): (.*)\)$", line):
            chapter.row(found[1], found[2], found[3], found[4].replace("|", "\\|"))
        elif lost := re.match(r"not ok - (?:found the planted bug: )?(.*)", line):
            chapter.row(lost[1], "**not found**", "", "")
            missed = True
    return bool(chapter.rows) and not missed
