"""Starts Java programs: the Java, the jars, and the archive of loaded classes that halves the start time of a broker."""

import fcntl
import hashlib
import os
import pathlib
import shutil
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "java_node"))

from java_node import SHORT_LIVED  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Release → its jars, named by the pom.xml of test/lib/kafka and of test/lib/kafka/kafka-4.
RELEASES = {"3.9.1": ROOT / ".deps/jars/kafka", "4.4.0": ROOT / ".deps/jars/kafka-4"}
NEWEST = "4.4.0"
RELEASE = os.environ.get("KAFKA_RELEASE") or "3.9.1"  # the default; a test may ask for another one
ARCHIVES = ROOT / "build/kafka-classes"


def why_not(release=RELEASE):
    """Why no broker of this release can be started here, or None."""
    if not shutil.which("java"):
        return "there is no Java"
    if release not in RELEASES:
        return f"KAFKA_RELEASE={release} is none of {', '.join(RELEASES)}"
    if not any(RELEASES[release].glob("kafka_*.jar")):
        return f"the jars of Kafka {release} are not in {RELEASES[release].relative_to(ROOT)}: ./dev kafka up, or ./dev test kafka, fetches them"
    return None


def class_path(folder):
    return ":".join(str(jar) for jar in sorted(folder.glob("*.jar")))


def command(main, *words, release, heap, temporary, options=()):
    """The command line of a program of Kafka's. `temporary` takes the libraries that jars unpack, which a kill would leave in /tmp."""
    return ["java", f"-Xmx{heap}", *SHORT_LIVED, f"-Djava.io.tmpdir={temporary}", *options, "-cp", class_path(RELEASES[release]), main,
            *map(str, words)]


def archive_name(release):
    """Java accepts an archive only with the jars and the Java it was made with, so the name depends on both."""
    java = pathlib.Path(shutil.which("java")).resolve()
    key = [str(java), str(java.stat().st_mtime_ns), *(f"{jar}{jar.stat().st_mtime_ns}" for jar in sorted(RELEASES[release].glob("*.jar")))]
    return ARCHIVES / f"{hashlib.sha256(' '.join(key).encode()).hexdigest()[:16]}.jsa"


def with_archive(make, release):
    """Options that use the archive. `make(options)` must run a broker with these options and shut it down; it is called
    once, if there is no archive yet. Without an archive everything works, but slower."""
    archive = archive_name(release)
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    with open(ARCHIVES / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not archive.exists():
            making = archive.with_suffix(f".{os.getpid()}")
            make([f"-XX:ArchiveClassesAtExit={making}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"])
            if making.exists():
                making.rename(archive)
    return [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"] if archive.exists() else []
