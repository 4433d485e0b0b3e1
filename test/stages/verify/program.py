"""Runs the program, and makes data directories to run it on."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "lib/life"))

from life import PATIENCE, TIDEMARK, Life  # noqa: E402,F401


def tidemark(*words, **options):
    return subprocess.run([TIDEMARK, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE,
                          env={"PATH": os.environ["PATH"]}, **options)


class Report:
    """The report of `tidemark verify` on a directory."""

    def __init__(self, data, *words):
        said = tidemark("verify", "--json", "--data", data, *words)
        assert said.returncode in (0, 1) and not said.stderr, (said.returncode, said.stdout, said.stderr)
        self.answer = json.loads(said.stdout)
        self.whole = self.answer["whole"]
        assert said.returncode == (0 if self.whole else 1), said.stdout
        assert self.whole or self.answer["damaged"], said.stdout
        self.damaged = [(each["where"], each["what"], each["cure"]) for each in self.answer["damaged"]]

    def names(self, where):
        return [what for place, what, _ in self.damaged if where in place]


def copied(data, place):
    """A copy of the directory with the same files."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.copytree(data, place / "data", ignore=shutil.ignore_patterns("*.sock"))
    return place / "data"


def files_of(data, table):
    return sorted((data / "lake" / table).rglob("*.parquet"))


def contents(data):
    """The files worth keeping: without the shared memory and lock files."""
    ours = ("log.db-shm", "log.db-wal", "tidemark.pid", ".restating", ".publishing")
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file() and path.name not in ours}
