"""A proxy that makes the program worse than it is, in one way: the comparison has to notice each.

    client ──▶ Worse ──▶ tidemark
"""

import socket
import threading

from clients import accepted

TOKEN_LINE = b"\r\nAuthorization: Bearer %s\r\n"


def faults(token, secret):
    """name → what becomes of bytes from the client, and of bytes from the program."""
    same = lambda data: data  # noqa: E731
    return {
        "a transfer coding that is not seen": (lambda data: data.replace(b"Transfer-Encoding", b"Xransfer-Encoding"), same),
        "a length that is not seen": (lambda data: data.replace(b"Content-Length", b"Xontent-Length"), same),
        "everybody has the token": (lambda data: data.replace(b" HTTP/1.1\r\n", b" HTTP/1.1" + TOKEN_LINE % token), same),
        "every name is this machine's": (lambda data: data.replace(b"evil.example", b"localhost:80"), same),
        "an answer that comes twice": (same, lambda data: data * 2 if data.startswith(b"HTTP/1.1 401") else data),
        "an answer that is left out": (same, lambda data: b"" if data.startswith(b"HTTP/1.1 401") else data),
        "a secret in an answer": (same, lambda data: data.replace(b"nosniff", secret)),
        "a connection that goes on": (same, lambda data: data.replace(b"Connection: close", b"Connection: stays")),
        "a pong of another ping": (same, lambda data: data.replace(b"\x8a\x04ping", b"\x8a\x04pong")),
    }


class Worse:
    def __init__(self, port, incoming, outgoing):
        self.upstream, self.incoming, self.outgoing = port, incoming, outgoing
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def listen(self):
        for client in accepted(self.listener):
            server = socket.create_connection(("127.0.0.1", self.upstream))
            threading.Thread(target=pump, args=(client, server, self.incoming), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, self.outgoing), daemon=True).start()


def pump(source, target, change):
    try:
        while data := source.recv(1 << 18):
            target.sendall(change(data))
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
