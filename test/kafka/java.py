"""How a Java program is started: which Java, which jars, and the archive of loaded classes that saves a broker half of its start."""

import fcntl
import hashlib
import os
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]
JARS = ROOT / ".deps/jars/kafka"
ARCHIVES = ROOT / "build/kafka-classes"

# A broker lives for seconds: the second compiler's work would never pay, and more threads of the collector only disturb.
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"]


def why_not():
    """Why no broker can be started here, or None."""
    if not shutil.which("java"):
        return "there is no Java"
    if not any(JARS.glob("kafka_*.jar")):
        return "Kafka's jars are not in .deps/jars/kafka: ./dev kafka up, or ./dev test kafka, fetches them"
    return None


def version():
    """Of Kafka, as its jar is named."""
    (jar,) = JARS.glob("kafka_*.jar")
    return jar.stem.rsplit("-", 1)[1]


def class_path(folder=JARS):
    return ":".join(str(jar) for jar in sorted(folder.glob("*.jar")))


def command(main, *words, heap, temporary, options=()):
    """The words that start a program of JARS. `temporary` takes the libraries that jars unpack, which a kill would leave in /tmp."""
    return ["java", f"-Xmx{heap}", *SHORT_LIVED, f"-Djava.io.tmpdir={temporary}", *options, "-cp", class_path(), main, *map(str, words)]


def archive_name():
    """Java takes an archive only for the jars and the Java it was made with; so does this name."""
    java = pathlib.Path(shutil.which("java")).resolve()
    key = [str(java), str(java.stat().st_mtime_ns), *(f"{jar}{jar.stat().st_mtime_ns}" for jar in sorted(JARS.glob("*.jar")))]
    return ARCHIVES / f"{hashlib.sha256(' '.join(key).encode()).hexdigest()[:16]}.jsa"


def with_archive(make):
    """Options that use the archive. `make(options)` must run a broker with the options it gets, and end it in order; it is called
    once, when there is no archive yet. Without one everything works, slower."""
    archive = archive_name()
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    with open(ARCHIVES / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not archive.exists():
            making = archive.with_suffix(f".{os.getpid()}")
            make([f"-XX:ArchiveClassesAtExit={making}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"])
            if making.exists():
                making.rename(archive)
    return [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"] if archive.exists() else []
