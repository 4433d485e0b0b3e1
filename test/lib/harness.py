"""Runs the cases of a stage written in Python: chooses them, prints the result of each, and sets the exit code.

    import harness
    harness.tell("a name that is a sentence", check, argument)   # runs check(argument), prints ok, not ok or skip
    harness.end()                                                # exits: 0, or 1 when a case failed

The runner repeats failed cases by their names in TEST_CASES, one a line. A case that others depend on has always=True and runs every
time. A stage that breaks off between its cases exits with 70, so that the runner knows that cases are missing.
"""

import atexit
import os
import pathlib
import random
import sys
import tempfile
import time
import traceback

DIED = 70

_names = frozenset(os.environ.pop("TEST_CASES", "").splitlines())  # not for the programs under test
_word = ""
_failed = 0
_broke_off = False
_chances = []  # (Random, seed)


class Skip(Exception):
    """Raised if a case cannot run here. The text says why."""


def choose(word):
    """Keeps the cases with this word in their names."""
    global _word
    _word = word


def is_chosen(name):
    return name in _names if _names else _word in name


def any_chosen(names):
    """For an expensive fixture: whether a case that needs it will run."""
    return any(map(is_chosen, names))


def chance(seed):
    """Random numbers that depend on the seed and the name of the case, so that a repeated case draws the same ones."""
    drawn = random.Random(seed)
    _chances.append((drawn, seed))
    return drawn


def tell(name, check, *arguments, always=False, when_failed=lambda: None):
    """Runs check(*arguments) if the case is chosen, and prints the result. A check that returns a text or raises Skip is skipped."""
    if always or is_chosen(name):
        print(outcome(name, check, *arguments, when_failed=when_failed), flush=True)


def outcome(name, check, *arguments, when_failed=lambda: None):
    """Runs a check and returns the text to print, for cases that run side by side."""
    global _failed
    for drawn, seed in _chances:
        drawn.seed(f"{seed}: {name}")
    begun = time.monotonic()
    try:
        reason = check(*arguments)
    except Skip as skipped:
        reason = str(skipped)
    except Exception:  # every case gets a result, whatever the others do
        _failed += 1
        when_failed()
        return "".join(f"# {line}\n" for line in traceback.format_exc().splitlines()) + f"not ok - {name}"
    took = f"# {time.monotonic() - begun:.1f} s\n"
    return took + (f"skip - {name}: {reason}" if isinstance(reason, str) and reason else f"ok - {name}")


def case(name, *, always=False, in_folder=False):
    """Runs the function below it at once, as tell() does; in_folder gives it a folder of its own.

        @harness.case("a name that is a sentence", in_folder=True)
        def _(folder): ...
    """

    def run(check):
        if not in_folder:
            tell(name, check, always=always)
        elif always or is_chosen(name):
            with tempfile.TemporaryDirectory(prefix="tidemark-test-") as folder:
                tell(name, check, pathlib.Path(folder), always=always)

    return run


def tell_faults(name, faults, most=30):
    """For a comparison that returns a text for each difference: ok if there are none."""
    global _failed
    if not is_chosen(name):
        return
    for fault in faults[:most]:
        print(fault)
    _failed += bool(faults)
    print(f"{'not ok' if faults else 'ok'} - {name}", flush=True)


def skip(name, reason):
    """For a case, or a whole stage, that cannot even start."""
    if not _names or name in _names:
        print(f"skip - {name}: {reason}", flush=True)


def in_folder(stage, main, *, reader, seeds):
    """Runs main(folder) in a folder of its own. Prints `seeds`, so that a failure can be repeated. Without `reader`, a module that reads the
    lake, the stage is skipped."""
    if reader is None:
        skip(stage, "there is no pyarrow to read the lake with")
        return
    print(f"# {seeds}", flush=True)
    with tempfile.TemporaryDirectory(prefix=f"tidemark-{stage}-") as folder:
        main(pathlib.Path(folder))


def has_failed():
    return _failed > 0


def end():
    sys.exit(1 if _failed else 0)


def _note_break(kind, error, trace):
    global _broke_off
    _broke_off = True
    sys.__excepthook__(kind, error, trace)


def _leave():
    if _broke_off:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(DIED)


sys.excepthook = _note_break
atexit.register(_leave)  # registered first, so that it runs last
