"""The program as a process with its peak of resident memory, and the allowed outcomes."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

TIDEMARK = os.environ["TIDEMARK"]
PEAK = pathlib.Path(__file__).resolve().with_name("peak.py")
MB = 1_000_000
# The memory of the program, its libraries and freed but unreturned memory; app/process/memory_limit.cc allows 128 MiB.
ALLOWANCE = 180 * MB
CODES = (0, 1, 2, 3)
LIBRARIES_NAG = re.compile(r"<jemalloc>: .*\n")


class Ended:
    def __init__(self, code, out, err, peak):
        self.code, self.out, self.err, self.peak = code, out, err, peak

    def sentence(self):
        return LIBRARIES_NAG.sub("", self.err).strip()

    def __repr__(self):
        return f"code {self.code}, peak {self.peak // MB} MB\n{self.out[-400:]}\n{self.err[-1500:]}"


def run(*words, limit=None, environment=None, timeout=300):
    """`limit` bounds its address space, in bytes."""
    with tempfile.TemporaryDirectory(prefix="tidemark-peak-") as folder:
        folder = pathlib.Path(folder)
        report = folder / "report"
        wrapper = [sys.executable, "-I", "-S", PEAK, report, limit or "-"]
        environment = [f"{name}={value}" for name, value in (environment or {}).items()]
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            command = [*wrapper, *(["/usr/bin/env", *environment] if environment else []), TIDEMARK, *words]
            subprocess.run([*map(str, command)], stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=timeout, check=True)
        code, peak = map(int, report.read_text().split())
        return Ended(code, *((folder / name).read_text(errors="replace") for name in ("out", "err")), peak)


def ended_well(ended):
    """Checks that it ended with a documented exit code, and with a message if that is not 0."""
    assert ended.code in CODES, ended
    assert "terminate called" not in ended.err and "core dumped" not in ended.err, ended
    assert ended.code == 0 or ended.out or "tidemark" in ended.sentence(), ended
    return ended


if sys.platform != "linux":
    raise SystemExit("peaks are read as Linux tells them")
