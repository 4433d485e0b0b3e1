"""A real HDFS on loopback: a NameNode and DataNodes, each a Java process with a folder of its own.

    with Cluster(folder) as hdfs:
        hdfs.url("/lake")           webhdfs://127.0.0.1:PORT/lake
        hdfs.namenode.kill()        as kill -9; .start() brings it back on the same ports
        hdfs.datanodes[0].pause()

Permissions are on. The superuser is `hdfs`; `tidemark` owns /lake and nothing else.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(HERE.parent / "kafka"))

import ports  # noqa: E402

JARS = ROOT / ".deps/jars/hdfs"
PATIENCE = 240  # seconds until a node that does not come up is given up; twenty are usual
SHORT_LIVED = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"]
# Hadoop looks into the JDK.
OPENS = [f"--add-opens=java.base/java.{part}=ALL-UNNAMED"
         for part in ("lang", "lang.reflect", "util", "util.concurrent", "net", "io", "nio", "text", "time")] + ["--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"]
SERVER = "org.apache.hadoop.hdfs.server"
SUPERUSER, USER = "hdfs", "tidemark"


def why_not():
    """Why no HDFS can be started here, or None."""
    if not shutil.which("java"):
        return "there is no Java"
    if not any(JARS.glob("hadoop-hdfs-*.jar")):
        return f"the jars of HDFS are not in {JARS.relative_to(ROOT)}: ./dev test hdfs fetches them"
    return None


def wait_until(happened, what, evidence=str):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s: {what}\n{evidence()}"
        time.sleep(0.05)


class Node:
    """A NameNode or a DataNode."""

    def __init__(self, name, main, folder, settings):
        self.name, self.main, self.folder = name, main, pathlib.Path(folder)
        self.process, self.starts = None, 0
        configuration = self.folder / "conf"
        for part in ("hdfs", "datanode", "static"):  # HDFS wants its pages on the class path, empty ones will do
            (configuration / "webapps" / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "tmp").mkdir(exist_ok=True)
        for file in ("core-site.xml", "hdfs-site.xml"):
            properties = "".join(f"<property><name>{name}</name><value>{value}</value></property>\n" for name, value in settings[file].items())
            (configuration / file).write_text(f"<configuration>\n{properties}</configuration>\n")
        shutil.copy(HERE / "log4j.properties", configuration)

    def command(self, *words):
        class_path = ":".join([str(self.folder / "conf"), *map(str, sorted(JARS.glob("*.jar")))])
        return ["java", *SHORT_LIVED, *OPENS, f"-Djava.io.tmpdir={self.folder / 'tmp'}", f"-Dhadoop.home.dir={self.folder}",
                f"-Dhadoop.log.dir={self.folder}", "-cp", class_path, self.main, *words]

    def environment(self):
        return {**os.environ, "HADOOP_USER_NAME": SUPERUSER}

    def start(self):
        self.starts += 1
        with open(self.folder / f"said-{self.starts}", "wb") as said:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self.environment(),
                                            start_new_session=True)

    def last_words(self, lines=25):
        said = self.folder / f"said-{self.starts}"
        return "\n".join(said.read_text(errors="replace").splitlines()[-lines:]) if said.exists() else ""

    def has_ended(self):
        return self.process is None or self.process.poll() is not None

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        if not self.has_ended():
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def pause(self):
        """It stands still, its connections stay open."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


