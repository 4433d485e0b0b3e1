"""Runs every check of this folder; prints `ok - sentence`, `not ok - sentence` or `skip - sentence: reason`."""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import configuration  # noqa: E402
import docs  # noqa: E402
import doctor  # noqa: E402
import harness  # noqa: E402
import pipelines  # noqa: E402
import signals  # noqa: E402
import words  # noqa: E402


def main():
    for module in (words, configuration, doctor, docs, pipelines, signals):
        for name, check in list(vars(module).items()):
            if name.startswith("check_"):
                harness.tell(check.__doc__.strip().rstrip("."), check)


if __name__ == "__main__":
    main()
    harness.end()
