"""One broker: a Java process, its folder, and the ways to end it.

    folder/server.properties     its settings
    folder/data/                 its data, which survive every kill
    folder/said-1, said-2 …      its output, a file for each start
"""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

import java
import ports
import settings

PATIENCE = 240  # the most seconds for a start or a shutdown; two or three are usual
HEAP = "384m"
READY = b"Kafka Server started"


def wait_until(happened, what, evidence=str):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s: {what}\n{evidence()}"
        time.sleep(0.02)


class Node:
    def __init__(self, number, folder, properties, cluster, enter=(), release=java.RELEASE):
        """`enter` is the command prefix that runs a process on this node's host."""
        self.number, self.folder, self.enter, self.release = number, pathlib.Path(folder), list(enter), release
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        (self.folder / "server.properties").write_text(properties)
        settings.format_folder(self.folder / "data", number, cluster)
        self.process = None

    def said(self):
        """The files of its output, the newest last."""
        return sorted(self.folder.glob("said-*"), key=lambda path: int(path.name.split("-")[1]))

    def words(self):
        return self.said()[-1].read_bytes() if self.said() else b""

    def start(self, options=()):
        assert not self.lives(), f"node {self.number} runs already"
        command = java.command("kafka.Kafka", self.folder / "server.properties", release=self.release, heap=HEAP, temporary=self.folder / "tmp",
                               options=[*options, f"-Dlog4j.configuration=file:{pathlib.Path(__file__).parent / 'log4j.properties'}"])
        with open(self.folder / f"said-{len(self.said()) + 1}", "wb") as said:
            self.process = subprocess.Popen([*self.enter, *command], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            start_new_session=True)  # Ctrl-C is for the test, which ends its brokers itself

    def wait_until_ready(self):
        """Waits until it has caught up with the cluster and accepts requests."""
        wait_until(lambda: READY in self.words() or self.has_ended(), f"node {self.number} is ready", self.last_words)
        assert not self.has_ended(), f"node {self.number} ended with {self.process.returncode}:\n{self.last_words()}"

    def last_words(self, lines=25):
        return "\n".join(self.words().decode(errors="replace").splitlines()[-lines:])

    def lives(self):
        return self.process is not None and not self.has_ended()

    def has_ended(self):
        return self.process.poll() is not None

    def kill(self):
        """SIGKILL. Data not yet written to its files is still in the kernel, as after any crash of a process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, patience=PATIENCE):
        """Shuts it down, so that it hands its partitions over first. A broker without controllers cannot, and is killed after a while."""
        if self.lives():
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()

    def pause(self):
        """Freezes it with open connections, as a swapping machine or a long garbage collection would."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

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
