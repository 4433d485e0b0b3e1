"""The program's reports on its parts (`version --build`, ./dev sbom) against readelf, ldd, dpkg and CycloneDX's own validator."""

import json
import os
import pathlib
import re
import subprocess

import harness
import sbom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = pathlib.Path(__file__).resolve().parents[3]
TIDEMARK = os.environ["TIDEMARK"]


def said_by(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def facts():
    return json.loads(said_by(TIDEMARK, "version", "--build", "--json"))


def files_of(document):
    return {entry["value"] for part in document["components"] for entry in part["properties"] if entry["name"] == "tidemark:file"}


def check_schema():
    """the list of parts is CycloneDX 1.6 to its own validator, which refuses one with a fault"""
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    document = sbom.document(ROOT, TIDEMARK)
    assert (fault := validator.validate_str(json.dumps(document))) is None, fault
    document["components"][0]["type"] = "librarry"
    assert validator.validate_str(json.dumps(document)) is not None


def check_same_bytes():
    """the same program gives the same list, to the byte"""
    assert json.dumps(sbom.document(ROOT, TIDEMARK)) == json.dumps(sbom.document(ROOT, TIDEMARK))


def check_linked():
    """every library that the program names, and every one behind it, is in the list"""
    named = set(re.findall(r"\(NEEDED\).*\[(.*)\]", said_by("readelf", "-d", TIDEMARK)))
    loaded = set(re.findall(r"^\s*(\S+) => /", said_by("ldd", TIDEMARK), re.MULTILINE))
    assert "libssl.so.3" in named <= loaded
    missing = (named | loaded) - files_of(sbom.document(ROOT, TIDEMARK))
    assert not missing, missing


def check_direct_parts():
    """every part that the program links itself has a version and an SPDX licence"""
    named = set(re.findall(r"\(NEEDED\).*\[(.*)\]", said_by("readelf", "-d", TIDEMARK)))
    for part in sbom.document(ROOT, TIDEMARK)["components"]:
        files = {entry["value"] for entry in part["properties"] if entry["name"] == "tidemark:file"}
        if files & named:
            assert part.get("version") and "expression" in part["licenses"][0], part


def check_brought_along():
    """Arrow, DuckDB and the packages of the page are in it, with the version of their lock files"""
    versions = {part["name"]: part["version"] for part in sbom.document(ROOT, TIDEMARK)["components"]}
    assert f"pyarrow=={versions['Apache Arrow']} " in (ROOT / "supply/python/pyarrow.txt").read_text()
    assert f'"{versions["DuckDB"]}"' in (ROOT / "supply/duckdb/package.json").read_text()
    wanted = json.loads((ROOT / "web/package.json").read_text())["dependencies"]
    assert wanted and wanted.items() <= versions.items(), (wanted, versions)


def check_build_flags():
    """version --build tells the flags of protection, and no folder of the machine that built it"""
    said = facts()
    assert said["build"]["type"] == "Release"
    for flag in ("-O3", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=3"):
        assert flag in said["build"]["flags"].split(), said["build"]
    assert "-z,now" in said["build"]["link_flags"], said["build"]
    text = said_by(TIDEMARK, "version", "--build")
    assert str(ROOT) not in text + json.dumps(said) and not re.search(r"(^|\s)/", text), text


def check_packages():
    """version --build tells the versions of packages as dpkg does"""
    if not os.path.exists("/var/lib/dpkg/status"):
        raise harness.Skip("this system has no dpkg")
    parts = {part["file"]: part for part in facts()["parts"]}
    packages = [part for part in parts.values() if part.get("runs")]
    assert len(packages) > 10, parts
    for part in packages:
        lines = said_by("dpkg-query", "-W", "-f", "${Version}\n", part["package"]).split()
        assert part["runs"] in lines, (part, lines)
    assert any(part["package"].startswith("g++") for part in parts.values() if "package" in part), parts.keys()


def check_text():
    """version --build says the same as text, a part a line; --version --build is the same"""
    text = said_by(TIDEMARK, "version", "--build")
    for part in facts()["parts"]:
        assert re.search(rf"^{re.escape(part['file'])} ", text, re.MULTILINE), part
    assert said_by(TIDEMARK, "--version", "--build") == text
