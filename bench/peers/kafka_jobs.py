"""The jobs that compute the same windows from topic to topic, started and watched: Tidemark, Spark Structured Streaming, Kafka Streams.

    job = spark(bootstrap, "alpaca_trends", "spark_results", folder)         all have the same methods:
    job = streams(bootstrap, "alpaca_trends", "streams_results", folder)
    job = tidemark(program, bootstrap, folder)                               its topics have their usual names

    job.is_done(ends)      whether it has committed its way up to these offsets (partition → offset)
    job.pause()            until job.go_on()
    job.cpu_seconds()      of the process and all its descendants, ended ones included
    job.peak_mb()          the sum of their peaks of resident memory
    job.end()
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
JARS = ROOT / ".deps/jars"
HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(ROOT / "test/lib/kafka")]


class Job:
    def __init__(self, name, command, folder, position, environment=None):
        """`position()` returns partition → the offset up to which the job's effects are committed."""
        self.name, self.position, self.said = name, position, pathlib.Path(folder) / "said"
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            env=os.environ | (environment or {}), start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def is_done(self, ends):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.said.read_text(errors='replace')[-4000:]}")
        position = self.position()
        return all(position.get(partition, 0) >= end for partition, end in ends.items())

    def wait_until_done(self, ends, patience=900):
        deadline = time.monotonic() + patience
        while not self.is_done(ends):
            assert time.monotonic() < deadline, f"{self.name} came to {self.position()} of {ends} in {patience} s"
            time.sleep(0.1)

    def processes(self):
        """This process and its living descendants."""
        children, tree = {}, []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has ended meanwhile
            children.setdefault(int(fields[1]), []).append((int(stat.parent.name), fields))
        pending = [(pid, fields) for pid, fields in children.get(os.getpid(), ()) if pid == self.process.pid]
        while pending:
            pid, fields = pending.pop()
            tree.append((pid, fields))
            pending += children.get(pid, ())
        return tree

    def cpu_seconds(self):
        # utime, stime, and cutime, cstime: those of children that have ended and were waited for.
        return sum(int(ticks) for _, fields in self.processes() for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self):
        peak = 0
        for pid, _ in self.processes():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                peak += int(line.split()[1]) * 1024 / 1e6 if line.startswith("VmHWM:") else 0
        return peak

    def pause(self):
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # Spark's Java may be left
        except ProcessLookupError:
            pass
        self.process.wait()


def spark(bootstrap, source, sink, folder, python=sys.executable, cores=2, heap="2g", bars_at_once=None, jars=JARS / "spark-kafka"):
    """`python` has pyspark, of the version that `jars` are for. `bars_at_once` limits a batch; by default a batch takes all bars that are there."""
    folder = new(folder)
    words = [python, "-B", HERE / "spark_windows.py", bootstrap, source, sink, folder, jars, "--cores", cores,
             "--partitions", cores, "--heap", heap]
    if bars_at_once:
        words += ["--bars-at-once", bars_at_once]
    environment = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost", "PYSPARK_PYTHON": str(python)}
    return Job("Spark", words, folder, lambda: spark_position(folder / "checkpoint", source), environment)


def spark_position(checkpoint, source):
    """The position of the last batch in `commits`, which is in `offsets`."""
    done = [int(path.name) for path in checkpoint.glob("commits/*") if path.name.isdigit()]
    if not done:
        return {}
    try:
        offsets = (checkpoint / f"offsets/{max(done)}").read_text().splitlines()[-1]
    except OSError:
        return {}  # it has just gone
    return {int(partition): offset for partition, offset in json.loads(offsets)[source].items()}


def streams(bootstrap, source, sink, folder, threads=2, store="rocksdb", heap="1g"):
    import groups

    folder = new(folder)
    command = ["java", f"-Xmx{heap}", f"-Djava.io.tmpdir={folder}", f"-Dlog4j.configuration=file:{ROOT / 'test/lib/kafka/log4j.properties'}",
               "-cp", f"{compiled()}:{JARS / 'kafka-streams'}/*", "Windows", bootstrap, source, sink, folder / "state", threads, store]
    return Job("Kafka Streams", command, folder, lambda: groups.committed(bootstrap, "kafka-streams-windows", source))


def tidemark(program, bootstrap, folder, delivery="exactly-once", more=()):
    import groups

    command = [program, "analyze", "--log", f"kafka://{bootstrap}", "--session-timeout", "30s", "--delivery", delivery, *more]
    return Job("Tidemark", command, new(folder), lambda: groups.committed(bootstrap, "tidemark-analyze", "alpaca_trends"))


def compiled():
    """The folder of the compiled program. It is compiled if a source is newer."""
    sources, classes = sorted((HERE / "kafka-streams").glob("*.java")), ROOT / "build/bench/kafka-streams"
    if not (classes / "Windows.class").exists() or max(map(newest, sources)) > newest(classes / "Windows.class"):
        classes.mkdir(parents=True, exist_ok=True)
        subprocess.run(["javac", "-cp", f"{JARS / 'kafka-streams'}/*", "-d", classes, *sources], check=True)
    return classes


def newest(path):
    return path.stat().st_mtime


def new(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    return folder
