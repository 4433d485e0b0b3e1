"""How a file has to look from the door: short, one guard, and a first sentence that says what is in it."""

import pathlib
import typing

from borders import is_test
from tree import WRITTEN, Finding, sources

LONGEST = 600
LONG = 400


def too_long(root: pathlib.Path, paths: list[pathlib.PurePosixPath], limit: int = LONGEST) -> typing.Iterator[Finding]:
    for path in paths:
        if path.suffix not in WRITTEN or path.name == "LICENSE":
            continue
        with open(root / path, "rb") as file:
            lines = sum(1 for _ in file)
        if lines > limit:
            yield Finding("length", str(path), lines, f"{lines} lines; a room has at most {limit}")


def doors(root: pathlib.Path) -> typing.Iterator[Finding]:
    for path, text in sources(root):
        if not is_test(path) and not text.startswith("// "):
            yield Finding("doors", f"src/{path}", 1, "begins without the sentence that says what is in it")
        if path.suffix == ".h" and "#pragma once\n" not in text:
            yield Finding("doors", f"src/{path}", 1, "has no #pragma once")
