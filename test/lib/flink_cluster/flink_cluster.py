"""A real Flink session cluster on loopback: a JobManager and TaskManagers, each a Java process, started from Maven's jars.

    with Session(folder, jar()) as flink:
        job = flink.submit("kafka", "--brokers", …)      the client's `flink run -d`; returns the job's id
        flink.workers[0].kill()                          SIGKILL of a TaskManager; flink.add_worker() starts another one
        flink.stop(job)                                  stop with a savepoint; returns its folder

jar() compiles jobs/flink with jobs/core. local(words) runs the job without a cluster, in one process.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(HERE.parent / "java_node"))

import keeper  # noqa: E402
import ports  # noqa: E402
from java_node import OPENS, PATIENCE, SHORT_LIVED, JavaNode, mark, wait_until  # noqa: E402

JOBS = [ROOT / "jobs/core", ROOT / "jobs/flink"]
JARS = [ROOT / ".deps/jars/flink", ROOT / ".deps/jars/flink_cluster"]
BUILT = ROOT / "build/flink"
MAIN = "tidemark.job.TrendsJob"
LOGGING = f"-Dlog4j.configuration=file:{HERE / 'log4j.properties'}"
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def why_not():
    """Why no Flink can be started here, or None."""
    if not shutil.which("javac"):
        return "there is no JDK (javac)"
    if not all(any(folder.glob("flink-*.jar")) for folder in JARS):
        return "the jars of Flink are not in .deps/jars: ./dev test flink fetches them"
    return None


def library():
    return [str(path) for folder in JARS for path in sorted(folder.glob("*.jar")) if not path.name.startswith("junit")]


def compiled(kind="main"):
    """The folder of the job's classes ("main") or of the core's tests ("test"), compiled if a source is newer."""
    sources, classes = sorted(path for job in JOBS for path in (job / f"src/{kind}").rglob("*.java")), BUILT / kind
    done = BUILT / f"{kind}.done"
    if done.exists() and done.stat().st_mtime > max(path.stat().st_mtime for path in [*sources, *JARS]):
        return classes
    places = library() + ([str(compiled()), *map(str, JARS[1].glob("junit*.jar"))] if kind == "test" else [])
    shutil.rmtree(classes, ignore_errors=True)
    subprocess.run(["javac", "-J-Xmx256m", "--release", "17", "-Xlint:all,-classfile,-processing", "-Werror", "-cp", ":".join(places), "-d", str(classes),
                    *map(str, sources)], check=True)
    done.touch()
    return classes


def jar():
    """The job's own classes as a jar; Kafka's connector is on the cluster's class path."""
    classes, made = compiled(), BUILT / "tidemark-flink.jar"
    if not made.exists() or made.stat().st_mtime < (BUILT / "main.done").stat().st_mtime:
        subprocess.run(["jar", "--create", "--file", str(made), "--main-class", MAIN, "-C", str(classes), "."], check=True)
    return made


def local(words, heap="1g", options=()):
    """The command line of the job in one process, with a Flink of its own."""
    return ["java", f"-Xmx{heap}", *options, *OPENS, LOGGING, "-cp", ":".join([str(compiled()), *library()]), MAIN, *map(str, words)]


def unit_tests():
    """The command line of the job's unit tests."""
    (junit,) = JARS[1].glob("junit-platform-console-standalone-*.jar")
    classes = compiled("test")
    return ["java", "-Xmx256m", *SHORT_LIVED, f"-Dtidemark.golden={ROOT / 'contract/golden'}", "-jar", str(junit), "execute", "--disable-banner",
            "--class-path", ":".join([str(classes), str(compiled()), *library()]), "--scan-class-path", str(classes), "--details=tree",
            "--disable-ansi-colors"]


class Process(JavaNode):
    """A JobManager or a TaskManager."""

    def __init__(self, name, main, folder, configuration, heap, jvm=SHORT_LIVED):
        super().__init__(name, folder)
        self.main, self.configuration, self.heap, self.jvm = main, configuration, heap, jvm

    def command(self):
        return ["java", f"-Xmx{self.heap}", *self.jvm, *OPENS, mark(self.folder), LOGGING, f"-Djava.io.tmpdir={self.folder / 'tmp'}", "-cp",
                ":".join(library()), self.main, "--configDir", str(self.configuration), "-D", f"io.tmp.dirs={self.folder / 'tmp'}"]

    def environment(self):
        return client_environment(self.configuration)


