"""The output of the runner, and the reading of the log of a finished run."""

import pathlib
import shutil
import sys

from .outcome import Outcome, failures, from_google_test
from .process import GOOGLE_TEST

_COLOURS = {"bold": "\033[1m", "red": "\033[31m", "dim": "\033[2m", "plain": "\033[0m"}
if not sys.stdout.isatty():
    _COLOURS = dict.fromkeys(_COLOURS, "")


_status = False  # whether the terminal's last line is one that changes


def say(text, colour=None):
    clear_status()
    print(paint(text, colour) if colour else text, flush=True)


def show_status(text, is_due):
    """On a terminal always, elsewhere as a plain line when one is due. Returns whether it was printed."""
    global _status
    if sys.stdout.isatty():
        print(f"\r\033[K{text[:shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        _status = True
    elif is_due:
        say(f"  {text}")
    return _status or is_due


def clear_status():
    global _status
    if _status:
        print("\r\033[K", end="", flush=True)
    _status = False


def paint(text, colour):
    return f"{_COLOURS[colour]}{text}{_COLOURS['plain']}"


def outcome_of(stage, log, ended, may_be_empty=False, is_deterministic=True):
    """Reads a log, and adds what the stage could not report itself: that it died, or tested nothing."""
    path = pathlib.Path(log)
    text = path.read_text(errors="replace")
    if stage in GOOGLE_TEST:
        text = from_google_test(text)
    outcome = Outcome(text)
    why = ""
    if ended.code != 0 and (outcome.failed == 0 or (ended.code != 1 and not is_deterministic)):
        why = f"{stage} ended with {ended.describe_code()}"
    elif not outcome.cases and not outcome.skipped and not may_be_empty:
        why = f"{stage} tested nothing"
    if why:
        outcome.mark_died(why)
        text += f"not ok - {why}\n"
    path.write_text(text)
    return outcome


def tell_run(name, outcome, ended, log):
    """One line of counts, the reasons of skips, and failed cases with their log."""
    say(f"{paint(f'{name:12}', 'bold')} {outcome.passed:5} passed {outcome.failed:4} failed {len(outcome.skipped):4} skipped "
        + paint(f"{ended.wall_seconds:6.0f} s, {ended.work_seconds:4.0f} s of work", "dim"))
    for reason in outcome.skipped:
        say(f"    skip - {reason}")
    if outcome.failed:
        for line in failures(pathlib.Path(log).read_text(errors="replace")):
            say(f"    {line}", "red")
        say(f"    whole log: {log}")


def tell_total(passed, failed, skipped):
    """The last line. Returns the exit code."""
    if passed + failed + skipped == 0:
        say("nothing was tested")
        failed = 1
    say(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0
