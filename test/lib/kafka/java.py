"""How a Java program is started: which Java, which jars, and the archive of loaded classes that saves a broker half of its start."""

import fcntl
import hashlib
import os
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Release → its jars, as the pom.xml of test/lib/kafka and of test/lib/kafka/kafka-4 name them.
RELEASES = {"3.9.1": ROOT / ".deps/jars/kafka", "4.4.0": ROOT / ".deps/jars/kafka-4"}
NEWEST = "4.4.0"
RELEASE = os.environ.get("KAFKA_RELEASE") or "3.9.1"  # unless a test asks for another one
ARCHIVES = ROOT / "build/kafka-classes"

# A broker lives for seconds: the second compiler's work would never pay, and more threads of the collector only disturb.
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"]


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
    """The words that start a program of Kafka's. `temporary` takes the libraries that jars unpack, which a kill would leave in /tmp."""
    return ["java", f"-Xmx{heap}", *SHORT_LIVED, f"-Djava.io.tmpdir={temporary}", *options, "-cp", class_path(RELEASES[release]), main,
            *map(str, words)]


def archive_name(release):
    """Java takes an archive only for the jars and the Java it was made with; so does this name."""
    java = pathlib.Path(shutil.which("java")).resolve()
    key = [str(java), str(java.stat().st_mtime_ns), *(f"{jar}{jar.stat().st_mtime_ns}" for jar in sorted(RELEASES[release].glob("*.jar")))]
    return ARCHIVES / f"{hashlib.sha256(' '.join(key).encode()).hexdigest()[:16]}.jsa"


def with_archive(make, release):
    """Options that use the archive. `make(options)` must run a broker with the options it gets, and end it in order; it is called
    once, when there is no archive yet. Without one everything works, slower."""
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
