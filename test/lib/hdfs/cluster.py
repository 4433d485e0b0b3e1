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
import subprocess
import sys
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(HERE.parent / "java_node"))

import keeper  # noqa: E402
import ports  # noqa: E402
from java_node import OPENS, PATIENCE, SHORT_LIVED, JavaNode, mark, wait_until  # noqa: E402

JARS = ROOT / ".deps/jars/hdfs"
SERVER = "org.apache.hadoop.hdfs.server"
# How long the client in a DataNode, which writes what WebHDFS brings, waits until it asks again whether the NameNode has heard of the block. Hadoop's own
# 400 ms would be most of the time of an upload.
COMPLETE_DELAY = "dfs.client.block.write.locateFollowingBlock.initial.delay.ms"
SUPERUSER, USER = "hdfs", "tidemark"


def why_not():
    """Why no HDFS can be started here, or None."""
    if not shutil.which("java"):
        return "there is no Java"
    if not any(JARS.glob("hadoop-hdfs-*.jar")):
        return f"the jars of HDFS are not in {JARS.relative_to(ROOT)}: ./dev test hdfs fetches them"
    return None


def write_settings(folder, files):
    """{"core-site.xml": {name: value}} as Hadoop and Hive read them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, settings in files.items():
        properties = "".join(f"<property><name>{name}</name><value>{value}</value></property>\n" for name, value in settings.items())
        (folder / file).write_text(f"<configuration>\n{properties}</configuration>\n")


class Node(JavaNode):
    """A NameNode or a DataNode."""

    def __init__(self, name, main, folder, settings, options=()):
        super().__init__(name, folder)
        self.main, self.options = main, options
        configuration = self.folder / "conf"
        for part in ("hdfs", "datanode", "static"):  # HDFS wants its pages on the class path, empty ones will do
            (configuration / "webapps" / part).mkdir(parents=True, exist_ok=True)
        write_settings(configuration, settings)
        shutil.copy(HERE / "log4j.properties", configuration)

    def command(self, *words):
        class_path = ":".join([str(self.folder / "conf"), *map(str, sorted(JARS.glob("*.jar")))])
        return ["java", "-Xmx256m", *SHORT_LIVED, *OPENS, *self.options, mark(self.folder), f"-Djava.io.tmpdir={self.folder / 'tmp'}",
                f"-Dhadoop.home.dir={self.folder}", f"-Dhadoop.log.dir={self.folder}", "-cp", class_path, self.main, *words]

    def environment(self):
        return {**os.environ, "HADOOP_USER_NAME": SUPERUSER}


class Cluster:
    host, options = "127.0.0.1", ()  # how its nodes are called; further words for Java

    def __init__(self, folder, datanodes=1, places=None, complete_delay=20):
        """`places` are its ports: two of the NameNode, three of each DataNode; free ones unless told. `complete_delay`: milliseconds, see COMPLETE_DELAY."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keeper = None
        self.rpc, self.http, *places = places or ports.free(2 + 3 * datanodes)
        core = {"fs.defaultFS": f"hdfs://{self.host}:{self.rpc}", "hadoop.tmp.dir": self.folder / "tmp", "hadoop.security.token.service.use_ip": "true",
                "hadoop.proxyuser.hive.hosts": "*", "hadoop.proxyuser.hive.groups": "*", **self.core_settings()}
        common = {"dfs.replication": 1, "dfs.webhdfs.enabled": "true", "dfs.permissions.enabled": "true", "dfs.namenode.safemode.extension": 0,
                  "dfs.namenode.datanode.registration.ip-hostname-check": "false", "dfs.namenode.http-address": f"{self.host}:{self.http}",
                  "dfs.client.block.write.replace-datanode-on-failure.policy": "NEVER", **self.hdfs_settings()}
        own = {**common, "dfs.namenode.name.dir": f"file://{self.folder}/name", "dfs.namenode.rpc-bind-host": "127.0.0.1",
               "dfs.namenode.heartbeat.recheck-interval": 2000, "dfs.ls.limit": 100}
        self.namenode = Node("the NameNode", f"{SERVER}.namenode.NameNode", self.folder / "namenode", {"core-site.xml": core, "hdfs-site.xml": own},
                             self.options)
        self.datanodes = []
        for number in range(datanodes):
            data, http, ipc = places[3 * number:3 * number + 3]
            own = {**common, "dfs.datanode.data.dir": f"file://{self.folder}/data-{number}", "dfs.datanode.address": f"127.0.0.1:{data}",
                   "dfs.datanode.http.address": f"127.0.0.1:{http}", "dfs.datanode.ipc.address": f"127.0.0.1:{ipc}", "dfs.datanode.hostname": self.host,
                   "dfs.heartbeat.interval": 1, COMPLETE_DELAY: complete_delay}
            self.datanodes.append(Node(f"DataNode {number}", f"{SERVER}.datanode.DataNode", self.folder / f"datanode-{number}",
                                       {"core-site.xml": core, "hdfs-site.xml": own}, self.options))

    def core_settings(self):
        """More of core-site.xml, and hdfs_settings of hdfs-site.xml, for both kinds of nodes."""
        return {}

    hdfs_settings = core_settings

    def __enter__(self):
        self.keeper = keeper.Keeper()
        try:
            self.begin()
            self.wait_until_ready()
            self.make_folder("/lake", USER)
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self):
        """Starts the nodes on an empty HDFS, without waiting for them."""
        self.format()
        for node in self.nodes():
            node.keeper = self.keeper
            node.start()

    def format(self):
        """Once."""
        node = self.namenode
        if (self.folder / "name").exists():
            return
        with open(self.folder / "format", "wb") as said:
            subprocess.run(node.command("-format", "-nonInteractive", "-clusterId", "tidemark"), check=True, env=node.environment(), stdout=said,
                           stderr=subprocess.STDOUT, timeout=PATIENCE)

    def nodes(self):
        return [self.namenode, *self.datanodes]

    def make_folder(self, path, owner=SUPERUSER, mode=755):
        self.call("PUT", path, "MKDIRS", user=SUPERUSER, permission=mode)
        self.call("PUT", path, "SETOWNER", user=SUPERUSER, owner=owner)

    def __exit__(self, *_):
        self.end()
        self.keeper.done()

    def end(self):
        for node in self.nodes():
            node.kill()

    def url(self, path="/lake"):
        return f"webhdfs://{self.host}:{self.http}{path}"

    def fetch(self, method, target, user=USER):
        """A request to the NameNode, and to the DataNode that it names; the bytes of the answer."""
        name = f"&user.name={user}" if target.startswith("/webhdfs/") else ""
        request = urllib.request.Request(f"http://{self.host}:{self.http}{target}{name}", method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def call(self, method, path, operation, user=USER, **more):
        """The NameNode's answer, from JSON."""
        words = "".join(f"&{name}={value}" for name, value in more.items())
        return json.loads(self.fetch(method, f"/webhdfs/v1{path}?op={operation}{words}", user) or b"{}")

    def bean(self, name):
        return json.loads(self.fetch("GET", f"/jmx?qry=Hadoop:service=NameNode,name={name}"))["beans"][0]

    def is_ready(self):
        try:
            return self.bean("FSNamesystemState")["NumLiveDataNodes"] == len(self.datanodes) and self.bean("NameNodeInfo")["Safemode"] == ""
        except (OSError, IndexError, KeyError, ValueError):
            return False

    def wait_until_ready(self):
        wait_until(lambda: self.is_ready() or any(node.has_ended() for node in self.nodes()), "HDFS is ready", self.namenode.last_words)
        for node in self.nodes():
            assert node.lives(), f"{node.name} has ended:\n{node.last_words()}"

    def download(self, path, into):
        """Copies a folder out of HDFS by WebHDFS, as a client that is not ours: names and bytes."""
        into.mkdir(parents=True, exist_ok=True)
        for status in self.call("GET", path, "LISTSTATUS", user=SUPERUSER)["FileStatuses"]["FileStatus"]:
            name = status["pathSuffix"]
            if status["type"] == "DIRECTORY":
                self.download(f"{path}/{name}", into / name)
            else:
                place = f"/webhdfs/v1{urllib.request.quote(f'{path}/{name}')}?op=OPEN"
                (into / name).write_bytes(self.fetch("GET", place, SUPERUSER))
        return into
