"""Checks that everything fetched is pinned to the byte, and that all parts of the program are listed: lock files, checksums, THIRD-PARTY.md."""

import json
import pathlib
import re
import sys
import typing

from tree import Finding

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "supply"))

import notices  # noqa: E402
import parts  # noqa: E402

REGISTRY = "https://registry.npmjs.org/"
NOT_IN_PROGRAM = {"Threads", "GTest", "benchmark"}
FETCHING = {"dev", "run", "stages"}  # scripts without a suffix


def locks(root: pathlib.Path, paths: list[pathlib.PurePosixPath]) -> typing.Iterator[Finding]:
    for path in paths:
        name, folder = path.name, root / path.parent
        if name == "pom.xml" and not (folder / "jars.sha256").exists():
            yield Finding("locks", str(path), 1, "has no jars.sha256 beside it; ./dev lock jars makes it")
        if name == "go.mod" and not (folder / "go.sum").exists():
            yield Finding("locks", str(path), 1, "has no go.sum beside it")
        if name == "package.json" and not (folder / "package-lock.json").exists():
            yield Finding("locks", str(path), 1, "has no package-lock.json beside it")
        if name == "package-lock.json":
            yield from npm(root, path)
        if path.parent.name == "python" and path.suffix == ".in" and not (root / path.with_suffix(".txt")).exists():
            yield Finding("locks", str(path), 1, "has no .txt beside it; ./dev lock python makes it")
        if path.parent.name == "python" and path.suffix == ".txt":
            yield from pip(root, path)
        if name == "needs":
            yield from needs(root, path)
        if (name in FETCHING or path.suffix in (".py", ".sh", ".cmake")) and "house" not in path.parts:
            yield from commands(root, path)


def npm(root: pathlib.Path, path: pathlib.PurePosixPath) -> typing.Iterator[Finding]:
    for name, package in json.loads((root / path).read_text())["packages"].items():
        if name and not package.get("integrity"):
            yield Finding("locks", str(path), 1, f"{name} has no checksum")
        if not package.get("resolved", REGISTRY).startswith(REGISTRY):
            yield Finding("locks", str(path), 1, f"{name} comes from {package['resolved']}")


def pip(root: pathlib.Path, path: pathlib.PurePosixPath) -> typing.Iterator[Finding]:
    logical = (root / path).read_text().replace("\\\n", " ")
    for line in logical.splitlines():
        if line.strip() and not line.startswith("#") and not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line):
            yield Finding("locks", str(path), 1, f"{line.split()[0]} has no version and hash")


def needs(root: pathlib.Path, path: pathlib.PurePosixPath) -> typing.Iterator[Finding]:
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        kind, _, what = line.removeprefix("full ").partition(" ")
        if kind in ("pip", "pip-apart") and not (root / f"supply/python/{what}.txt").exists():
            yield Finding("locks", str(path), number, f"there is no supply/python/{what}.txt")


def commands(root: pathlib.Path, path: pathlib.PurePosixPath) -> typing.Iterator[Finding]:
    for number, line in enumerate((root / path).read_text(errors="replace").splitlines(), 1):
        if re.search(r"\bpip install\b", line) and "--require-hashes" not in line:
            yield Finding("locks", str(path), number, "pip without --require-hashes")
        if re.search(r"\bnpm[\"']? (install|i|add)\b", line):
            yield Finding("locks", str(path), number, "npm ci takes what the lock file lists; this takes what is newest")


def listed(root: pathlib.Path, paths: list[pathlib.PurePosixPath]) -> typing.Iterator[Finding]:
    """Checks that supply/parts.toml matches the build's files, and THIRD-PARTY.md matches both."""
    if not (root / "supply/parts.toml").exists():
        return
    in_build = set()
    for path in paths:
        if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
            text = re.sub(r"#.*", "", (root / path).read_text())
            in_build |= set(re.findall(r"^\s*(?:find_package|tidemark_io_needs)\((\w+)", text, re.MULTILINE))
    in_list = {part["cmake"] for part in parts.known(root)["part"] if "cmake" in part}
    for name in sorted(in_build - in_list - NOT_IN_PROGRAM):
        yield Finding("parts", "supply/parts.toml", 1, f"{name} is in the build and not in this list")
    for name in sorted(in_list - in_build):
        yield Finding("parts", "supply/parts.toml", 1, f"{name} is in this list and not in the build")

    notice = root / "THIRD-PARTY.md"
    said = notices.names_and_licences(notice.read_text()) if notice.exists() else set()
    due = {(part.name, part.licence, part.how) for part in parts.named(root)}
    for name, licence, how in sorted(said ^ due):
        fault = "should say" if (name, licence, how) in due else "should not say"
        yield Finding("parts", "THIRD-PARTY.md", 1, f"{fault}: {name}, {licence}, {how}; ./dev sbom --write writes it anew")


def promised(root: pathlib.Path, paths: list[pathlib.PurePosixPath]) -> typing.Iterator[Finding]:
    """Checks that SECURITY.md names existing tests: `Suite.Name`, `module: name of a case`, or a case's sentence."""
    page = root / "SECURITY.md"
    if not page.exists():
        return
    texts = [(root / path).read_text(errors="replace") for path in paths if path.suffix == ".py" or path.name in FETCHING or path.name.endswith("_test.cc")]
    written = re.sub(r"\s+", " ", "\n".join(texts))
    for paragraph in re.findall(r"\((`[^()]*`[^()]*)\)", page.read_text()):
        for name in re.findall(r"`([^`]+)`", paragraph):
            name = re.sub(r"\s+", " ", name)
            if name.startswith("./dev ") or re.search("[=…]", name):
                continue
            suite, dot, case = name.partition(".")
            module, colon, words = name.partition(": ")
            forms = [name]
            if dot and re.fullmatch(r"\w+\.\w+", name):
                forms = [f"({suite}, {case})"]
            elif colon and re.fullmatch(r"\w+", module):
                forms = [f"def case_{words.replace(' ', '_')}(", name]
            if not any(form in written for form in forms):
                yield Finding("promises", "SECURITY.md", 1, f"no test is called {name}")
