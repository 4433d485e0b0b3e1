"""pip and Maven bring something else than what is named: it is refused, and nothing of it is kept."""

import hashlib
import os
import pathlib
import re
import subprocess
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGES = ROOT / "tools/dev"


def wheel(folder, words):
    """A wheel that a person could have made; returns its SHA-256."""
    path = folder / "pebble-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pebble.py", words)
        archive.writestr("pebble-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n")
        archive.writestr("pebble-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("pebble-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pip_install(folder, digest):
    """The command of tools/dev/wheels.sh, with what it fetches from a folder."""
    words = re.search(r"^pip=\((.*)\)$", (PAGES / "wheels.sh").read_text(), re.MULTILINE)[1].split()
    (folder / "list.txt").write_text("pebble==1.0" + (f" --hash=sha256:{digest}\n" if digest else "\n"))
    more = ["--no-index", "--find-links", str(folder), "--target", str(folder / "out"), "--requirement", str(folder / "list.txt")]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run([str(ROOT / words[0]), *words[1:], *more], capture_output=True, text=True, env=env)


def check_pip():
    """a wheel that is not the one that was named is refused, and so is one without a hash"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        digest = wheel(folder, "one = 1\n")
        assert (right := pip_install(folder, digest)).returncode == 0, right.stderr
        wheel(folder, "one = 2\n")
        assert "DO NOT MATCH" in (wrong := pip_install(folder, digest)).stderr and wrong.returncode != 0, wrong.stderr
        assert "hash" in (none := pip_install(folder, "")).stderr and none.returncode != 0, none.stderr


# maven_install of tools/dev/jars.sh, where mvn copies what lies in `fetched`.
HARNESS = f"""
set -euo pipefail
root=$PWD
say() {{ :; }}
die() {{ printf '%s\\n' "$*" >&2; exit 1; }}
done_before() {{ false; }}
mark_done() {{ :; }}
begin_step() {{ :; }}
end_step() {{ :; }}
run_step() {{ mkdir -p .deps/jars/pom && cp fetched/*.jar .deps/jars/pom/; }}
source '{PAGES}/jars.sh'
maven_install pom
"""


def maven_install(folder):
    return subprocess.run(["bash", "-c", HARNESS], capture_output=True, text=True, cwd=folder)


def check_maven():
    """a jar that is not the one that was named, one more and one less are refused, and nothing of them is kept"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "pom").mkdir()
        (folder / "fetched").mkdir()
        (folder / "pom/pom.xml").write_text("<project/>")
        jars = {"a.jar": b"one", "b.jar": b"two"}
        (folder / "pom/jars.sha256").write_text("".join(f"{hashlib.sha256(data).hexdigest()}  {jar}\n" for jar, data in jars.items()))
        for fetched, is_right in ((jars, True), (jars | {"b.jar": b"tow"}, False), (jars | {"c.jar": b"more"}, False), ({"a.jar": b"one"}, False)):
            for old in (folder / "fetched").iterdir():
                old.unlink()
            for jar, data in fetched.items():
                (folder / "fetched" / jar).write_bytes(data)
            done = maven_install(folder)
            assert (done.returncode == 0) == is_right, (fetched, done.stderr)
            assert (folder / ".deps/jars/pom").exists() == is_right, fetched
            assert is_right or "jars.sha256" in done.stderr, done.stderr
