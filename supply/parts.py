"""The parts of the program besides its own code: supply/parts.toml, joined with the lock files and with what the program reports about itself."""

import dataclasses
import json
import pathlib
import re
import subprocess
import tomllib

TOOLS = re.compile(r"^(cmake|mold|clang(\+\+)?|(.*-)?(g\+\+|gcc|c\+\+))(-[\d.]+)?$")  # in `version --build`, but not in the program


@dataclasses.dataclass
class Component:
    name: str
    how: str
    licence: str  # an SPDX expression, or the package's own text
    is_spdx: bool = True
    version: str = ""
    home: str = ""
    purl: str = ""
    note: str = ""
    integrity: str = ""  # "sha512-…" as npm writes it, or "sha256:…" as pip does
    files: list[str] = dataclasses.field(default_factory=list)


def known(root: pathlib.Path) -> dict:
    return tomllib.loads((root / "supply/parts.toml").read_text())


def page(root: pathlib.Path) -> list[Component]:
    """The npm packages whose code is in the page: those that web/package-lock.json does not mark as development only."""
    packages = json.loads((root / "web/package-lock.json").read_text())["packages"]
    return [
        Component(
            name=path.rpartition("node_modules/")[2],
            how="in the page",
            licence=package["license"],
            version=package["version"],
            home=f"https://www.npmjs.com/package/{path.rpartition('node_modules/')[2]}",
            purl=f"pkg:npm/{path.rpartition('node_modules/')[2].replace('@', '%40')}@{package['version']}",
            integrity=package["integrity"],
        )
        for path, package in sorted(packages.items())
        if path and not package.get("dev") and not package.get("devOptional")
    ]


def named(root: pathlib.Path) -> list[Component]:
    """The entries of the notices: without versions and packages, so the same on every system."""
    kept = [Component(part["name"], part["how"], part["licence"], home=part["home"], note=part.get("note", "")) for part in known(root)["part"]]
    return kept + page(root)


def of_program(root: pathlib.Path, program: str) -> list[Component]:
    """Everything that this program links, ships or has in its page, with its version on this system."""
    said = json.loads(subprocess.run([program, "version", "--build", "--json"], capture_output=True, text=True, check=True).stdout)
    lists = known(root)
    found: dict[str, Component] = {}
    for fact in said["parts"]:
        file, is_library = fact["file"], ".so" in fact["file"]
        if TOOLS.match(file):
            continue
        part, how = owner_of(file, lists)
        name = part["name"] if part else fact.get("package") or file
        if name not in found:
            found[name] = component(name, how, part, fact, said["build"]["system"])
        if is_library:
            found[name].files.append(file)
    return [*found.values(), duckdb(root, lists), *page(root)]


def owner_of(file: str, lists: dict) -> tuple[dict | None, str]:
    for kind in ("part", "behind"):
        for part in lists[kind]:
            if file == part.get("header") or file.startswith(tuple(part.get("libraries", ()))):
                return part, part.get("how", "linked by a library")
    return None, "linked by a library"


def component(name: str, how: str, part: dict | None, fact: dict, system: str) -> Component:
    package, version = fact.get("package", ""), fact.get("runs") or fact.get("built", "")
    made = Component(name, how, part["licence"] if part else licence_of(package), is_spdx=bool(part), version=version)
    made.home, made.note = (part or {}).get("home", ""), (part or {}).get("note", "")
    if package == "pyarrow":
        made.purl = f"pkg:pypi/pyarrow@{version}"
    elif package:
        distribution = "ubuntu" if "Ubuntu" in system else "debian"
        made.purl = f"pkg:deb/{distribution}/{package}@{version.replace('+', '%2B').replace('~', '%7E').replace(':', '%3A')}"
    return made


def duckdb(root: pathlib.Path, lists: dict) -> Component:
    """DuckDB is opened at the first question, so the program does not report it before. All machines have the same version."""
    packages = json.loads((root / "supply/duckdb/package-lock.json").read_text())["packages"]
    path = next(path for path in packages if path.endswith(machine()))
    part = next(part for part in lists["part"] if part["name"] == "DuckDB")
    name, package = path.removeprefix("node_modules/"), packages[path]
    purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
    return Component("DuckDB", part["how"], part["licence"], version=package["version"], home=part["home"], purl=purl,
                     note=part["note"], integrity=package["integrity"], files=["libduckdb.so"])  # fmt: skip


def machine() -> str:
    import platform

    return "arm64" if platform.machine() in ("aarch64", "arm64") else "x64"


def licence_of(package: str) -> str:
    """The licence of an unknown library in the words of its package."""
    try:
        text = pathlib.Path(f"/usr/share/doc/{package}/copyright").read_text(errors="replace") if package else ""
    except OSError:
        text = ""
    found = re.search(r"^Files: \*\n(?:.*\n)*?License: *(\S.*)$", text, re.MULTILINE)
    return found[1] if found else "not known"
