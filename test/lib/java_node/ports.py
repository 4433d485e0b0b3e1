"""Unused ports on loopback, below those that the kernel assigns to outgoing connections, so that a killed broker finds its
port free again when it comes back."""

import pathlib
import random
import socket

FIRST = 10_000


def is_free(port, address="127.0.0.1"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignore leftovers of closed connections
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def free(count):
    last = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = []
    while len(found) < count:
        port = random.randrange(FIRST, last)
        if port not in found and is_free(port):
            found.append(port)
    return found
