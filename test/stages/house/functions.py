"""How long functions are, from the first line of their head to their last brace; functions inside a function count in it, too.

C++, TypeScript and JavaScript are read by their braces, Python by its own parser, shell by `name() {` and `}` at the margin.
"""

import ast
import pathlib
import re
import typing

from tree import Finding, code_only

LONGEST = 70
LANGUAGES = {".cc", ".h", ".c", ".ts", ".js", ".py", ".sh"}

# What opens a scope or begins a list of values is no function. In C++ a head follows `public:`, in TypeScript `export`.
SCOPE = re.compile(r"^(?:export\s+|default\s+|declare\s+|abstract\s+|inline\s+|template\s*<.*>\s*|typedef\s+)*(?:namespace|class|struct|union|enum|extern|interface|requires|type)\b", re.DOTALL)
LABEL = re.compile(r"^\s*(?:(?:public|private|protected)\s*:(?!:)|#[^\n]*(?:\\\n[^\n]*)*\n)\s*")
# After the parameters: qualifiers, a result, what a constructor begins with. Or a lambda without parameters, `else`, nothing.
FUNCTION = re.compile(r"(?:\)\s*(?:const|noexcept|override|final|mutable|&&?|->[^;{}]*|:[^;{}]*|=>|\s)*|\]|=>|\belse|\btry|\bdo)$|^$", re.DOTALL)
# What a script has beside strings and comments: templates, and patterns, which may hold quotes and braces. The first that begins counts.
_SCRIPT_TEXT = re.compile(
    r"`(?:\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*`"
    r"|(?<=[=(,:?&|!\[])(\s*)/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)


class Unread(ValueError):
    """A text whose braces do not match as they are read here."""


def of_braces(code: str) -> typing.Iterator[tuple[int, int]]:
    """First and last line of each function, and of each branch and loop; `code` has no comments and literals."""
    opened: list[tuple[int, bool]] = []  # first line, and whether it is a function
    line, head_at, head = 1, 1, ""  # `head`: what was read since the last mark; it began in the line `head_at`
    for part in re.split(r"([{};\n])", code):
        if part == "\n":
            line += 1
            head += "\n" if head else ""
        elif part == "{":
            while label := LABEL.match(head):
                head_at += label[0].count("\n")
                head = head[label.end() :]
            head = head.strip()
            opened.append((head_at if head else line, not SCOPE.search(head) and bool(FUNCTION.search(head))))
            head = ""
        elif part == "}":
            if not opened:
                raise Unread(f"line {line} closes a brace that nothing opened")
            begin, is_function = opened.pop()
            if is_function:
                yield begin, line
            head = ""
        elif part == ";":
            head = ""
        elif head:
            head += part
        elif part.strip():
            head, head_at = part, line
    if opened:
        raise Unread(f"line {opened[-1][0]} opens a brace that nothing closes")


def of_python(text: str) -> typing.Iterator[tuple[int, int]]:
    pending: list[ast.AST] = [ast.parse(text)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield min([node.lineno, *(line.lineno for line in node.decorator_list)]), node.end_lineno or node.lineno
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):  # statements; no function stands in an expression
            statements = getattr(node, part, [])
            pending += statements if isinstance(statements, list) else []


def of_shell(text: str) -> typing.Iterator[tuple[int, int]]:
    for match in re.finditer(r"^[\w-]+\(\) [{(]\n.*?^[})]", text, re.DOTALL | re.MULTILINE):
        begin = text.count("\n", 0, match.start()) + 1
        yield begin, begin + match[0].count("\n")


def language_of(path: pathlib.PurePosixPath, head: bytes) -> str:
    """The suffix of a file; for one without, which is a script if its first line names an interpreter, that of its language."""
    if path.suffix or not head.startswith(b"#!"):
        return path.suffix
    return ".py" if b"python" in head else ".sh"


def of_text(language: str, text: str) -> typing.Iterable[tuple[int, int]]:
    if language in {".cc", ".h", ".c"}:
        return of_braces(code_only(text))
    if language in {".ts", ".js"}:
        return of_braces(_SCRIPT_TEXT.sub(lambda match: " " + "\n" * match[0].count("\n"), text))
    return {".py": of_python, ".sh": of_shell}[language](text)


def too_long(root: pathlib.Path, paths: list[pathlib.PurePosixPath]) -> typing.Iterator[Finding]:
    for path in paths:
        with open(root / path, "rb") as file:
            language = language_of(path, file.readline(100))
            if language not in LANGUAGES:
                continue
        text = (root / path).read_text()
        try:
            for begin, end in of_text(language, text):
                if (count := end - begin + 1) > LONGEST:
                    yield Finding("functions", str(path), begin, f"a function of {count} lines; it has at most {LONGEST}")
        except (Unread, SyntaxError) as why:
            yield Finding("functions", str(path), 1, f"its functions cannot be counted: {why}")
