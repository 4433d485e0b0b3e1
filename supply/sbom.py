"""The parts of the program, for machines (CycloneDX 1.6) and for people (THIRD-PARTY.md).

    ./dev sbom                  builds the program, then prints the list of its parts: JSON
    ./dev sbom --write          writes THIRD-PARTY.md instead: names, licences and required notices

The list describes this machine, including the versions of its packages. It has no time and no random number, so the
same program on the same system gives the same bytes.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import uuid

sys.dont_write_bytecode = True
import notices  # noqa: E402
import parts  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]


def hashes(integrity: str) -> list[dict]:
    if not integrity:
        return []
    kind, _, digest = integrity.partition("-")
    return [{"alg": {"sha512": "SHA-512", "sha256": "SHA-256"}[kind], "content": base64.b64decode(digest).hex()}]


def entry(part: parts.Component) -> dict:
    properties = [{"name": "tidemark:how", "value": part.how}, *({"name": "tidemark:file", "value": file} for file in sorted(part.files))]
    made = {
        "type": "library",
        "bom-ref": part.purl or part.name,
        "name": part.name,
        "version": part.version,
        "licenses": [{"expression": part.licence} if part.is_spdx else {"license": {"name": part.licence}}],
        "purl": part.purl,
        "hashes": hashes(part.integrity),
        "externalReferences": [{"type": "website", "url": part.home}] if part.home else [],
        "properties": properties,
    }
    return {name: value for name, value in made.items() if value}


def document(root: pathlib.Path, program: str) -> dict:
    said = json.loads(subprocess.run([program, "version", "--json"], capture_output=True, text=True, check=True).stdout)
    itself = {
        "type": "application",
        "bom-ref": "tidemark",
        "name": "tidemark",
        "version": said["version"],
        "licenses": [{"expression": "Apache-2.0"}],
        "properties": [{"name": f"tidemark:{name}", "value": said[name]} for name in ("revision", "compiler") if name in said],
    }
    components = sorted((entry(part) for part in parts.of_program(root, program)), key=lambda part: part["bom-ref"])
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": itself},
        "components": components,
        "dependencies": [{"ref": "tidemark", "dependsOn": [part["bom-ref"] for part in components]}],
    }
    return {**bom, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bom, sort_keys=True))}"}


def main(words: list[str]) -> None:
    if words == ["--write"]:
        (ROOT / "THIRD-PARTY.md").write_text(notices.written(ROOT))
    elif not words:
        print(json.dumps(document(ROOT, os.environ["TIDEMARK"]), indent=2))
    else:
        sys.exit(f"sbom does not know {words[0]}; see ./dev help")


if __name__ == "__main__":
    main(sys.argv[1:])
