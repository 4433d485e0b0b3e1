"""A `tidemark run` in its own data directory, and a client of its live stream."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from measure import status_mb

PATIENCE = 60  # seconds until something that must come is given up


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Live:
    def __init__(self, tidemark, *arguments, stdin=subprocess.DEVNULL, data=None):
        self.data = data or pathlib.Path(tempfile.mkdtemp(prefix="run-", dir="."))
        self.port = free_port()
        command = [tidemark, "run", "--data", self.data, "--port", self.port, "--log-level", "warning", *arguments]
        self.started = time.perf_counter()
        self.process = subprocess.Popen([str(word) for word in command], stdin=stdin, stdout=subprocess.DEVNULL)

    def ask(self, target):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, response.read()

    def status(self):
        return json.loads(self.ask("/api/v1/status")[1])

    def wait_for_page(self):
        """Seconds from the start of the process to the received page."""
        self.patiently(lambda: self.ask("/")[0] == 200, "the page")
        return time.perf_counter() - self.started

    def stream(self):
        return self.patiently(lambda: connect(f"ws://127.0.0.1:{self.port}/api/v1/live", max_size=None, compression=None), "the live stream")

    def patiently(self, attempt, what):
        while time.perf_counter() < self.started + PATIENCE:
            try:
                if result := attempt():
                    return result
            except (OSError, http.client.HTTPException, ConnectionClosed):
                pass
            if self.process.poll() is not None:
                raise SystemExit(f"bench: tidemark run ended with {self.process.returncode}")
            time.sleep(0.001)
        raise SystemExit(f"bench: waited in vain for {what}")

    def memory(self):
        """Resident megabytes: in all, and without file pages."""
        return status_mb(self.process.pid, "VmRSS"), status_mb(self.process.pid, "RssAnon")

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def lake_files(self):
        return list((self.data / "lake").glob("*/*/*.parquet"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        shutil.rmtree(self.data)
        if code != 0:
            raise SystemExit(f"bench: tidemark run ended with {code}")


@contextlib.contextmanager
def running(tidemark, *arguments, **more):
    live = Live(tidemark, *arguments, **more)
    try:
        yield live
    except BaseException:
        live.process.kill()
        live.process.wait()
        shutil.rmtree(live.data, ignore_errors=True)
        raise
    live.stop()


def messages(stream):
    """The messages of a live stream with rows in them."""
    for text in stream:
        message = json.loads(text)
        if message.get("trends"):
            yield message


def lags(database):
    """The records that wait for the analyze role, and the rows that wait for the lake."""
    behind = dict(((reader, topic), count) for reader, topic, count in database.execute("SELECT reader, topic, behind FROM readers"))
    return behind.get(("analyze", "alpaca_trends"), 0), behind.get(("store", "tidemark_bars"), 0)
