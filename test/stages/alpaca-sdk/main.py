"""Runs every check of this folder; prints `ok - sentence`, `not ok - sentence` or `skip - sentence: reason`.

An argument chooses the checks with that word in their name.
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import go_sdk  # noqa: E402
import harness  # noqa: E402
import protocol  # noqa: E402
import python_sdk  # noqa: E402


def main(word=""):
    for module in (protocol, python_sdk, go_sdk):
        for name, check in list(vars(module).items()):
            if name.startswith("check_") and word in name:
                harness.tell(check.__doc__.strip().rstrip("."), check)


if __name__ == "__main__":
    main(*sys.argv[1:2])
    harness.end()
