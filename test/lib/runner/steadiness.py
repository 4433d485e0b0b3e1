"""Runs stages many times beside busy loops, without a second try, and reports how often each case passed."""

import os

from .builds import Builds
from .outcome import DIED
from .process import LOGS
from .report import outcome_of, say, tell_run, tell_total

_BUSY = "busy loops"


def measure(processes, stages, rounds, unmet):
    """Counts a case as passed if it passed in every round in which it was not skipped. Returns the exit code."""
    passed, failed, skipped = 0, 0, unmet
    builds = Builds(stages)
    while builds.waiting:
        builds.begin_next(processes)
        builds.has_ended(processes.next_ended())
    for stage in stages:
        outcomes = [one_round(processes, builds, stage, number, rounds) for number in range(1, rounds + 1)]
        bad = tell_rates(stage, outcomes)
        passed += len(all_cases(outcomes)) - bad
        failed += bad
        skipped += len({reason for outcome in outcomes for reason in outcome.skipped})
    return tell_total(passed, failed, skipped)


def one_round(processes, builds, stage, number, rounds):
    log = f"{LOGS}/{stage}.round-{number}.log"
    for _ in range(len(os.sched_getaffinity(0))):
        processes.begin_busy_loop(_BUSY)
    builds.begin_stage(processes, stage, log)
    ended = processes.next_ended()
    processes.end(_BUSY)
    outcome = outcome_of(stage, log, ended, is_deterministic=False)
    tell_run(f"{stage} {number}/{rounds}", outcome, ended, log)
    return outcome


def all_cases(outcomes):
    return list(dict.fromkeys(case for outcome in outcomes for case in outcome.cases))


def tell_rates(stage, outcomes):
    """Prints the worst first. Returns the number of cases that failed in a round, or were missing in an incomplete one."""
    rates = []
    for case in all_cases(outcomes):
        if case == DIED:
            went = [not outcome.died for outcome in outcomes]
        else:
            went = [outcome.cases.get(case, not outcome.died) for outcome in outcomes if case in outcome.cases or outcome.died]
        rates.append((sum(went) / len(went), sum(went), len(went), case))
    say(f"{stage}, {len(outcomes)} rounds beside busy loops:")
    for _, good, of, case in sorted(rates, key=lambda rate: rate[0]):
        missed = [number for number, outcome in enumerate(outcomes, 1) if not outcome.cases.get(case, True)]
        say(f"    {good:3} of {of}  {case[0]}" + (f"  (failed in round {', '.join(map(str, missed))})" if missed else ""),
            "red" if good < of else None)
    return sum(good < of for _, good, of, _ in rates)
