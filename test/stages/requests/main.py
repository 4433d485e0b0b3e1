"""Mutated requests against a running program, over real sockets, beside a client that behaves.

The process lives; each request gets one answer that it may get; nobody without the token is told anything; no secret is in an answer or in
what the program wrote; memory is bounded, threads and open files are as many as before.

    REQUESTS         how many mutated requests (5,000)
    REQUESTS_SEED    the chance, 1 if not said
    REQUESTS_ONLY    the number of one conversation, to hold it again
"""

import itertools
import os
import pathlib
import re
import socket
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import canaries  # noqa: E402
import harness  # noqa: E402
import honest  # noqa: E402
import planted  # noqa: E402
from answers import Broken, Judge  # noqa: E402
from conversation import Counts, Talker  # noqa: E402
from corpus import Corpus  # noqa: E402
from server_program import running  # noqa: E402

REQUESTS = int(os.environ.get("REQUESTS") or 5_000)
SEED = int(os.environ.get("REQUESTS_SEED") or 1)
ONLY = os.environ.get("REQUESTS_ONLY")
LANES = 4  # connections at once
MOST_MEMORY = 250  # MB, resident at most
MOST_JOURNAL = 200_000  # bytes: requests are not told line by line
MOST_PLANTED = 3_000  # conversations within which a planted fault must be noticed
TOKEN, SECRET, KEY = "canary-token-5d41402abc4b2a76", "tell-nobody-about-this-secret", "PKCANARYKEY0123456789"
SECRETS = [word.encode() for word in (TOKEN, SECRET, KEY)]
SYMBOLS = ["AAPL", "MSFT", "TSLA"]


def talkers(port, upstream_port, number):
    corpus, judge = Corpus(TOKEN.encode(), upstream_port), Judge(TOKEN.encode(), upstream_port)
    return [Talker(corpus, judge, port, SEED, SECRETS) for _ in range(number)]


def start(data):
    return running("--speed", "120", "--symbols", ",".join(SYMBOLS), data=data,
                   environment={"TIDEMARK_TOKEN": TOKEN, "ALPACA_API_KEY": KEY, "ALPACA_API_SECRET": SECRET})


class Crowd:
    """The lanes, each with a talker; the first broken promise ends them all."""

    def __init__(self, all_talkers, figures):
        self.talkers, self.figures = all_talkers, figures
        self.numbers, self.fault, self.lock = itertools.count(), None, threading.Lock()

    def counts(self):
        total = Counts()
        for talker in self.talkers:
            total.add(talker.counts)
        return total

    def work(self, talker):
        try:
            while self.fault is None and self.counts().mutated < REQUESTS:
                with self.lock:
                    number = next(self.numbers)
                talker.talk(number)
                if number % 64 == 0:
                    self.figures.look()
        except Exception as error:
            self.fault = self.fault or error

    def run(self):
        threads = [threading.Thread(target=self.work, args=(talker,)) for talker in self.talkers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.fault:
            raise self.fault


def stalled(port):
    """Connections that stop in the midst of a request, and say nothing any more."""
    head = b"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n"
    parts = (b"G", b"GET / HTTP/1.1\r\n", head, head + b"Content-Length: 9\r\n\r\n{", head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", b"\x16\x03\x01")
    sockets = []
    for part in parts * 5:
        sockets.append(socket.create_connection(("127.0.0.1", port), timeout=honest.PATIENCE))
        sockets[-1].sendall(part)
    return sockets


def end_of(client):
    """All that it hears until the program ends it."""
    heard = b""
    with client:
        while data := client.recv(1 << 16):
            heard += data
    assert not heard or re.match(rb"HTTP/1\.1 (400|408) ", heard), heard
    return heard


def written_by(program):
    journal = "\n".join(map(str, program.events)).encode()
    files = {str(path.relative_to(program.data)): path.read_bytes() for path in program.data.rglob("*") if path.is_file() and not path.is_symlink()}
    return files | {"the journal": journal}


def check_requests(folder):
    begun = time.monotonic()
    with start(folder / "data") as program:
        figures = honest.Figures(program.process.pid)
        crowd = Crowd(talkers(program.port, program.port, LANES), figures)
        files, threads, resident = figures.files(), figures.threads(), figures.resident_mb()
        with honest.Honest(program, TOKEN, SYMBOLS) as good:
            stuck = stalled(program.port)
            crowd.run()
            for each in stuck:
                end_of(each)
        assert program.process.poll() is None, "the program has ended"
        honest.wait_until(f"{files} open files again", lambda: figures.files() <= files)
        honest.wait_until(f"{threads} threads again", lambda: figures.threads() <= threads)
        peak = figures.peak_mb()
        counts = crowd.counts()
        print(f"# seed {SEED}: {counts.mutated} mutated and {counts.good} good requests in {time.monotonic() - begun:.0f} s on {counts.connections} connections, {counts.refused} refused, {counts.streams} streams, "
              f"{counts.cut} cut off, {counts.slow} slow; {peak} MB resident at most ({resident} MB at the start), {figures.most_files} open files at most, {figures.most_threads} threads at most; "
              f"beside them {good.asked} answers, {good.finals} finals and {good.heard} messages were right", flush=True)
        assert peak <= MOST_MEMORY, f"{peak} MB were resident"
        assert good.asked > 10 and good.finals > 10 and good.heard > 1, "the client that behaves had nothing to compare"
    texts = written_by(program)
    assert len(texts["the journal"]) < MOST_JOURNAL, f"a journal of {len(texts['the journal'])} bytes: {texts['the journal'][:2_000]}"
    searches = canaries.find((TOKEN, SECRET, KEY), texts)
    print(f"# {searches} searches for a secret in {len(texts)} files", flush=True)


def check_planted(folder):
    with start(folder / "planted") as program:
        for name, (incoming, outgoing) in planted.faults(TOKEN.encode(), SECRET.encode()).items():
            with planted.Worse(program.port, incoming, outgoing) as worse:
                talker = talkers(worse.port, program.port, 1)[0]
                for number in range(MOST_PLANTED):
                    try:
                        talker.talk(number)
                    except Broken:
                        print(f"# {name}: noticed in conversation {number}")
                        break
                else:
                    raise AssertionError(f"{name} was not noticed")


def check_one(folder):
    with start(folder / "data") as program:
        talkers(program.port, program.port, 1)[0].talk(int(ONLY))


def main():
    with tempfile.TemporaryDirectory(prefix="requests-") as folder:
        folder = pathlib.Path(folder)
        if ONLY:
            harness.tell(f"conversation {ONLY}", check_one, folder)
            return
        harness.tell("each fault that is planted before the program is noticed", check_planted, folder)
        harness.tell("mutated requests get one answer each, a right one, and leave no trace", check_requests, folder)


main()
harness.end()
