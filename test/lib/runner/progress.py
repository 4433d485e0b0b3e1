"""How far a run has come: a line that changes on a terminal, elsewhere a plain line every two minutes."""

import os
import time

from .estimates import Estimates
from .report import paint, say, show_status

_PLAIN_EVERY = 120
_LONG = 60  # seconds; shorter stages are not named before they run


def minutes(seconds):
    return "less than a minute" if seconds < 60 else "about a minute" if seconds < 90 else f"about {seconds / 60:.0f} minutes"


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Progress:
    def __init__(self, stages, builds, lanes):
        self._stages, self._builds, self._lanes = stages, builds, lanes
        self._estimates = Estimates()
        self._passed = self._failed = self._ended = 0
        self._said = time.monotonic()

    def announce(self):
        if len(self._stages) < 2:
            return
        long = sorted((stage for stage in self._stages if self._estimates.of(stage) >= _LONG), key=self._estimates.of, reverse=True)
        named = "".join(f", {stage} {clock(self._estimates.of(stage))}" for stage in long)
        say(f"{len(self._stages)} stages, {minutes(self._seconds_left({}, self._stages))}, {self._lanes} at a time{named}")

    def show(self, at_work, waiting):
        """at_work: stage → seconds since it began."""
        is_due = time.monotonic() - self._said >= _PLAIN_EVERY
        left = minutes(self._seconds_left(at_work, waiting))
        now = ", ".join(f"{stage} {clock(since)} of {clock(self._estimates.of(stage))}" for stage, since in at_work.items())
        text = f"{self._ended} of {len(self._stages)} stages, {self._passed} passed, {self._failed} failed, {left} left: {now}"
        if show_status(text, is_due):
            self._said = time.monotonic()

    def add_build(self, ended):
        say(paint(f"{ended.job}: {ended.wall_seconds:.0f} s, {ended.work_seconds:.0f} s of work", "dim"))
        self._estimates.remember(ended.job, ended.wall_seconds)

    def _seconds_left(self, at_work, waiting):
        return self._estimates.seconds_left(at_work, self._builds.jobs() + waiting, self._lanes)

    def add(self, stage, outcome, seconds):
        self._ended += 1
        self._passed += outcome.passed
        self._failed += outcome.failed
        self._said = time.monotonic()
        if not outcome.died and not os.environ.get("GTEST_FILTER"):
            self._estimates.remember(stage, seconds)
