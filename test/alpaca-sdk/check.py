"""Runs every check of this folder; prints `ok - sentence`, `not ok - sentence` or `skip - sentence: reason`.

A word behind it chooses the checks with that word in their name.
"""

import sys
import traceback

import go_sdk
import protocol
import python_sdk
from server import Skip


def main(word=""):
    failed = False
    for module in (protocol, python_sdk, go_sdk):
        for name, check in list(vars(module).items()):
            if not name.startswith("check_") or word not in name:
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
    sys.exit(main(*sys.argv[1:2]))
