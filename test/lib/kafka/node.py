"""One broker: a Java process, its folder, and the ways to end it.

    folder/server.properties     its settings
    folder/data/                 its data, which survive every kill
    folder/said-1, said-2 …      its output, a file for each start
"""

import os
import pathlib
import tempfile

import java
import ports
import settings
from java_node import PATIENCE, JavaNode, wait_until  # noqa: F401

HEAP = "384m"
READY = b"Kafka Server started"


class Node(JavaNode):
    def __init__(self, number, folder, properties, cluster, enter=(), release=java.RELEASE):
        """`enter` is the command prefix that runs a process on this node's host."""
        super().__init__(f"node {number}", folder)
        self.number, self.enter, self.release, self.options = number, list(enter), release, ()
        (self.folder / "server.properties").write_text(properties)
        settings.format_folder(self.folder / "data", number, cluster)

    def command(self):
        options = [*self.options, f"-Dlog4j.configuration=file:{pathlib.Path(__file__).parent / 'log4j.properties'}"]
        return [*self.enter, *java.command("kafka.Kafka", self.folder / "server.properties", release=self.release, heap=HEAP,
                                           temporary=self.folder / "tmp", options=options)]

    def start(self, options=()):
        self.options = options
        super().start()

    def wait_until_ready(self):
        """Waits until it has caught up with the cluster and accepts requests."""
        super().wait_until_ready(lambda: READY in self.words())

    def cpu_seconds(self):
        user, system = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def quick_start(release=java.RELEASE):
    """Options that halve the start time of a broker. The first call in a checkout takes some seconds to make the archive."""
    return java.with_archive(lambda options: live_once(options, release), release)


def live_once(options, release):
    """Starts and shuts down a broker while Java records the classes that it loads."""
    with tempfile.TemporaryDirectory(prefix="tidemark-kafka-") as folder:
        mine = {1: dict(zip(settings.LISTENERS, ports.free(len(settings.LISTENERS))))}
        properties = settings.properties(1, mine, {1: "127.0.0.1"}, pathlib.Path(folder, "data"))
        node = Node(1, folder, properties, settings.new_cluster_id(), release=release)
        node.start(options)
        try:
            node.wait_until_ready()
            node.stop()
        finally:
            node.kill()