class Cluster:
    def __init__(self, folder, datanodes=1):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.rpc, self.http, *places = ports.free(2 + 3 * datanodes)
        core = {"fs.defaultFS": f"hdfs://127.0.0.1:{self.rpc}", "hadoop.tmp.dir": self.folder / "tmp", "hadoop.security.token.service.use_ip": "true"}
        common = {"dfs.replication": 1, "dfs.webhdfs.enabled": "true", "dfs.permissions.enabled": "true", "dfs.namenode.safemode.extension": 0,
                  "dfs.namenode.datanode.registration.ip-hostname-check": "false", "dfs.namenode.http-address": f"127.0.0.1:{self.http}",
                  "dfs.client.block.write.replace-datanode-on-failure.policy": "NEVER"}
        own = {**common, "dfs.namenode.name.dir": f"file://{self.folder}/name", "dfs.namenode.rpc-bind-host": "127.0.0.1",
               "dfs.namenode.heartbeat.recheck-interval": 2000, "dfs.ls.limit": 100}
        self.namenode = Node("NameNode", f"{SERVER}.namenode.NameNode", self.folder / "namenode", {"core-site.xml": core, "hdfs-site.xml": own})
        self.datanodes = []
        for number in range(datanodes):
            data, http, ipc = places[3 * number:3 * number + 3]
            own = {**common, "dfs.datanode.data.dir": f"file://{self.folder}/data-{number}", "dfs.datanode.address": f"127.0.0.1:{data}",
                   "dfs.datanode.http.address": f"127.0.0.1:{http}", "dfs.datanode.ipc.address": f"127.0.0.1:{ipc}", "dfs.datanode.hostname": "127.0.0.1",
                   "dfs.heartbeat.interval": 1}
            self.datanodes.append(Node(f"DataNode {number}", f"{SERVER}.datanode.DataNode", self.folder / f"datanode-{number}",
                                       {"core-site.xml": core, "hdfs-site.xml": own}))

    def __enter__(self):
        try:
            node = self.namenode
            subprocess.run(node.command("-format", "-nonInteractive", "-clusterId", "tidemark"), check=True, env=node.environment(),
                           stdout=open(self.folder / "format", "wb"), stderr=subprocess.STDOUT, timeout=PATIENCE)
            for each in (node, *self.datanodes):
                each.start()
            self.wait_until_ready()
            self.call("PUT", "/lake", "MKDIRS", user=SUPERUSER)
            self.call("PUT", "/lake", "SETOWNER", user=SUPERUSER, owner=USER)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for node in (*self.datanodes, self.namenode):
            node.kill()

    def url(self, path="/lake"):
        return f"webhdfs://127.0.0.1:{self.http}{path}"

    def call(self, method, path, operation, user=USER, **more):
        """A request to the NameNode; its answer from JSON."""
        words = "".join(f"&{name}={value}" for name, value in more.items())
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}/webhdfs/v1{path}?op={operation}&user.name={user}{words}", method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"{}")

    def bean(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/jmx?qry=Hadoop:service=NameNode,name={name}", timeout=10) as answer:
            return json.load(answer)["beans"][0]

    def is_ready(self):
        for node in (self.namenode, *self.datanodes):
            assert not node.has_ended(), f"the {node.name} has ended:\n{node.last_words()}"
        try:
            return self.bean("FSNamesystemState")["NumLiveDataNodes"] == len(self.datanodes) and self.bean("NameNodeInfo")["Safemode"] == ""
        except (OSError, IndexError, KeyError, ValueError):
            return False

    def wait_until_ready(self):
        wait_until(self.is_ready, "HDFS is ready", self.namenode.last_words)

    def download(self, path, into):
        """Copies a folder out of HDFS by WebHDFS, as a client that is not ours: names and bytes."""
        into.mkdir(parents=True, exist_ok=True)
        for status in self.call("GET", path, "LISTSTATUS", user=SUPERUSER)["FileStatuses"]["FileStatus"]:
            name = status["pathSuffix"]
            if status["type"] == "DIRECTORY":
                self.download(f"{path}/{name}", into / name)
            else:
                place = f"http://127.0.0.1:{self.http}/webhdfs/v1{urllib.request.quote(f'{path}/{name}')}?op=OPEN&user.name={SUPERUSER}"
                with urllib.request.urlopen(place, timeout=60) as answer:
                    (into / name).write_bytes(answer.read())
        return into
