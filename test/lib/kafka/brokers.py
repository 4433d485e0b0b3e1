"""A cluster of real Kafka brokers without containers, for tests. Brokers can be killed, paused and cut off, and never outlive the test.

    with Cluster(folder, nodes=3) as kafka:
        kafka.bootstrap         the listener for programs on the host: "127.0.0.1:21093,127.0.0.1:14522,127.0.0.1:30712"
        kafka.internal          the other listener, which brokers use as well
        kafka.kill(1)           SIGKILL; kafka.start(1) restarts it on its data; kafka.stop(1) shuts it down
        kafka.pause(1)          SIGSTOP, until kafka.go_on(1)
        kafka.cut(1)            drops all packets until kafka.heal(1); needs hosts=network.Namespaces(3) after network.isolate()
        kafka.tls, kafka.sasl   with secured=tls.Secured(folder)
        kafka.proxied           a listener behind a proxy: with kafka.proxy([Rule(…)], seed=1): … (proxy.py); only for a single node on loopback
        kafka.keep_words()      copies the brokers' output to build/test/brokers, to examine failures

Cluster(folder, release="4.4.0") uses another release than java.RELEASE, which KAFKA_RELEASE sets.
Nodes are numbered from 1. Everything listens on free ports of loopback, except with hosts=Namespaces.
"""

import pathlib
import shutil
import sys

import java
import keeper
import metadata
import network
import proxy
import settings
from node import PATIENCE, Node, quick_start, wait_until

why_not, RELEASE, NEWEST = java.why_not, java.RELEASE, java.NEWEST


class Cluster:
    def __init__(self, folder, nodes=1, hosts=None, secured=None, more=None, release=java.RELEASE):
        """`folder` holds all files and may be temporary; `more` are settings of every broker that override settings.py."""
        self.folder = pathlib.Path(folder)
        self.hosts = hosts or network.Loopback(nodes)
        self.secured = secured
        self.more = more
        self.release = release
        self.cluster = settings.new_cluster_id()
        self.nodes = {}
        self.keeper = None

    def __enter__(self):
        self.options = quick_start(self.release)
        self.keeper = keeper.Keeper()
        try:
            self.hosts.set_up(self.keeper)
            self.start(*self.hosts.numbers)
            if self.secured:
                self.secured.add_user(self.bootstrap)
        except BaseException:
            self.keep_words()
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for node in self.nodes.values():
            node.kill()
        self.hosts.tear_down()
        self.keeper.done()

    def add(self, number):
        folder = self.folder / f"node-{number}"
        properties = settings.properties(number, self.hosts.ports, self.hosts.addresses, folder / "data", self.secured, self.more)
        self.nodes[number] = Node(number, folder, properties, self.cluster, self.hosts.enter(number), self.release)

    def start(self, *numbers):
        """Starts nodes, for the first time or again on their data, and waits until they accept requests."""
        for number in numbers:
            if number not in self.nodes:
                self.add(number)
            self.nodes[number].start(self.options)
            self.keeper.watch(self.nodes[number].process.pid)
        for number in numbers:
            self.nodes[number].wait_until_ready()
        for number in numbers:
            address, port = self.hosts.addresses[number], self.hosts.ports[number]["host"]
            wait_until(lambda: metadata.brokers_known_to(address, port) >= set(numbers), f"node {number} knows of {numbers}")

    def kill(self, number):
        self.nodes[number].kill()

    def stop(self, number):
        self.nodes[number].stop()

    def pause(self, number):
        self.nodes[number].pause()

    def go_on(self, number):
        self.nodes[number].go_on()

    def cut(self, number):
        self.hosts.cut(number)

    def heal(self, number):
        self.hosts.heal(number)

    def addresses(self, listener):
        return ",".join(f"{self.hosts.addresses[number]}:{self.hosts.ports[number][listener]}" for number in self.hosts.numbers)

    @property
    def bootstrap(self):
        return self.addresses("host")

    @property
    def internal(self):
        return self.addresses("internal")

    @property
    def tls(self):
        return self.addresses("tls")

    @property
    def sasl(self):
        return self.addresses("sasl")

    @property
    def proxied(self):
        return self.addresses("proxy")

    def proxy(self, rules, seed, **hooks):
        ports = self.hosts.ports[1]
        return proxy.Proxy(ports["proxy"], ports["behind"], rules, seed, **hooks)

    def cpu_seconds(self):
        return sum(node.cpu_seconds() for node in self.nodes.values() if node.lives())

    def keep_words(self):
        kept = java.ROOT / "build/test/brokers" / pathlib.Path(sys.argv[0]).resolve().parent.name / self.folder.name
        shutil.rmtree(kept, ignore_errors=True)
        for node in self.nodes.values():
            for said in node.said():
                (kept / f"node-{node.number}").mkdir(parents=True, exist_ok=True)
                shutil.copy(said, kept / f"node-{node.number}")
        print(f"# what the brokers said: {kept.relative_to(java.ROOT)}", file=sys.stderr, flush=True)
