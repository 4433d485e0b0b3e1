"""Runs docs/walk-through.md: types its commands into a shell, and compares the answers with those on the page.

In the page's indented blocks a line after `$` is typed, and the lines below it are the expected answer. `…` stands for anything within
a line, a line of only `…` for any lines. Commands that wait for something (curl, grep, tail) are repeated until the answer matches.
With --show all answers are printed, for writing the page.
"""

import contextlib
import gzip
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "lib"))

import harness  # noqa: E402

ROOT = HERE.parents[2]
PAGE = ROOT / "docs/walk-through.md"
TIDEMARK = pathlib.Path(os.environ.get("TIDEMARK") or ROOT / "build/release/tidemark")
PORT = "8050"  # in the page's commands; replaced by a free port
SERVER_PORT = "8061"  # of the server that the page's commands start; replaced likewise
PATIENCE = 180  # the longest wait in seconds for something that has to become true
LOOKS = ("curl", "grep", "tail")
END = "=== the end of"


def chapters():
    """(heading, [(command, expected lines)]) of the page."""
    for part in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        steps = []
        for line in part.splitlines():
            if line.startswith("    $ "):
                steps.append((line[6:], []))
            elif line.startswith("    ") and steps:
                steps[-1][1].append(line[4:])
        if steps:
            yield part.splitlines()[0], steps


def says(told, expected):
    """True if the page's lines match the answer."""
    pattern = r"\n".join(r"(?:.*\n)*?.*" if line.strip() == "…" else re.escape(line).replace("…", ".*") for line in expected)
    return re.fullmatch(pattern, told.rstrip("\n")) is not None


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Shell:
    """One shell for the whole page, so that variables and jobs persist; its processes do not survive it."""

    def __init__(self, folder):
        self.folder = folder
        self.server_port = str(free_port())
        environment = {"PATH": f"{TIDEMARK.parent}:{HERE}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", "TIDEMARK_PORT": "0",
                       "PYTHON": sys.executable}
        self.process = subprocess.Popen(["bash", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.type("set -m; trap 'kill -9 $(jobs -p) 2>/dev/null' EXIT")

    def type(self, command):
        port = self.port()
        if port:
            command = command.replace(PORT, port)
        command = command.replace(SERVER_PORT, self.server_port)
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\necho; echo '{END}' $?\n")
        self.process.stdin.flush()
        told = []
        for line in self.process.stdout:
            if line.startswith(END):
                break
            told.append(line)
        text = "".join(told)[:-1]
        text = text.replace(f":{self.server_port}", f":{SERVER_PORT}")
        return text.replace(f":{port}", f":{PORT}") if port else text

    def port(self):
        """The port of the last started program, once it listens."""
        journal = self.folder / "journal"
        found = re.findall(r"serve\.listening url=\S+:(\d+)", journal.read_text()) if journal.exists() else []
        return found[-1] if found else None

    def end(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)


def do(shell, command, expected):
    deadline = time.monotonic() + PATIENCE
    while True:
        told = shell.type(command)
        if says(told, expected):
            if "--show" in sys.argv:
                print(f"$ {command}\n{told}", end="")
            return
        if not command.startswith(LOOKS) or time.monotonic() > deadline:
            raise AssertionError(f"$ {command}\n{told}" + "\n  but the page says\n" + "\n".join(expected))
        time.sleep(0.2)


def prepared(folder):
    """Prepares the state before the first command: the directory of a killed older program, and its input."""
    (folder / "yesterday").mkdir()
    with contextlib.closing(sqlite3.connect(folder / "yesterday/log.db")) as log:
        log.executescript(gzip.decompress((ROOT / "test/stages/upgrade/log-v2.sql.gz").read_bytes()).decode())
        # As if it had been written yesterday: a run forgets what arrived a week ago. Rows of that version have no checksum.
        ((newest,),) = log.execute("SELECT max(ingested_at) FROM alpaca_trends")
        for topic in ("alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"):
            log.execute(f"UPDATE {topic} SET ingested_at = ingested_at + ?", (time.time_ns() - 86_400 * 10**9 - newest,))
        log.commit()
    (folder / "bars.jsonl").write_bytes((ROOT / "test/stages/upgrade/bars.jsonl").read_bytes())


def do_chapter(shell, steps):
    for command, expected in steps:
        do(shell, command, expected)


def main():
    if os.environ.get("TIDEMARK_MOUNTS") != "yes":
        harness.skip("walk-through", "no file system can be mounted here, not even in a user's name space")
        return
    with tempfile.TemporaryDirectory(prefix="tidemark-walk-") as place:
        folder = pathlib.Path(place)
        prepared(folder)
        shell = Shell(folder)
        try:
            for heading, steps in chapters():
                harness.tell(f"walk-through: {heading}", do_chapter, shell, steps, always=True)
                if harness.has_failed():
                    break  # later chapters continue from its end
        finally:
            shell.end()
            subprocess.run(["umount", "--lazy", folder / "data"], stderr=subprocess.DEVNULL)


main()
harness.end()
