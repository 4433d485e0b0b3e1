"""Parses a case file: a sentence, then sections that begin with `=== `."""

import collections
import pathlib
import re

Section = collections.namedtuple("Section", "what words body")
Case = collections.namedtuple("Case", "name sentence sections")


def read(path, root):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    head, *sections = re.split(r"^=== ", text, flags=re.MULTILINE)
    found = []
    for section in sections:
        first, _, body = section.partition("\n")
        what, _, words = first.partition(" ")
        if what not in ("file", "run", "bars"):
            raise ValueError(f"{path}: no section is called {what}")
        found.append(Section(what, words.strip(), body))
    sentence = " ".join(head.split()).rstrip(".")
    if not sentence or not any(section.what == "run" for section in found):
        raise ValueError(f"{path}: a case is a sentence and at least one run")
    return Case(str(pathlib.Path(path).relative_to(root).with_suffix("")), sentence, found)


def vendors(markdown):
    """vendor → command, from the table whose header begins with `| vendor`."""
    rows, inside = {}, False
    for line in pathlib.Path(markdown).read_text(encoding="utf-8").splitlines():
        if line.lower().startswith("| vendor"):
            inside = True
        elif inside and not line.startswith("|"):
            inside = False
        elif inside and not set(line) <= set("|-: "):
            cells = [cell.strip() for cell in line.replace("\\|", "\0").strip("|").split("|")]
            rows[cells[0]] = cells[-1].strip("`").replace("\0", "|")
    return rows
