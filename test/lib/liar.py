"""A proxy in front of `tidemark alpaca-server` that passes everything on, but lies on request.

    client ── HTTP, WebSocket ──▶ Liar ──▶ alpaca-server, whose history is the truth

A lie about history is a function of an Exchange: it changes the answer and returns it, or sends its own bytes and returns nothing; then
the connection is closed. A lie about the stream is bytes between two frames, or a function of the socket in place of the handshake. Everything else comes from the server, byte for byte.
"""

import http.client
import socket
import struct
import threading
import urllib.parse

from clients import accepted


class Exchange:
    """One request for history and the server's answer."""

    def __init__(self, path, status, headers, body, socket_, number):
        self.path, self.status, self.headers, self.body, self.socket = path, status, headers, body, socket_
        self.number = number  # of the request among those that this lie has answered, from 1

    def asked(self, name):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get(name, [None])[0]

    def answer(self, status=200, body=b"", headers=None):
        self.status, self.body, self.headers = status, body.encode() if isinstance(body, str) else body, dict(headers or {})
        return self

    def raw(self, *pieces):
        for piece in pieces:
            self.socket.sendall(piece.encode("latin-1") if isinstance(piece, str) else piece)
        return None

    def whole(self):
        """The true answer as bytes."""
        return head(self.status, {**self.headers, "Content-Length": len(self.body)}) + self.body


def head(status, headers):
    lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Odd')}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def frame(payload, opcode=1, first=0x80, mask=False):
    """A frame as a server sends it; `first`: FIN and the reserved bits."""
    payload = payload.encode() if isinstance(payload, str) else payload
    size = len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size) if size < 65_536 else b"\x7f" + struct.pack(">Q", size)
    if mask:
        return bytes([first | opcode, length[0] | 0x80]) + length[1:] + b"\0\0\0\0" + payload
    return bytes([first | opcode]) + length + payload


class Liar:
    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.lock = threading.Lock()
        self.lie, self.kind, self.told = None, None, 0
        self.calls = 0  # for history and the clock
        self.streams = set()  # those that are subscribed
        self.sockets = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.cut()

    # ── what the test says ──

    def arm(self, kind, lie):
        """`kind`: history, clock or handshake. `lie` gets the number of times that it has been told, and decides when it is over."""
        with self.lock:
            self.lie, self.kind, self.told = lie, kind, 0

    def disarm(self):
        with self.lock:
            self.lie = None

    def is_over(self):
        with self.lock:
            return self.lie is None and self.told > 0

    def cut(self):
        with self.lock:
            sockets = list(self.sockets)
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def say(self, *pieces):
        """Sends bytes between two frames of each stream. Returns the number of streams; some may not have received all of it."""
        with self.lock:
            streams = list(self.streams)
        for client, lock in streams:
            try:
                with lock:
                    for piece in pieces:
                        client.sendall(piece)
            except OSError:
                pass
        return len(streams)

    # ── what it does ──

    def listen(self):
        for client in accepted(self.listener):
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with client:
                while request := read_head(client):
                    if b"upgrade: websocket" in request.lower():
                        return self.stream(client, request)
                    if not self.history(client, request):
                        return
        except OSError:
            pass

    def turn(self, kind, is_first_page=True):
        """The current lie, and how often it has been told."""
        with self.lock:
            if self.lie is None or self.kind != kind:
                return None, 0
            if self.told and is_first_page and getattr(self.lie, "until_asked_anew", False):
                self.lie = None
                return None, 0
            self.told += 1
            lie = self.lie
            if self.told >= getattr(lie, "times", 1):
                self.lie = None
            return lie, self.told

    def history(self, client, request):
        lines = request.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        with self.lock:
            self.calls += 1
        lie, number = self.turn("clock" if path.startswith("/v2/clock") else "history", "page_token=" not in path)
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line and not line.lower().startswith(("host", "connection")))
        upstream = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            upstream.request("GET", path.replace("limit=10000", "limit=200"), headers=headers)
            answer = upstream.getresponse()
            body = answer.read()
        finally:
            upstream.close()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in ("content-length", "connection", "transfer-encoding")}
        exchange = Exchange(path, answer.status, kept, body, client, number)
        told = lie(exchange) if lie else exchange
        if told is not exchange:
            return bool(told)
        length = {} if exchange.status in (204, 304) else {"Content-Length": len(exchange.body)}
        client.sendall(head(exchange.status, {**exchange.headers, **length}) + exchange.body)
        return True

    def stream(self, client, request):
        lie, _ = self.turn("handshake")
        if lie:
            return lie(client)
        lines = [line for line in request.decode("latin-1").split("\r\n") if not line.lower().startswith("sec-websocket-extensions")]
        host, port = self.upstream.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as upstream:
            upstream.sendall("\r\n".join(lines).encode("latin-1"))
            client.sendall(read_head(upstream))
            lock = threading.Lock()
            with self.lock:
                self.streams.add((client, lock))
                self.sockets |= {client, upstream}
            threading.Thread(target=pump, args=(client, upstream), daemon=True).start()
            try:
                while whole := read_frame(upstream):
                    with lock:
                        client.sendall(whole)
            finally:
                with self.lock:
                    self.streams.discard((client, lock))
                    self.sockets -= {client, upstream}
                for each in (client, upstream):
                    try:
                        each.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass


def read_head(source):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = source.recv(1)
        if not piece:
            return b""
        data += piece
    return data


def exactly(source, size):
    data = b""
    while len(data) < size:
        piece = source.recv(size - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


def read_frame(source):
    try:
        start = exactly(source, 2)
    except OSError:
        return b""
    size, more = start[1] & 0x7F, b""
    if size == 126:
        more = exactly(source, 2)
        size = struct.unpack(">H", more)[0]
    elif size == 127:
        more = exactly(source, 8)
        size = struct.unpack(">Q", more)[0]
    return start + more + exactly(source, size)


def pump(source, sink):
    try:
        while piece := source.recv(65_536):
            sink.sendall(piece)
    except OSError:
        pass
    for each in (source, sink):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

