"""Memory that is bounded, short, or refused. TIDEMARK_FULL=1: larger inputs, and every allocation of the short ones."""

import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "lib"))

import bounds  # noqa: E402
import harness  # noqa: E402
import injected  # noqa: E402
import limits  # noqa: E402


def told(name, check, *arguments):
    def in_folder():
        with tempfile.TemporaryDirectory(prefix="tidemark-memory-") as folder:
            return check(pathlib.Path(folder), *arguments)

    harness.tell(" ".join(name.split()), in_folder)


def main():
    for what, make, words in bounds.PARQUET:
        told(f"import, a Parquet file: {what}", bounds.parquet, make, words)
    for pack in ("zst", "gz", "zip"):
        told(f"import, an endless line in .{pack}: one record that is too long", bounds.lines, pack)
    for check in bounds.CASES:
        told(f"bounded: {check.__doc__}", check)
    for name, words in limits.VERBS:
        told(f"ulimit -v: {name} ends with a sentence, whatever it is given", limits.check, words)
    for name in injected.STORIES:
        told(f"an allocation that fails: {name} ends with a sentence, and what is there in the end is right", injected.check, name)
    harness.end()


main()
