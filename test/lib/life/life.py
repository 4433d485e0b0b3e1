"""One life of `tidemark run`, and the ways to end it."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.request

TIDEMARK = os.environ.get("TIDEMARK") or str(pathlib.Path(__file__).parents[3] / "build/release/tidemark")
PATIENCE = 180  # the longest wait in seconds for something that has to happen


def nobody():
    """The arguments to start a process without the rights of root."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


class Life:
    """A running process on a data directory."""

    def __init__(self, data, *words, environment=None, **options):
        """`environment` is added to the little that it gets."""
        self.data = pathlib.Path(data)
        self.said = self.data.parent / "journal"
        command = [TIDEMARK, "run", "--port", "0", "--data", str(data), *words]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.data.parent), **(environment or {})}
        with open(self.said, "wb") as journal:
            self.process = subprocess.Popen(command, cwd=self.data.parent, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=journal, stderr=journal, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        """SIGKILL. True if it was still running."""
        lived = not self.has_ended()
        self.process.kill()
        self.process.wait()
        return lived and self.process.returncode == -signal.SIGKILL

    def journal(self):
        return self.said.read_text(errors="replace")

    def wait_until(self, happened, what):
        deadline = time.monotonic() + PATIENCE
        while True:
            ended = self.has_ended()  # before the check, so that its last action is seen
            value = happened()
            if value:
                return value
            if ended:
                raise AssertionError(f"ended with {self.process.returncode} before {what}:\n{self.journal()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {PATIENCE} s: {what}\n{self.journal()}")
            time.sleep(0.01)

    def url(self):
        return self.wait_until(lambda: re.search(r"run\.started page=(\S+)", self.journal()), "it started")[1]

    def status(self):
        with urllib.request.urlopen(self.url() + "/api/v1/status", timeout=PATIENCE) as answer:
            return json.load(answer)

    def end(self, number=signal.SIGTERM):
        """Stops it as an operator would; returns its output."""
        self.process.send_signal(number)
        return self.wait_for_end()

    def wait_for_end(self):
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end within {PATIENCE} s:\n{self.journal()}") from None
        assert code == 0, f"ended with {code}:\n{self.journal()}"
        return self.journal()


def files_of_lake(data):
    """The Parquet files of the lake. Folders may vanish meanwhile, which os.walk tolerates."""
    return [pathlib.Path(folder) / name for folder, _, names in os.walk(pathlib.Path(data) / "lake")
            for name in names if ".parquet" in name]


def hidden(data):
    return [path for path in files_of_lake(data) if path.name.startswith(".")]


def days_in_the_making(data):
    anew = pathlib.Path(data) / "lake/.anew"
    return os.listdir(anew) if anew.exists() else []


class Moments:
    """Chooses when to kill: after some time, or when a file of the lake is being written or has just been published, or when
    compaction remakes a day."""

    def __init__(self, chance, longest):
        self.chance = chance
        self.longest = longest

    def wait(self, life):
        kind = self.chance.choice(["after a while", "after a while", "a hidden file", "a shown file", "a day made anew"])
        deadline = time.monotonic() + self.chance.uniform(0, self.longest)
        if kind == "after a while":
            while time.monotonic() < deadline and not life.has_ended():
                time.sleep(0.001)
            return kind
        look = {
            "a hidden file": hidden,
            "a shown file": lambda data: set(files_of_lake(data)) - set(hidden(data)),
            "a day made anew": days_in_the_making,
        }[kind]
        before = look(life.data)
        deadline = time.monotonic() + 3 * self.longest
        while time.monotonic() < deadline and not life.has_ended():
            if set(look(life.data)) - set(before):
                break
        return kind


class MomentsOfCompaction:
    """Chooses when to kill a life with something to compact: soon after its start, unless it was quicker."""

    def __init__(self, chance):
        self.chance = chance

    def wait(self, life):
        life.url()  # by then, leftovers of the previous life are removed
        life.wait_until(lambda: days_in_the_making(life.data) or "lake.compacted" in life.journal(), "a day is made anew")
        time.sleep(self.chance.uniform(0, 0.15))
        return "a day made anew"
