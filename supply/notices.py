"""THIRD-PARTY.md: names and licences of all parts, and the notices that code inside the program requires."""

import pathlib
import re
import textwrap

import parts

HEAD = """\
# Third-party software

What Tidemark is made of besides its own code, which is under the [Apache License 2.0](LICENSE). Written by `./dev sbom --write` from
supply/parts.toml and web/package-lock.json; `./dev test house` says when it is out of date. The versions of a built program:
`tidemark version --build`, or `./dev sbom` for a machine to read (CycloneDX).

*Linked*: a shared library of your system, which comes with its own package and licence file. *Compiled in*: code of its headers is in the
program. *Brought along*: installed beside the program. *In the page*: its code is in the page that the program serves.
"""

# Code of these is in the program or its page, and their licences ask for this notice to come along. Those under the Apache License and the Boost
# licence do not need one.
FROM_PACKAGES = {"CLI11": "libcli11-dev", "fmt": "libfmt-dev", "spdlog": "libspdlog-dev", "toml++": "libtomlplusplus-dev"}


def table(root: pathlib.Path) -> list[str]:
    lines = ["| name | licence | how | |", "|---|---|---|---|"]
    return lines + [f"| [{part.name}]({part.home}) | {part.licence} | {part.how} | {part.note} |" for part in parts.named(root)]


def names_and_licences(text: str) -> set[tuple[str, str, str]]:
    """The entries of a THIRD-PARTY.md: (name, licence, how)."""
    return set(re.findall(r"^\| \[(.*?)\]\(.*?\) \| (.*?) \| (.*?) \|", text, re.MULTILINE))


def notice_of_page(root: pathlib.Path, name: str) -> str:
    found = sorted((root / "web/node_modules" / name).glob("LICEN[CS]E*"))
    return found[0].read_text() if found else ""


def notice_of_package(package: str) -> str:
    """Copyright and licence of `Files: *` in a package's machine-readable copyright file (DEP-5)."""
    path = pathlib.Path(f"/usr/share/doc/{package}/copyright")
    text = path.read_text() if path.exists() else ""
    stanzas = re.split(r"\n\s*\n(?=\S)", text)
    of_all = next((stanza for stanza in stanzas if re.match(r"Files:\s*\*\s*\n", stanza)), "")
    copyright_ = re.search(r"^Copyright:((?:.*\n?)(?:[ \t].*\n?)*)", of_all, re.MULTILINE)
    licence = re.search(r"^License: *(\S.*)\n((?:[ \t].*\n?)*)", of_all + "\n", re.MULTILINE)
    if not copyright_ or not licence:
        return ""
    words = licence[2] or next((stanza for stanza in stanzas if stanza.startswith(f"License: {licence[1]}\n")), "\n").split("\n", 1)[1]
    lines = [line.strip() for line in words.splitlines()]
    holders = [f"Copyright {line.strip()}" for line in copyright_[1].splitlines() if line.strip()]
    return "\n".join([*holders, "", *("" if line == "." else line for line in lines)])


def written(root: pathlib.Path) -> str:
    found = {part.name: notice_of_page(root, part.name) for part in parts.page(root) if part.licence != "Apache-2.0"}
    found |= {name: notice_of_package(package) for name, package in FROM_PACKAGES.items()}
    sections = [f"### {name}\n\n```\n{textwrap.dedent(text).strip()}\n```\n" for name, text in found.items() if text]
    return "\n".join([HEAD, *table(root), "", "## Notices", "", *sections])
