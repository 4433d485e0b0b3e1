"""Servers of a developer, who starts them and goes on: `./dev VERB up|down|status|log`. Their folder keeps what they store, and what `up` was
told."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys


class Kept:
    """The folder. `told` is what was given to remember() last, {} in a new folder."""

    def __init__(self, folder, verb, file):
        self.folder, self.verb, self.file = folder.resolve(), verb, folder.resolve() / file
        self.name = os.path.relpath(folder)
        self.told = json.loads(self.file.read_text()) if self.file.exists() else {}

    def remember(self, told):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(told))
        self.told = told

    def write_tools(self, texts):
        """File name → text of a program, in bin/."""
        (self.folder / "bin").mkdir(exist_ok=True)
        for name, text in texts.items():
            file = self.folder / "bin" / name
            file.write_text(text)
            file.chmod(0o755)

    def leave(self, ended, forget):
        """The end of `down`. `ended` is what to say of the servers."""
        if forget:
            shutil.rmtree(self.folder, ignore_errors=True)
        print(ended + (", and its data is deleted." if forget else f"; ./dev {self.verb} up goes on with the data." if self.told else "."))
        return 0

    def log(self, pattern, lines):
        files = sorted(self.folder.glob(pattern))
        if not files:
            sys.exit(f"nothing has been said yet: ./dev {self.verb} up")
        return subprocess.run(["tail", "-n", str(lines), *map(str, files)]).returncode


def options_of(verb, description, folder):
    """The parser, and the one of `up`, which gets more options. The verb is `options.verb`."""
    parser = argparse.ArgumentParser(prog=f"./dev {verb}", description=f"{description} for a developer, on this machine's loopback.")
    parser.add_argument("--folder", type=pathlib.Path, default=folder, help=f"where they live; build/{verb} unless told")
    verbs = parser.add_subparsers(required=True, dest="verb", metavar="up|down|status|log")
    up = verbs.add_parser("up", help="start what does not run yet, on the data of last time")
    verbs.add_parser("down", help="end it; the data stays").add_argument("--forget", action="store_true", help="delete the data, too")
    verbs.add_parser("status", help="what runs, and how it is reached")
    verbs.add_parser("log", help="the last words of each of them")
    return parser, up
