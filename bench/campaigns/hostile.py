"""A lying server with Alpaca's protocol: the number of lies, and their cost."""

import re

HEADER = ("lies told", "broken promises", "calls of history for one lie, at most", "resident memory, at most", "searches for a key, secret or token", "found")
COMMAND = "HOSTILE_SEED=$(date +%s) HOSTILE_ROUNDS=3 TIDEMARK_FULL=1 TIDEMARK_STAGE_SECONDS=3600 ./dev test hostile"
QUICK = "HOSTILE_SEED=$(date +%s) ./dev test hostile"
LOG = "build/test/hostile.log"
SUMMARY = re.compile(r"# (\d+) lies, (\d+) calls at most for one, (\d+) MB resident at most, (\d+) searches")


def tell(chapter, printed):
    broken = sum(line.startswith("not ok") for line in printed)
    for line in printed:
        if found := SUMMARY.match(line):
            lies, calls, memory, searches = (int(number) for number in found.groups())
            chapter.row(lies, f"**{broken}**" if broken == 0 else "**see the log**", calls, f"{memory} MB", f"{searches:,}", "**0**" if broken == 0 else "**see the log**")
            return broken == 0 and lies > 60
    return False
