"""A proxy in front of a server of S3, which fails as S3 and the network do.

    proxy.fault = lambda method, target: "busy"      asked for every request; None lets it pass

    busy    503 SlowDown                             cut     the connection ends in the midst of the request, which has no effect
    lost    the request has its effect, and the      half    the answer ends in its midst
            connection ends before the answer
"""

import http.client
import http.server
import socket
import threading

SLOW_DOWN = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
FAULTS = ("busy", "cut", "lost", "half")
PER_CONNECTION = {"connection", "transfer-encoding", "keep-alive", "expect"}


class FailingProxy:
    def __init__(self, port, upstream):
        self.upstream = upstream  # (host, port)
        self.port = port
        self.fault = lambda method, target: None
        self.counts = dict.fromkeys(FAULTS, 0)
        self.server = None

    def start(self):
        owner = self

        class Handler(_Handler):
            proxy = owner

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            connections = set()

            def get_request(self):
                connection, address = super().get_request()
                self.connections.add(connection)
                return connection, address

            def handle_error(self, *_):
                pass  # clients that were killed

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        """Nothing listens any more, and open connections end: as a server that was killed. What it stores is still there at start()."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            for connection in self.server.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it has ended
            self.server = None


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300
    proxy = None

    def log_message(self, *_):
        pass

    def end_connection(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client was quicker

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(parts)

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def forwarded(self, body):
        upstream = http.client.HTTPConnection(*self.proxy.upstream, timeout=300)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in PER_CONNECTION | {"content-length"}:
                    upstream.putheader(name, value)
            if body or self.command in ("PUT", "POST"):
                upstream.putheader("Content-Length", str(len(body)))
            upstream.endheaders(body)
            reply = upstream.getresponse()
            whole = reply.read()
            headers = [(name, value) for name, value in reply.getheaders() if name.lower() not in PER_CONNECTION]
            if self.command != "HEAD" and not any(name.lower() == "content-length" for name, _ in headers):
                headers.append(("Content-Length", str(len(whole))))
            return reply.status, headers, whole
        finally:
            upstream.close()

    def serve(self):
        fault = self.proxy.fault(self.command, self.path)
        if fault:
            self.proxy.counts[fault] += 1
        if fault == "cut":
            self.rfile.read(min(64, int(self.headers.get("Content-Length") or 0)))
            return self.end_connection()
        body = self.body()
        if fault == "busy":
            return self.answer(503, [("Content-Type", "application/xml"), ("Content-Length", str(len(SLOW_DOWN)))],
                               b"" if self.command == "HEAD" else SLOW_DOWN)
        try:
            status, headers, whole = self.forwarded(body)
        except OSError:
            return self.end_connection()
        if fault == "lost":
            return self.end_connection()
        if fault == "half" and whole:
            self.answer(status, headers, whole[:len(whole) // 2])
            return self.end_connection()
        return self.answer(status, headers, whole)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve
