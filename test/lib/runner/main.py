"""Runs every stage once, side by side, then repeats failed cases alone; counts results, and lists unsteady cases."""

import os
import pathlib

from . import steadiness
from .builds import Builds
from .process import LOGS, Processes
from .progress import Progress
from .report import outcome_of, say, paint, tell_run, tell_total
from .tries import DETERMINISTIC, Tries


def lanes():
    """Two more than there are cores: most stages wait more than they compute, for a clock, a disk, a browser; and a build takes one."""
    cores = len(os.sched_getaffinity(0))
    return int(os.environ.get("TIDEMARK_LANES") or min(cores + 2, 5))


def met(stages):
    """The stages whose needs are met, and how many are not."""
    there, unmet = [], 0
    for stage in stages:
        reason = pathlib.Path(f"{LOGS}/{stage}.unmet")
        if reason.exists():
            say(f"{paint(f'{stage:12}', 'bold')} skipped: {reason.read_text().strip()}")
            unmet += 1
        else:
            there.append(stage)
    return there, unmet


def run_all(processes, stages):
    """Runs each stage once. Returns their tries, in the order in which they ended."""
    waiting, all_tries = list(stages), []
    builds = Builds(stages)
    progress = Progress(stages, builds, lanes())
    progress.announce()
    while waiting or len(processes):
        builds.begin_next(processes)
        while len(processes) < lanes() and (stage := next(filter(builds.is_ready, waiting), None)):
            waiting.remove(stage)
            builds.begin_stage(processes, stage, f"{LOGS}/{stage}.log")
        ended = processes.next_ended(lambda: progress.show(processes.at_work(), waiting))
        if builds.has_ended(ended):
            progress.add_build(ended)
            continue
        all_tries.append(tries := Tries(ended.job))
        outcome = add_run(tries, ended.job, f"{LOGS}/{ended.job}.log", ended)
        progress.add(ended.job, outcome, ended.wall_seconds)
    return all_tries


def repeat(processes, tries):
    """Repeats what failed with nothing beside it, so that load is not the cause of a failure."""
    while (cases := tries.next_repetition()) is not None:
        log = f"{LOGS}/{tries.stage}.again-{tries.repetitions}.log"
        say(f"{tries.stage}: {what(cases)} again, alone ({tries.repetitions})")
        processes.begin(tries.stage, tries.stage, log, cases)
        add_run(tries, tries.stage, log, processes.next_ended())


def what(cases):
    return "the whole stage" if not cases else "1 case" if len(cases) == 1 else f"{len(cases)} cases"


def add_run(tries, name, log, ended):
    may_be_empty = bool(os.environ.get("GTEST_FILTER"))
    outcome = outcome_of(tries.stage, log, ended, may_be_empty, tries.stage in DETERMINISTIC)
    tries.add(outcome)
    tell_run(name, outcome, ended, log)
    return outcome


def tell_unsteady(all_tries):
    found = [(tries.stage, name, went) for tries in all_tries for name, went in tries.unsteady()]
    if found:
        say(f"{len(found)} unsteady, counted as passed:", "bold")
    for stage, name, went in found:
        say(f"    {stage}: {name} ({', '.join('passed' if passed else 'failed' for passed in went)}; logs: {LOGS}/{stage}.*log)")


def main(arguments):
    if arguments[:1] == ["--has-processes"]:
        return 1 if arguments[1] in DETERMINISTIC else 0
    if arguments[:1] == ["--compile-first"]:
        print(end="".join(f"{line}\n" for line in Builds(arguments[1:]).to_watch(arguments[1:])))
        return 0
    os.makedirs(LOGS, exist_ok=True)
    rounds = 0
    if arguments[:1] == ["--steady"]:
        rounds, arguments = int(arguments[1]), arguments[2:]
    stages, unmet = met(arguments)
    for stage in stages:
        for old in pathlib.Path(LOGS).glob(f"{stage}.*.log"):  # of repetitions and rounds
            old.unlink()
    processes = Processes()
    if rounds:
        return steadiness.measure(processes, stages, rounds, unmet)
    all_tries = run_all(processes, stages)
    for tries in all_tries:
        repeat(processes, tries)
    tell_unsteady(all_tries)
    return tell_total(sum(tries.passed() for tries in all_tries), sum(len(tries.failed()) for tries in all_tries),
                      unmet + sum(len(tries.skipped) for tries in all_tries))
