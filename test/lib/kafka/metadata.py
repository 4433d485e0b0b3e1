"""Asks a broker in Kafka's own protocol which brokers it knows, so that a cluster can be started without a client.

A broker that has just started may not know the others yet, and newer clients drop a broker, with their requests to it, when
another one does not name it. So a cluster is ready when every broker names all brokers.
"""

import socket
import struct

METADATA, VERSION = 3, 1


def brokers_known_to(address, port, patience=5):
    """The node numbers; an empty set if the broker does not answer."""
    question = struct.pack(">hhih4si", METADATA, VERSION, 1, 4, b"test", 0)  # about no topic
    try:
        with socket.create_connection((address, port), timeout=patience) as connection:
            connection.sendall(struct.pack(">i", len(question)) + question)
            with connection.makefile("rb") as answer:
                answer.read(8)  # its length, and the number of our question
                (count,) = struct.unpack(">i", answer.read(4))
                return {broker_in(answer) for _ in range(count)}
    except (OSError, struct.error):
        return set()


def broker_in(answer):
    (node,) = struct.unpack(">i", answer.read(4))
    text_in(answer)  # host
    answer.read(4)  # port
    text_in(answer)  # rack
    return node


def text_in(answer):
    (length,) = struct.unpack(">h", answer.read(2))
    return answer.read(max(length, 0))
