"""Runs every function case_… of the files in this folder, and prints one sentence for each."""

import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import answers  # noqa: E402
import choices  # noqa: E402
import crowd  # noqa: E402
import doors  # noqa: E402
import future  # noqa: E402
import harness  # noqa: E402
import history  # noqa: E402
import live  # noqa: E402
import questions  # noqa: E402
import replays  # noqa: E402
import tokens  # noqa: E402


def cases():
    for module in (answers, live, future, doors, questions, history, replays, choices, tokens, crowd):
        for name, case in list(vars(module).items()):
            if name.startswith("case_"):
                yield f"{module.__name__}: {name.removeprefix('case_').replace('_', ' ')}", case


def main(word=""):
    harness.choose(word)
    with tempfile.TemporaryDirectory(prefix="tidemark-api-") as folder:
        for number, (name, case) in enumerate(cases()):
            harness.tell(name, case, pathlib.Path(folder) / str(number))


main(*sys.argv[1:])
harness.end()
