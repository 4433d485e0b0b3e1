"""Files of one folder are compiled together (cmake/Rooms.cmake), and so are its tests: each share one anonymous namespace, whose names are of
one file each.

The compiler says so, too, but only where the two files come into one part of eight, which any new file moves. Functions with other parameters
are overloads, and an alias may say the same twice.
"""

import pathlib
import re
import typing

from borders import is_test
from tree import Finding, code_only, sources

ALONE = re.compile(r"(?:set|list)\s*\(\s*(?:APPEND\s+)?TIDEMARK_ALONE\s([^)]*)\)")
NAMESPACE = re.compile(r"^(?:inline\s+)?namespace\b\s*([\w:]*)")
TYPE = re.compile(r"^(?:typedef\s+)?(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(?:alignas\s*\([^)]*\)\s*|\[\[[^\]]*\]\]\s*)*(\w+)")
ALIAS = re.compile(r"^(?:using|concept)\s+(\w+)\s*=")
# What is declared stands behind its type, and before its parameters, value, size or end.
DECLARED = re.compile(r"^.*?[\w>&*\]]\s*[\s&*](\w+)\s*(?:\(|=|\[|$)", re.DOTALL)
NO_NAME = re.compile(r"^(?:using\s+namespace|static_assert|extern|friend|$)|\boperator\b")
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def without_template(head: str) -> str:
    """What follows `template <…>` and attributes."""
    while match := re.match(r"template\s*<|\[\[[^\]]*\]\]\s*|requires\b[^{;]*?\n", head):
        if not head.startswith("template"):
            head = head[match.end() :]
            continue
        depth, at = 1, match.end()
        while depth and at < len(head):
            depth += {"<": 1, ">": -1}.get(head[at], 0)
            at += 1
        head = head[at:].lstrip()
    return head


def without_arguments(head: str) -> str:
    """Without what stands in <…>, in which other names stand."""
    while (shorter := re.sub(r"<[^<>;{}]*>", "", head)) != head:
        head = shorter
    return head


def types_of(parameters: str) -> str:
    """The types of a list of parameters that begins behind its bracket: by them functions of one name differ."""
    depth, end = 0, 0
    while end < len(parameters) and (parameters[end] != ")" or depth):
        depth += {"(": 1, ")": -1}.get(parameters[end], 0)
        end += 1
    each = (re.sub(r"\s*=.*", "", one).strip() for one in without_arguments(parameters[:end]).split(","))
    return ",".join(re.sub(r"(?<=[\s&*>])\w+$", "", one).strip() for one in each)


def name_in(head: str) -> tuple[str, str] | None:
    """The name that is declared, and what makes it a second one of that name rather than the same again."""
    head = without_template(head)
    if NO_NAME.search(head):
        return None
    if match := TYPE.match(head):
        return match[1], "type"
    if match := ALIAS.match(head):
        return match[1], "=" + " ".join(head[match.end() :].split())
    bare = without_arguments(head)
    if match := DECLARED.match(bare):
        is_function = match[0].endswith("(")
        return match[1], types_of(head[head.index(match[1] + "(") + len(match[1]) + 1 :]) if is_function else "value"
    return None


class Name(typing.NamedTuple):
    space: str  # the named namespaces around it
    name: str
    kind: str  # "type", "value", what an alias stands for, or the types of a function's parameters
    line: int


def names_of_its_own(code: str) -> typing.Iterator[Name]:
    """What stands in anonymous namespaces, and what is static or constant beside them."""
    opened: list[str | None] = []  # namespaces: their names, "" for an anonymous one; None for any other block
    line, head, head_at = 1, "", 1
    for part in re.split(r"([{};\n])", DIRECTIVE.sub(lambda match: "\n" * match[0].count("\n"), code)):
        if part == "\n":
            line += 1
            head += "\n" if head else ""
            continue
        if part not in ("{", "}", ";"):
            if not head.strip():
                head, head_at = part.lstrip(), line
            else:
                head += part
            continue
        space = NAMESPACE.match(head.strip())
        if None not in opened and not space and part != "}" and ("" in opened or re.match(r"\s*(?:static|const|constexpr)\b", head)):
            if found := name_in(head.strip()):
                yield Name("::".join(filter(None, opened)), *found, head_at)
        if part == "{":
            opened.append(space[1] if space else None)
        elif part == "}" and opened:
            opened.pop()
        head = ""


def shared_names(root: pathlib.Path) -> typing.Iterator[Finding]:
    rooms = root / "cmake/Rooms.cmake"
    alone = " ".join(ALONE.findall(rooms.read_text())).split() if rooms.exists() else []
    known: dict[tuple[str, bool, str, str], list[tuple[pathlib.PurePosixPath, Name]]] = {}
    for path, text in sources(root):
        folder = str(path.parent)
        if path.suffix != ".cc" or str(path) in alone or folder in alone:
            continue
        for name in names_of_its_own(code_only(text)):
            others = known.setdefault((folder, is_test(path), name.space, name.name), [])
            for other_path, other in others:
                if other_path != path and is_twice(name.kind, other.kind):
                    yield Finding("unity", f"src/{path}", name.line, f"{name.name} is in the anonymous namespace of {other_path.name}:{other.line}, too; the files of a folder are compiled together")
            others.append((path, name))


def is_twice(kind: str, other: str) -> bool:
    """Whether a compiler that sees both refuses the second: not an alias that says the same, not a function with other parameters."""
    if kind.startswith("=") and other.startswith("="):
        return kind != other
    return kind == other or bool({kind, other} & {"type", "value"}) or kind.startswith("=") or other.startswith("=")
