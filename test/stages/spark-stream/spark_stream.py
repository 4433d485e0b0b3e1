"""The command line of the stream, with its jar compiled from jobs/core and jobs/spark-stream against the jars that PySpark brings."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
JOBS = [ROOT / "jobs/core", ROOT / "jobs/spark-stream"]
CONNECTOR = ROOT / ".deps/jars/spark-stream"
HOME = ROOT / ".deps/apart/pyspark-4"
BUILT = ROOT / "build/spark-stream"


def why_not():
    """Why no stream can be started here, or None."""
    if not shutil.which("javac"):
        return "there is no JDK (javac)"
    if not any(CONNECTOR.glob("spark-sql-kafka-*.jar")):
        return "Spark's Kafka connector is not in .deps/jars: ./dev test --full spark-stream fetches it"
    return None if (HOME / "pyspark").is_dir() else "PySpark 4 is not in .deps/apart: ./dev test --full spark-stream installs it"


def jar():
    """The job's own classes as a jar, compiled if a source is newer."""
    made, classes = BUILT / "tidemark-spark-stream.jar", BUILT / "classes"
    sources = sorted(path for job in JOBS for path in (job / "src/main").rglob("*.java"))
    if not made.exists() or made.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        shutil.rmtree(classes, ignore_errors=True)
        subprocess.run(["javac", "-J-Xmx256m", "--release", "17", "-Xlint:all,-classfile,-processing,-path", "-Werror", "-cp",
                        f"{CONNECTOR}/*:{HOME}/pyspark/jars/*", "-d", str(classes), *map(str, sources)], check=True)
        subprocess.run(["jar", "--create", "--file", str(made), "-C", str(classes), "."], check=True)
    return made


def command(*words):
    jars = ",".join(map(str, (jar(), *sorted(CONNECTOR.glob("*.jar")))))
    return [str(word) for word in (sys.executable, "-m", "tidemark_spark", "stream", "--jar", jars, *words)]


def environment():
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (HOME, ROOT / "jobs/spark"))), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --driver-memory 512m --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' "
        "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell",
    }
