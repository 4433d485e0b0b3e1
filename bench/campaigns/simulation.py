"""The deterministic simulation: worlds, and the events in them."""

import re

HEADER = ("", "how often")
COMMAND = "./dev sim --seeds 10000 --jobs 2"
QUICK = "./dev sim --seeds 300 --jobs 2"
SIDES = {
    "market": "what the market said",
    "feed": "the feed",
    "lives": "lives of the program",
    "disk": "the disk",
    "unsynced": "what was not synced",
    "clock": "the clock",
    "clocks": "the clocks of a live feed",
    "log": "the log",
    "lake": "the lake",
    "compared": "compared in the end",
    "memory": "resident memory",
}


def grouped(text):
    """With a comma for each thousand."""
    return re.sub(r"\d+", lambda number: f"{int(number[0]):,}", text)


def tell(chapter, printed):
    verdict = next((line for line in printed if line.startswith("lost ")), "a promise was broken")
    for line in printed:
        if worlds := re.match(r"(\d+) worlds in", line):
            chapter.row("worlds", grouped(worlds[1]))
            chapter.row("**promises broken**", f"**{verdict}**")
        elif side := re.match(r"  (\w+) +(\d.*)", line):
            chapter.row(SIDES[side[1]], grouped(side[2]))
    return verdict.startswith("lost 0, doubled 0")
