"""The results of a stage's cases over all their tries, and the cases to repeat."""

from .outcome import DIED

# Same input, same result: a second try would only hide a fault.
DETERMINISTIC = frozenset(("unit", "asan", "tsan", "golden", "house", "sim", "fuzz", "oracle", "parity", "runner", "web"))
REPETITIONS = 2
BROKEN = 20  # failed cases; a stage with more of them is broken, not unsteady, and repeating it would take hours


class Tries:
    """The last run of a case counts. A case that passed then, and failed before, is unsteady.

    A repetition may run more cases than those that failed, because cases can depend on one another. A case that passed before and
    fails in a repetition therefore counts as failed and is repeated like the others.
    """

    def __init__(self, stage):
        self.stage, self.repetitions, self.skipped = stage, 0, []
        self._went = {}  # case → its results, try by try
        self._why_died, self._died_whole = "", False
        self._again = []  # the names that ran last; empty: the whole stage

    def add(self, outcome):
        for case, passed in outcome.cases.items():
            self._went.setdefault(case, []).append(passed)
        if outcome.died:
            self._why_died = outcome.died
            self._died_whole = self._died_whole or not self._again
        elif DIED in self._went and (not self._again or not self._died_whole):  # a few cases do not prove that the others would run
            self._went[DIED].append(True)
        known = tuple(f"{name}: " for name, _ in self._went)
        self.skipped += [reason for reason in outcome.skipped if reason not in self.skipped and not reason.startswith(known)]

    def passed(self):
        return sum(went[-1] for case, went in self._went.items() if case != DIED)

    def failed(self):
        return [case for case, went in self._went.items() if not went[-1]]

    def unsteady(self):
        """(name, its results try by try)"""
        return [(self.name_of(case), went) for case, went in self._went.items() if went[-1] and not all(went)]

    def name_of(self, case):
        return self._why_died if case == DIED else case[0]

    def next_repetition(self):
        """The names of the cases to run again; an empty list means the whole stage, None that there is nothing to run again."""
        failed = self.failed()
        if self.stage in DETERMINISTIC or not failed or len(failed) > BROKEN or self.repetitions == REPETITIONS:
            return None
        named = [case[0] for case in failed if case != DIED]
        if DIED in failed:
            if self.repetitions == 0:
                named = []  # the case in which it died is unknown, and missing cases have to run, too
            elif not named:
                named = self._again  # it died in a repetition, which is repeated
                if not named:
                    return None  # the whole stage is repeated only once
        self.repetitions += 1
        self._again = named
        return named
