"""What a part of a chapter has printed, kept in build/campaign until it is run again: command, circumstances, what it printed, how it ended."""

import contextlib
import os
import re
import subprocess

import tables

FOLDER = tables.ROOT / "build" / "campaign"
SOURCES = ("src", "test", "fuzz", "bench", "cmake", "contract")  # what a result is of
ENDED = re.compile(r"ended with (-?\d+) after (\d+) s")


class Kept:
    """Part `number` of `parts`; a chapter of one part is kept as a whole."""

    def __init__(self, chapter, number, parts):
        self.chapter, self.number, self.parts = chapter, number, parts
        self.path = FOLDER / (f"{chapter}.txt" if parts == 1 else f"{chapter}.{number}.txt")

    def exists(self):
        return self.path.exists()

    def lines(self):
        return self.path.read_text().splitlines()

    def command(self):
        return self.lines()[0]

    def circumstances(self):
        return self.lines()[1]

    def printed(self):
        return self.lines()[2:-1]

    def told_end(self):
        return self.lines()[-1]

    def ended_well(self):
        return ENDED.fullmatch(self.told_end())[1] == "0"

    def seconds(self):
        return int(ENDED.fullmatch(self.told_end())[2])

    def counts_still(self, command=None):
        """Whether it ended well, and nothing of the sources has changed since."""
        if not self.exists() or not self.ended_well() or command not in (None, self.command()):
            return False
        commit = re.search(r"commit ([0-9a-f]+)(,| and changes since)", self.circumstances())
        if not commit or commit[2] != "," or ", quick" in self.circumstances():
            return False
        return subprocess.run(["git", "diff", "--quiet", commit[1], "--", *SOURCES], cwd=tables.ROOT, stderr=subprocess.DEVNULL).returncode == 0

    @contextlib.contextmanager
    def begin(self, command, circumstances):
        """A file for what it prints. It takes the place of the old one when it has come to its end."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial")
        with open(partial, "w") as file:
            print(f"{command}\n{circumstances}", file=file, flush=True)
            yield file
        os.replace(partial, self.path)

    def end(self, file, code, seconds):
        print(f"ended with {code} after {seconds:.0f} s", file=file)

    def forget_others(self):
        """What is there of another way to run the chapter: the whole where parts are run, parts where the whole is."""
        others = FOLDER.glob(f"{self.chapter}.[0-9]*.txt") if self.parts == 1 else [FOLDER / f"{self.chapter}.txt"]
        for other in others:
            other.unlink(missing_ok=True)
