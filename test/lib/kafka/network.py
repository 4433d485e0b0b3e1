"""The hosts of brokers: all on loopback, or each on its own host that can be cut off.

    Namespaces: each node has a network namespace with one end of a virtual cable. The other ends are on a bridge, where the test
    and its clients are, too. All this is in the test's own namespace, which is not connected to any other network.

        client ── bridge 10.x.y.1 ─┬─ cable ─ 10.x.y.11 node 1
                                   ├─ cable ─ 10.x.y.12 node 2        cut(2) pulls this cable: packets vanish, connections hang
                                   └─ cable ─ 10.x.y.13 node 3
"""

import ctypes
import os
import random
import shutil
import subprocess

import java  # noqa: F401  (which finds test/lib/java_node)
import ports
from settings import LISTENERS

CLONE_NEWNET = 0x40000000
isolated = None  # why this process could not be isolated; "" if it was


class Loopback:
    def __init__(self, nodes):
        self.numbers = range(1, nodes + 1)
        self.addresses = dict.fromkeys(self.numbers, "127.0.0.1")

    def set_up(self, _):
        free = iter(ports.free(len(self.numbers) * len(LISTENERS)))
        self.ports = {number: {listener: next(free) for listener in LISTENERS} for number in self.numbers}

    def tear_down(self):
        pass

    def enter(self, _):
        return []

    def cut(self, number):
        raise AssertionError(f"node {number} is on loopback, which nobody can cut: Cluster(…, hosts=Namespaces(…))")

    heal = cut


def isolate():
    """Moves this process and its children into a new network with nothing but loopback. Call it before there is
    a second thread. Returns why it is impossible here, or None."""
    global isolated
    if isolated is None:
        isolated = try_to_isolate()
    return isolated or None


def try_to_isolate():
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    if not shutil.which("ip"):
        return "there is no ip command (package iproute2)"
    probe = ["unshare", "--net", "ip", "link", "add", "probe", "type", "bridge"]
    tried = subprocess.run(probe, capture_output=True, text=True)
    if tried.returncode != 0:
        return f"the kernel allows no virtual network: {tried.stderr.strip()}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        return f"unshare: {os.strerror(ctypes.get_errno())}"
    ip("link", "set", "lo", "up")
    return ""


class Namespaces:
    def __init__(self, nodes):
        assert isolated == "", "network.isolate() comes first, or a client that outlives its cluster would ask the world for it"
        self.numbers = range(1, nodes + 1)
        self.name = f"tk{random.randrange(16**8):08x}"  # the kernel allows a device 15 letters
        self.ports = dict.fromkeys(self.numbers, {"host": 9092, "internal": 29092, "controller": 19093, "tls": 9093, "sasl": 9094})
        self.net = f"10.{random.randrange(200, 250)}.{random.randrange(256)}"
        self.addresses = {number: f"{self.net}.{10 + number}" for number in self.numbers}

    def set_up(self, keeper):
        ip("link", "add", self.name, "type", "bridge")
        ip("address", "add", f"{self.net}.1/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        for number in self.numbers:
            there = self.namespace(number)
            keeper.owe("ip", "netns", "del", there)
            ip("netns", "add", there)
            ip("link", "add", self.cable(number), "type", "veth", "peer", "name", "eth0", "netns", there)
            ip("link", "set", self.cable(number), "master", self.name, "up")
            inside = self.enter(number)
            ip("address", "add", f"{self.addresses[number]}/24", "dev", "eth0", inside=inside)
            ip("link", "set", "eth0", "up", inside=inside)
            ip("link", "set", "lo", "up", inside=inside)

    def tear_down(self):
        for number in self.numbers:
            ip("link", "del", self.cable(number), check=False)
            ip("netns", "del", self.namespace(number), check=False)
        ip("link", "del", self.name, check=False)

    def namespace(self, number):
        return f"{self.name}-{number}"

    def cable(self, number):
        return f"{self.name}v{number}"

    # nsenter, because `ip netns exec` also mounts, which is impossible in a chroot.
    def enter(self, number):
        return ["nsenter", f"--net=/run/netns/{self.namespace(number)}"]

    def cut(self, number):
        ip("link", "set", self.cable(number), "down")

    def heal(self, number):
        ip("link", "set", self.cable(number), "up")


def ip(*words, check=True, inside=()):
    done = subprocess.run([*inside, "ip", *words], capture_output=True, text=True)
    assert done.returncode == 0 or not check, f"ip {' '.join(words)}: {done.stderr}"
