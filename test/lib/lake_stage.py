"""What stages whose lake lies elsewhere, in HDFS or in S3, have in common: runs that are killed and compared with an undisturbed one, and
the order of their cases. Needs pyarrow; `needed` imports it, or skips the stage."""

import importlib
import itertools
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import google_tests
import harness
from life import TIDEMARK, Life

CODE_OF_FAILURE, CODE_OF_SETTINGS = 1, 2
UNDISTURBED = "an undisturbed run on a local disk gives what the others are compared with"


def needed(store, why_not, *modules):
    """These modules. Where one is missing, or the store cannot be started, the stage ends with a skip that says why."""
    try:
        if not why_not:
            return [importlib.import_module(module) for module in modules]
    except ImportError as missing:
        why_not = str(missing)
    harness.skip(f"the lake on {store}", why_not)
    harness.end()


class LakeStage:
    """Each run gets a place of its own in the store, below `below`, and a data directory here. A stage adds `words(place)` of `run` and
    `compare(data, place)`."""

    def __init__(self, folder, below):
        (self.evidence, replays) = map(importlib.import_module, ("evidence", "replays"))
        self.folder, self.below, self.number, self.seed = folder, below, itertools.count(1), replays.SEED
        self.replays = replays.Replays(folder, harness.chance(self.seed))

    def new(self):
        """A data directory, and the place of its lake in the store."""
        number = next(self.number)
        data = self.folder / f"run-{number}" / "data"
        data.parent.mkdir()
        return data, f"{self.below}/{number}"

    def compare_with(self, data, download):
        """The log, and the lake as download(into) gets it, are those of the undisturbed run; nothing lies on the local disk. Returns the copy."""
        log = self.evidence.read_log(data)
        self.evidence.same_log(log, self.replays.log)
        copy = data.parent / "copy"
        download(copy / "lake")
        self.evidence.same_lake(self.evidence.read_lake(copy, log), self.replays.lake)
        assert not (data / "lake").exists()
        return copy / "lake"

    def local(self):
        self.replays.live_undisturbed()

    def published(self):
        """The data directory and the place of a run that published all it had."""
        data, place = self.new()
        self.finish(data, place, "max")
        return data, place

    def finish(self, data, place, *speed):
        with Life(data, *self.words(place, *speed)) as one:
            one.wait_for_end()

    def undisturbed(self):
        data, place = self.published()
        self.compare(data, place)

    def killed(self, kills=4):
        data, place = self.new()
        chance, killed = harness.chance(self.seed), 0
        while killed < kills:
            with Life(data, *self.words(place)) as one:
                one.wait_until(lambda one=one: "run.started" in one.journal(), "it started")
                time.sleep(chance.uniform(0.2, 1.6))  # a moment to be killed at, not one to be ready at
                killed += one.kill()
                if one.has_ended() and "run.ended" in one.journal():
                    break
        assert killed > 1, "it ended before it was killed"
        self.finish(data, place)
        self.compare(data, place)
        print(f"# {killed} kills")


def refusal(data, *words, environment=os.environ, code=CODE_OF_SETTINGS):
    told = subprocess.run([TIDEMARK, "run", "--port", "0", "--data", str(data), *words], cwd=data.parent, capture_output=True, text=True,
                          timeout=120, env=environment)
    assert told.returncode == code, told
    return told.stderr


def why_unready(life):
    try:
        with urllib.request.urlopen(life.url() + "/readyz", timeout=60):
            return None
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


def tell(unit_tests, environment, make_stage, cases, cases_of_verbs, make_twins, when_failed=lambda: None):
    """Runs the unit tests that need the store, cases on a stage, and cases on twins; then ends the stage."""
    is_well = not unit_tests or google_tests.run(unit_tests, environment)
    if harness.any_chosen([*cases, *cases_of_verbs]):
        stage = make_stage()
        harness.tell(UNDISTURBED, stage.local, always=True)
        for name, check in cases.items():
            harness.tell(name, check, stage, when_failed=when_failed)
        twins = make_twins(stage)
        for name, check in cases_of_verbs.items():
            harness.tell(name, check, twins)
    sys.exit(0 if is_well and not harness.has_failed() else 1)
