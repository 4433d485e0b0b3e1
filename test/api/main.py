"""Runs every function case_… of the files beside it, and prints one sentence for each."""

import pathlib
import sys
import tempfile
import traceback

import answers
import choices
import crowd
import doors
import live
import questions
import replays
import tokens


def cases():
    for module in (answers, live, doors, questions, replays, choices, tokens, crowd):
        for name, case in list(vars(module).items()):
            if name.startswith("case_"):
                yield f"{module.__name__}: {name.removeprefix('case_').replace('_', ' ')}", case


def main(word=""):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="tidemark-api-") as folder:
        for number, (name, case) in enumerate(cases()):
            if word not in name:
                continue
            data = pathlib.Path(folder) / str(number)
            try:
                reason = case(data)
                print(f"skip - {name}: {reason}" if reason else f"ok - {name}", flush=True)
            except Exception:
                traceback.print_exc(file=sys.stdout)
                print(f"not ok - {name}", flush=True)
                failed += 1
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
