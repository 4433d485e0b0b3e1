"""Does what docs/walk-through.md tells of: types its commands into a shell, and compares what is answered with what stands there.

In the page's indented blocks a line after `$` is typed, and the lines below it are what it has to say. `…` stands for anything within
a line, a line of only `…` for any lines. What looks at something that takes a while (curl, grep, tail) is asked again until it is true.
With --show everything that is answered is shown, for whoever writes the page.
"""

import contextlib
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
PORT = "8050"  # of the page's commands; the one that is really taken is any that is free
SERVER_PORT = "8061"  # of the server that the page's commands start; likewise
PATIENCE = 180  # seconds until something that has to become true is given up
LOOKS = ("curl", "grep", "tail")
END = "=== the end of"


def chapters():
    """(heading, [(command, lines it says)]) of the page."""
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
    """True when the page's lines stand for what was told."""
    pattern = r"\n".join(r"(?:.*\n)*?.*" if line.strip() == "…" else re.escape(line).replace("…", ".*") for line in expected)
    return re.fullmatch(pattern, told.rstrip("\n")) is not None


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Shell:
    """One shell for the whole page, so that its variables and jobs last; nothing it started survives it."""

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
        """Of the program that was started last, once it listens."""
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
    """What is there before the first command: the directory of an older program that was killed, and its input."""
    (folder / "yesterday").mkdir()
    with contextlib.closing(sqlite3.connect(folder / "yesterday/log.db")) as log:
        log.executescript((ROOT / "test/stages/upgrade/log-v2.sql").read_text())
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
                    break  # the chapters behind it go on from where it ends
        finally:
            shell.end()
            subprocess.run(["umount", "--lazy", folder / "data"], stderr=subprocess.DEVNULL)


main()
harness.end()
