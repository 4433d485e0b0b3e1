"""The outcome of one run of a stage: the result of each case, and whether the stage itself reached its end."""

import re

DIED = ("the stage itself", 0)  # listed among the cases of a stage that did not reach its end

_CASE = re.compile(r"(ok|not ok|skip) - (.*)")


class Outcome:
    """cases: (name, n-th case of this name) → True for passed, False for failed. skipped: `name: reason`. died: why, or empty."""

    def __init__(self, text):
        self.cases, self.skipped, self.died = {}, [], ""
        seen = {}
        for line in text.splitlines():
            if not (found := _CASE.fullmatch(line)):
                continue
            verdict, name = found.groups()
            if verdict == "skip":
                self.skipped.append(name)
                continue
            seen[name] = seen.get(name, 0) + 1
            self.cases[name, seen[name]] = verdict == "ok"

    @property
    def passed(self):
        return sum(self.cases.values())

    @property
    def failed(self):
        return len(self.cases) - self.passed

    def mark_died(self, why):
        self.died = why
        self.cases[DIED] = False


def from_google_test(text):
    """GoogleTest's report as the lines of a stage. A test that began and never ended has failed."""
    lines, begun, reason = [], "", ""
    source = iter(text.splitlines())
    for line in source:
        if found := re.match(r"\[ RUN      \] (\S+)", line):
            begun = found[1]
            lines.append(line)
        elif found := re.match(r"\[       OK \] (\S+)", line):
            begun = ""
            lines.append(f"ok - {found[1]}")
        elif found := re.match(r"\[  SKIPPED \] (\S+) \(", line):
            lines.append(f"skip - {found[1]}: {reason}")
            begun = reason = ""
        elif found := re.match(r"\[  FAILED  \] (.*\(\d+ ms\))$", line):
            begun = ""
            lines.append(f"not ok - {found[1]}")
        elif begun and line.endswith(": Skipped"):
            reason = next(source, "")
        else:
            lines.append(line)
    if begun:
        lines.append(f"not ok - {begun} (ended the program)")
    return "".join(f"{line}\n" for line in lines)


def failures(text):
    """The useful part of a failed stage's log: the failed cases, each with the lines before it."""
    shown, kept = [], []
    for line in text.splitlines():
        if line.startswith(("ok - ", "skip - ", "[ RUN")):
            kept = []
            continue
        kept.append(line)
        if line.startswith("not ok - "):
            shown += kept[-31:]
            kept = []
    return shown
