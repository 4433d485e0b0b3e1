"""A standalone Spark on loopback: a master and a worker, each a Java process, from the jars that PySpark brings.

    with Standalone(folder) as spark:
        command, environment = spark.submit("stream", "--kafka", …)    the lines of docs/spark.md: spark-submit with the package as a zip
        spark.executors()                                              the processes that the worker has started for jobs
"""

import os
import pathlib
import re
import subprocess
import sys
import zipfile

import keeper
import ports
import spark_stream
from java_node import JavaNode, wait_until

HOME = spark_stream.HOME / "pyspark"
JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"


class Process(JavaNode):
    def __init__(self, name, folder, *words):
        super().__init__(name, folder)
        self.words_of_command = words

    def command(self):
        return [str(HOME / "bin/spark-class"), *map(str, self.words_of_command)]

    def environment(self):
        return os.environ | {"SPARK_HOME": str(HOME), "SPARK_DAEMON_MEMORY": "192m", "SPARK_DAEMON_JAVA_OPTS": JVM, "SPARK_LOCAL_IP": "127.0.0.1",
                             "SPARK_LOCAL_HOSTNAME": "localhost", "PYSPARK_PYTHON": sys.executable}


class Standalone:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        port, *pages = ports.free(3)
        self.master_url = f"spark://127.0.0.1:{port}"
        self.master = Process("Spark's master", self.folder / "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port,
                              "--webui-port", pages[0])
        self.worker = Process("Spark's worker", self.folder / "worker", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", 2,
                              "--memory", "1g", "--webui-port", pages[1], "--work-dir", self.folder / "work", self.master_url)

    def __enter__(self):
        self.keeper = self.master.keeper = self.worker.keeper = keeper.Keeper()
        try:
            self.master.start()
            self.worker.start()
            wait_until(lambda: b"Registering worker" in self.master.words() or self.master.has_ended(), "the worker is registered", self.words)
            assert self.master.lives() and self.worker.lives(), self.words()
        except BaseException:
            self.__exit__()
            raise
        self.package()
        return self

    def __exit__(self, *_):
        for pid in self.executors():
            os.kill(pid, 9)
        self.worker.kill()
        self.master.kill()
        self.keeper.done()

    def words(self):
        return f"{self.master.last_words()}\n{self.worker.last_words()}"

    def package(self):
        """What docs/spark.md makes once."""
        with zipfile.ZipFile(self.folder / "tidemark_spark.zip", "w") as archive:
            for file in sorted((spark_stream.ROOT / "jobs/spark/tidemark_spark").glob("*.py")):
                archive.write(file, f"tidemark_spark/{file.name}")
        (self.folder / "run.py").write_text("import sys\nfrom tidemark_spark.command_line import main\nsys.exit(main())\n")

    def submit(self, *words):
        """(command, environment)."""
        jars = ",".join(map(str, (spark_stream.jar(), *sorted(spark_stream.CONNECTOR.glob("*.jar")))))
        settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.executor.memory": "512m",
                    "spark.executor.extraJavaOptions": JVM, "spark.driver.extraJavaOptions": JVM, "spark.sql.shuffle.partitions": "2"}
        given = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        command = [HOME / "bin/spark-submit", "--master", self.master_url, "--driver-memory", "512m", *given, "--jars", jars, "--py-files",
                   self.folder / "tidemark_spark.zip", self.folder / "run.py", *words]
        return [str(word) for word in command], os.environ | {"SPARK_HOME": str(HOME), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
                                                               "SPARK_LOCAL_HOSTNAME": "localhost"}

    def executors(self):
        found = []
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                parent = re.search(r"PPid:\s*(\d+)", status.read_text())
                if self.worker.process and int(parent[1]) == self.worker.process.pid and b"ExecutorBackend" in (status.parent / "cmdline").read_bytes():
                    found.append(int(status.parent.name))
            except OSError:
                pass  # it has ended meanwhile
        return found


def batch(spark, binary, file, folder):
    """The bytes of `tidemark trends`, by spark-submit to the cluster."""
    command, environment = spark.submit("batch", file, "--json", folder / "trends")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-4000:] + spark.words()
    found = b"".join(part.read_bytes() for part in sorted((folder / "trends").glob("part-*")))
    want = subprocess.run([binary, "trends", file], capture_output=True, check=True).stdout
    assert found == want, f"{len(found)} bytes, should be the program's {len(want)}"
