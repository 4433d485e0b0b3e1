"""The program under test, started in an empty folder with a controlled environment."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

TIDEMARK = os.environ.get("TIDEMARK") or str(pathlib.Path(__file__).parents[3] / "build/release/tidemark")
PATIENCE = 60  # the longest wait in seconds for something that should happen


class Folder:
    """An empty folder, and the program started in it."""

    def __init__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="tidemark-cli-")
        self.path = pathlib.Path(self._temporary.name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def write(self, name, text):
        (self.path / name).write_text(text)
        return str(self.path / name)

    def environment(self, more):
        return {"PATH": os.environ["PATH"], "HOME": str(self.path), "LC_ALL": "C.UTF-8", **(more or {})}

    def start(self, *words, environment=None, **options):
        return subprocess.Popen([TIDEMARK, *words], cwd=self.path, env=self.environment(environment), **options)

    def run(self, *words, stdin="", environment=None):
        return subprocess.run([TIDEMARK, *words], cwd=self.path, env=self.environment(environment), input=stdin,
                              text=True, capture_output=True, timeout=PATIENCE)


def wait_until(happened, what):
    """Polls until happened() is true, however long it takes."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE} s: {what}")
        time.sleep(0.01)


def deliver(process, number):
    """Sends a signal and waits until its handler was called, because two pending signals of a kind merge into one."""
    process.send_signal(number)

    def is_delivered():
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except FileNotFoundError:
            return True
        pending = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
        return not any(mask >> (number - 1) & 1 for mask in pending)

    wait_until(is_delivered, f"signal {number} was not delivered")


def end(process):
    """Cleans up after a check that failed half-way."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait()
