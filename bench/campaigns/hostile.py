"""A lying server with Alpaca's protocol: the number of lies, and their cost."""

import re

HEADER = ("lies told", "different ones", "broken promises", "calls of history for one lie, at most", "resident memory, at most", "searches for a key, secret or token", "found")
COMMAND = "HOSTILE_SEED=$(date +%s) TIDEMARK_STAGE_SECONDS=3500 ./dev test --full hostile"
PARTS = 2  # each tells every lie once, in another order
QUICK = "HOSTILE_SEED=$(date +%s) ./dev test hostile"
LOG = "build/test/hostile.log"
SUMMARY = re.compile(r"# (\d+) lies, (\d+) different, (\d+) calls at most for one, (\d+) MB resident at most, (\d+) searches")


def tell(chapter, printed):
    broken = sum(line.startswith("not ok") for line in printed)
    runs = [[int(number) for number in found.groups()] for found in map(SUMMARY.match, printed) if found]
    if not runs:
        return False
    lies, different, calls, memory, searches = zip(*runs)
    none = "**0**" if broken == 0 else "**see the log**"
    chapter.row(sum(lies), max(different), none, max(calls), f"{max(memory)} MB", f"{sum(searches):,}", none)
    return broken == 0 and max(different) >= 60
