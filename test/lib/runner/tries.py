"""How the cases of one stage went over all their tries, and which of them are to be run again."""

from .outcome import DIED

# Same input, same result: a second try would only hide a fault.
DETERMINISTIC = frozenset(("unit", "asan", "tsan", "golden", "house", "sim", "fuzz", "oracle", "runner", "web"))
REPETITIONS = 2
BROKEN = 20  # failed cases; a stage with more of them is broken, not unsteady, and repeating it would take hours


class Tries:
    """A case counts as it went the last time it ran. One that passed then, and failed before, is unsteady.

    A repetition may run more cases than those that failed, because cases can stand on one another; a case that passed before and
    fails in a repetition therefore counts as failed, and is run again like the others.
    """

    def __init__(self, stage):
        self.stage, self.repetitions, self.skipped = stage, 0, []
        self._went = {}  # case → how it went, try by try
        self._why_died, self._died_whole = "", False
        self._again = []  # the names that ran last; empty: the whole stage

    def add(self, outcome):
        for case, passed in outcome.cases.items():
            self._went.setdefault(case, []).append(passed)
        if outcome.died:
            self._why_died = outcome.died
            self._died_whole = self._died_whole or not self._again
        elif DIED in self._went and (not self._again or not self._died_whole):  # a few cases do not show that the others would run
            self._went[DIED].append(True)
        known = tuple(f"{name}: " for name, _ in self._went)
        self.skipped += [reason for reason in outcome.skipped if reason not in self.skipped and not reason.startswith(known)]

    def passed(self):
        return sum(went[-1] for case, went in self._went.items() if case != DIED)

    def failed(self):
        return [case for case, went in self._went.items() if not went[-1]]

    def unsteady(self):
        """(name, how it went try by try)"""
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
                named = []  # nobody knows which case it died in, and what it left out has to run, too
            elif not named:
                named = self._again  # it died in a repetition: once more the same
                if not named:
                    return None  # the whole stage is repeated once only
        self.repetitions += 1
        self._again = named
        return named
