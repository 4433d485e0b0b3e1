"""A client that behaves, beside those that do not: whether it gets right answers all the while.

What is final is compared with the log, which it reads by itself.
"""

import contextlib
import datetime
import http.client
import json
import os
import sqlite3
import threading
import time

import websockets.sync.client

PATIENCE = 120


def moment(text):
    return datetime.datetime.fromisoformat(text or "0001-01-01T00:00:00Z")


class Honest:
    def __init__(self, program, token, symbols):
        self.program, self.symbols = program, symbols
        self.headers = {"Authorization": f"Bearer {token}"}
        self.page, self.asked, self.heard, self.finals = None, 0, 0, 0
        self.fault, self.is_over = None, threading.Event()
        self.threads = [threading.Thread(target=self.watch, args=(work,), daemon=True) for work in (self.ask_all_the_while, self.listen)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the client that behaves waits for an answer"
        assert kind or self.fault is None, self.fault

    def watch(self, work):
        try:
            work()
        except Exception as error:  # told where the others are told
            self.fault = f"the client that behaves: {error!r}"

    def ask(self, connection, path, status=200, headers=None):
        connection.request("GET", path, headers=self.headers if headers is None else headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == status, (path, answer.status, body[:300])
        self.asked += 1
        return body

    def ask_all_the_while(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            watermark, number = moment(None), 0
            while not self.is_over.wait(0.02):
                status = json.loads(self.ask(connection, "/api/v1/status"))
                account = status["account"]
                assert account["read"] == sum(count for name, count in account.items() if name != "read"), account
                before, watermark = watermark, moment(status["watermark"])
                assert watermark >= before, (status["watermark"], before)
                assert self.ask(connection, "/healthz", headers={}) == b'{"status":"alive"}'
                self.ask(connection, "/api/v1/status", status=401, headers={})
                page = self.ask(connection, "/")
                self.page = self.page or page
                assert page == self.page, "the page is another one"
                number += 1
                self.compare_with_log(connection, self.symbols[number % len(self.symbols)])

    def compare_with_log(self, connection, symbol):
        told = json.loads(self.ask(connection, f"/api/v1/trends?symbol={symbol}&status=final&limit=20"))["trends"]
        with contextlib.closing(sqlite3.connect(f"file:{self.program.data}/log.db?mode=ro", uri=True, timeout=PATIENCE)) as log:
            rows = log.execute("SELECT value FROM alpaca_trend_results ORDER BY offset DESC LIMIT 2000").fetchall()
        held = {(row["symbol"], row["window_start"]): row for row in (json.loads(value) for (value,) in rows)}
        for row in told:
            right = held.get((row["symbol"], row["window_start"]))
            assert right is None or row == right, (row, right)
            self.finals += right is not None

    def listen(self):
        url = f"ws://127.0.0.1:{self.program.port}/api/v1/live?history=1"
        with websockets.sync.client.connect(url, additional_headers=self.headers, max_size=None, open_timeout=PATIENCE) as stream:
            sequence = None
            while not self.is_over.is_set():
                message = json.loads(stream.recv(PATIENCE))
                if message["type"] == "trends":
                    assert message["sequence"] == sequence + 1, (message["sequence"], sequence)
                sequence = message.get("sequence", sequence)
                self.heard += 1


class Figures:
    """What a process holds, as the kernel counts it."""

    def __init__(self, pid):
        self.folder = f"/proc/{pid}"
        self.most_files = self.most_threads = 0

    def status(self, name):
        with open(f"{self.folder}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))

    def resident_mb(self):
        return self.status("VmRSS") // 1024

    def peak_mb(self):
        return self.status("VmHWM") // 1024

    def files(self):
        return len(os.listdir(f"{self.folder}/fd"))

    def threads(self):
        return self.status("Threads")

    def look(self):
        self.most_files, self.most_threads = max(self.most_files, self.files()), max(self.most_threads, self.threads())


def wait_until(what, true, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (value := true()):
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)
    return value
