"""The files of a checkout for the house rules: those that people wrote, without build output."""

import pathlib
import re
import typing

BUILT = {"build", ".deps", ".git", ".cache", "node_modules", ".test", "dist", "target", "__pycache__", "test-results"}
WRITTEN = {".cc", ".h", ".py", ".ts", ".css", ".html", ".cmake", ".sh", ""}


class Finding(typing.NamedTuple):
    rule: str
    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


def files(root: pathlib.Path) -> typing.Iterator[pathlib.PurePosixPath]:
    """Every file that people wrote, relative to the root, in a fixed order."""
    pending = [root]
    while pending:
        for entry in sorted(pending.pop().iterdir()):
            if entry.name in BUILT or entry.is_symlink():  # ./tidemark is one
                continue
            if entry.is_dir():
                pending.append(entry)
            else:
                yield pathlib.PurePosixPath(entry.relative_to(root).as_posix())


def sources(root: pathlib.Path) -> typing.Iterator[tuple[pathlib.PurePosixPath, str]]:
    """The C++ under src/ with its text; paths are relative to src/, as includes are."""
    for path in files(root / "src"):
        if path.suffix in {".cc", ".h"}:
            yield path, (root / "src" / path).read_text()


# Raw strings match before plain ones, and strings before comments: "http://x" begins no comment.
_NOT_CODE = re.compile(
    r'R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![\w'])'(?:\\.|[^'\\\n])'"
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)


def code_only(text: str) -> str:
    """The text with comments and literals blanked, line numbers kept."""
    return _NOT_CODE.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
