"""Pins what is fetched, to the byte: supply/python/*.txt, supply/duckdb/package-lock.json, jars.sha256 beside each pom.xml.

    ./dev lock                  everything; a pinned version is kept if it still satisfies its .in, package.json or pom.xml
    ./dev lock python           only this kind: python, duckdb, jars

`./dev` installs from these files only: pip with --require-hashes, npm ci, and Maven's jars by their SHA-256. To take a new version, change it in
the .in, package.json or pom.xml, run this, and read the difference before you commit it.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = ROOT / "supply/python"
APART = {"bench", "kafka-python-2", "moto", "pyspark-4", "uv"}  # installed separately, so their versions need not agree with the others


def run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, **options)


def python():
    """Each .in with its dependencies. They share one environment, so they are resolved together first."""
    uv = pathlib.Path(sys.executable).parent / "uv"
    compile_ = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--no-annotate"]
    everything = ROOT / "build/supply/everything.txt"
    everything.parent.mkdir(parents=True, exist_ok=True)
    together = [path for path in sorted(PYTHON.glob("*.in")) if path.stem not in APART]
    everything.write_text("".join(path.with_suffix(".txt").read_text() for path in together if path.with_suffix(".txt").exists()))
    run(*compile_, "--no-header", *together, "-o", everything)
    for path in sorted(PYTHON.glob("*.in")):
        agreed = [] if path.stem in APART else ["-c", everything]
        run(*compile_, "--generate-hashes", "--custom-compile-command", "./dev lock", *agreed, path, "-o", path.with_suffix(".txt"))


def duckdb():
    npm = ROOT / ".deps/bin/npm"
    run(npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", cwd=ROOT / "supply/duckdb")


def jars():
    for pom in sorted(ROOT.glob("*/**/pom.xml")):
        if pom.relative_to(ROOT).parts[0] in ("build", ".deps"):
            continue
        folder = ROOT / "build/supply/jars" / pom.parent.name
        shutil.rmtree(folder, ignore_errors=True)
        run("mvn", "-B", "-ntp", "-q", "--strict-checksums", "-f", pom, os.environ["MAVEN_COPY"], f"-DoutputDirectory={folder}", "-DincludeScope=runtime")
        lines = [f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in sorted(folder.iterdir()) if jar.suffix != ".pom"]
        (pom.parent / "jars.sha256").write_text("".join(lines))


KINDS = {"python": python, "duckdb": duckdb, "jars": jars}


def main(words):
    unknown = [word for word in words if word not in KINDS]
    if unknown:
        sys.exit(f"lock: there is no {unknown[0]}; there are {', '.join(KINDS)}")
    for name in words or KINDS:
        print(f"▸ {name}", flush=True)
        KINDS[name]()


os.umask(0o022)
main(sys.argv[1:])