def client_environment(configuration):
    return {**os.environ, "FLINK_CONF_DIR": str(configuration)}


class Session:
    def __init__(self, folder, program, slots=2, settings=None, jvm=SHORT_LIVED):
        self.folder, self.program, self.jvm = pathlib.Path(folder), program, jvm
        self.keeper, self.workers = None, []
        rpc, self.rest = ports.free(2)
        self.configuration = self.folder / "conf"
        self.configuration.mkdir(parents=True)
        told = {
            "jobmanager.rpc.address": "127.0.0.1", "jobmanager.rpc.port": rpc, "jobmanager.bind-host": "127.0.0.1", "rest.address": "127.0.0.1",
            "rest.port": self.rest, "rest.bind-address": "127.0.0.1", "taskmanager.host": "127.0.0.1", "taskmanager.bind-host": "127.0.0.1",
            "taskmanager.numberOfTaskSlots": slots, "parallelism.default": slots, "taskmanager.cpu.cores": slots,
            "taskmanager.memory.task.heap.size": "160m", "taskmanager.memory.task.off-heap.size": "32m", "taskmanager.memory.managed.size": "0m",
            "taskmanager.memory.network.min": "32m", "taskmanager.memory.network.max": "32m", "taskmanager.memory.framework.heap.size": "64m",
            "taskmanager.memory.framework.off-heap.size": "32m", "taskmanager.memory.jvm-metaspace.size": "128m",
            "taskmanager.memory.jvm-overhead.min": "64m", "taskmanager.memory.jvm-overhead.max": "64m",
            "execution.checkpointing.dir": f"file://{self.folder}/checkpoints", "execution.checkpointing.savepoint-dir": f"file://{self.folder}/savepoints",
            "restart-strategy.type": "fixed-delay", "restart-strategy.fixed-delay.attempts": 1_000, "restart-strategy.fixed-delay.delay": "200 ms",
            "heartbeat.interval": 500, "heartbeat.timeout": 20_000,
        } | (settings or {})
        (self.configuration / "config.yaml").write_text("".join(f"{name}: {json.dumps(value)}\n" for name, value in told.items()))
        self.master = Process("the JobManager", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", self.folder / "jobmanager",
                              self.configuration, "192m")

    def __enter__(self):
        self.keeper = self.master.keeper = keeper.Keeper()
        try:
            self.master.start()
            self.add_worker()
            self.master.wait_until_ready(lambda: self.slots() > 0)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in [*self.workers, self.master]:
            process.kill()
        self.keeper.done()

    def add_worker(self):
        number = len(self.workers) + 1
        worker = Process(f"TaskManager {number}", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", self.folder / f"taskmanager-{number}",
                         self.configuration, "256m", self.jvm)
        worker.keeper = self.keeper
        self.workers.append(worker)
        worker.start()
        return worker

    def ask(self, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.rest}{path}", data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with NO_PROXY.open(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def slots(self):
        with contextlib.suppress(OSError):
            return self.ask("/overview")["slots-total"]
        return 0

    def submit(self, *words, savepoint=None):
        """`flink run -d`: the job's id."""
        back = ["-s", savepoint] if savepoint else []
        command = ["java", "-Xmx192m", *SHORT_LIVED, *OPENS, LOGGING, "-cp", ":".join(library()), "org.apache.flink.client.cli.CliFrontend", "run", "-d", *back,
                   str(self.program), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, env=client_environment(self.configuration), timeout=PATIENCE, check=False)
        found = re.search(r"JobID ([0-9a-f]{32})", done.stdout)
        assert found, f"the client ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-4000:]}"
        return found[1]

    def state(self, job):
        return self.ask(f"/jobs/{job}")["state"]

    def restarts(self, job):
        """How often the job has failed and been started again."""
        return len(self.ask(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"])

    def stop(self, job):
        """Stops the job with a savepoint; returns the savepoint's place."""
        asked = self.ask(f"/jobs/{job}/stop", {"drain": False})["request-id"]
        wait_until(lambda: self.ask(f"/jobs/{job}/savepoints/{asked}")["status"]["id"] == "COMPLETED", "the savepoint is complete", self.words)
        operation = self.ask(f"/jobs/{job}/savepoints/{asked}")["operation"]
        assert "location" in operation, operation
        wait_until(lambda: self.state(job) == "FINISHED", "the job has ended", self.words)
        return operation["location"]

    def words(self):
        return "\n".join(f"{process.name}:\n{process.last_words(60)}" for process in [self.master, *self.workers])
