"""Mutated requests against a running program: how many, what was broken, and what they cost."""

import re

HEADER = ("mutated requests", "connections", "refused", "streams", "wrong answers", "let in without a right", "secrets seen", "resident memory, at most (at the start)", "threads, open files at most", "right answers beside them")
COMMAND = "REQUESTS_SEED=$(date +%s) REQUESTS=250000 TIDEMARK_STAGE_SECONDS=3500 ./dev test requests"
PARTS = 4
QUICK = "REQUESTS_SEED=$(date +%s) REQUESTS=20000 ./dev test requests"
LOG = "build/test/requests.log"
SUMMARY = re.compile(
    r"# seed \d+: (\d+) mutated and \d+ good requests in \d+ s on (\d+) connections, (\d+) refused, (\d+) streams, .*; (\d+) MB resident at most \((\d+) MB at the start\), "
    r"(\d+) open files at most, (\d+) threads at most; beside them (\d+) answers, (\d+) finals and (\d+) messages were right")


def tell(chapter, printed):
    verdicts = [line.startswith("ok") for line in printed if re.match(r"(ok|not ok) - ", line)]
    runs = [[int(number) for number in found.groups()] for found in map(SUMMARY.match, printed) if found]
    is_well = bool(runs) and all(verdicts)
    if not runs:
        return False
    mutated, connections, refused, streams, peak, begin, files, threads, *right = zip(*runs)
    none = "**0**" if is_well else "**see the log**"
    chapter.row(f"{sum(mutated):,}", f"{sum(connections):,}", f"{sum(refused):,}", f"{sum(streams):,}", none, none, none,
                f"{max(peak)} MB ({max(begin)} MB)", f"{max(threads)}, {max(files)}", f"{sum(map(sum, right)):,}")
    return is_well
