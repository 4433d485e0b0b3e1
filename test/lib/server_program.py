"""A running Tidemark for one case, in its own data directory, on a free port."""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

PATIENCE = 120  # the longest wait in seconds for something that must come


def wait_for(what, true, patience=PATIENCE):
    """Waits until true() returns something true, and returns that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := true():
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    def json(self):
        return json.loads(self.body)


class Program:
    def __init__(self, data, arguments=(), stdin=None, environment=None):
        self.data = data
        self.events = []
        self.process = subprocess.Popen(
            [os.environ["TIDEMARK"], "run", "--data", str(data), "--log-format", "json", *arguments],
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        address = wait_for("the port", lambda: self.event("serve.listening") or self.process.poll() is not None)
        if address is True:
            raise AssertionError(f"the program ended with {self.process.returncode}: {self.events}")
        self.port = int(address["url"].rsplit(":", 1)[1])

    def _read(self):
        for line in self.process.stderr:
            try:
                self.events.append(json.loads(line))
            except ValueError:
                self.events.append({"event": "text", "text": line})

    def event(self, name):
        return next((event for event in self.events if event.get("event") == name), None)

    @property
    def live(self):
        return f"ws://127.0.0.1:{self.port}/api/v1/live"

    def ask(self, target, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())

    def ask_as_owner(self, target, method="GET", headers=None, body=None):
        """The same through the control socket of the data directory."""
        connection = http.client.HTTPConnection("localhost", timeout=PATIENCE)
        connection.sock = socket.socket(socket.AF_UNIX)
        with contextlib.closing(connection):
            connection.sock.settimeout(PATIENCE)
            connection.sock.connect(str(self.data / "tidemark.sock"))
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())

    def wait_until_ready(self):
        wait_for("/readyz", lambda: self.ask("/readyz").status == 200)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it did not end within {PATIENCE} seconds of Ctrl-C") from None


@contextlib.contextmanager
def running(*arguments, data=None, port=0, **more):
    """A program that is ready. Its exit code must be 0."""
    with contextlib.ExitStack() as stack:
        if data is None:
            data = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tidemark-api-")))
        program = Program(data, ("--port", str(port), *arguments), **more)
        stack.callback(lambda: program.process.poll() is None and program.kill())
        yield program.wait_until_ready()
        if program.process.poll() is None or program.process.returncode >= 0:
            code = program.stop()
            assert code == 0, f"exit code {code}: {program.events[-5:]}"
