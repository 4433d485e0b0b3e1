"""Runs every check of this folder; prints `ok - sentence`, `not ok - sentence` or `skip - sentence: reason`."""

import sys
import traceback

import configuration
import docs
import doctor
import pipelines
import signals
import words
from program import Skip


def main():
    failed = False
    for module in (words, configuration, doctor, docs, pipelines, signals):
        for name, check in list(vars(module).items()):
            if not name.startswith("check_"):
                continue
            sentence = check.__doc__.strip().rstrip(".")
            try:
                check()
                print(f"ok - {sentence}", flush=True)
            except Skip as reason:
                print(f"skip - {sentence}: {reason}", flush=True)
            except Exception:  # every check is told, whatever the others do
                failed = True
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}")
                print(f"not ok - {sentence}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
