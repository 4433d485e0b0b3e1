"""The form of a file: short, one guard, and a first sentence that says what is in it."""

import pathlib
import typing

from borders import is_test
from tree import WRITTEN, Finding, sources

LONGEST = 449
LONG = 400


def too_long(root: pathlib.Path, paths: list[pathlib.PurePosixPath], limit: int = LONGEST) -> typing.Iterator[Finding]:
    for path in paths:
        if path.suffix not in WRITTEN or path.name == "LICENSE":
            continue
        with open(root / path, "rb") as file:
            lines = sum(1 for _ in file)
        if lines > limit:
            yield Finding("length", str(path), lines, f"{lines} lines; a room has at most {limit}")


def sizes(root: pathlib.Path) -> str:
    """How long the C++ files are, in words."""
    lines = sorted(text.count("\n") for _, text in sources(root))
    return f"src: {len(lines)} files; lines: median {lines[len(lines) // 2]}, p90 {lines[len(lines) * 9 // 10]}, largest {lines[-1]}"


def doors(root: pathlib.Path) -> typing.Iterator[Finding]:
    everything = list(sources(root))
    known = {path for path, _ in everything}
    for path, text in everything:
        # The .cc of a header needs no first sentence, because the header has it.
        has_door = is_test(path) or (path.suffix == ".cc" and path.with_suffix(".h") in known)
        if not has_door and not text.startswith("// "):
            yield Finding("doors", f"src/{path}", 1, "begins without the sentence that says what is in it")
        if path.suffix == ".h" and "#pragma once\n" not in text:
            yield Finding("doors", f"src/{path}", 1, "has no #pragma once")
