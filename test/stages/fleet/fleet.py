"""One Tidemark over Kafka in a test: processes of the real program, with their own topics and groups.

    with Fleet(kafka, folder, "kills") as fleet:           topics kills-alpaca_trends …, groups kills-analyze …
        worker = fleet.analyze("desk-1")                    a process; its journal is worker.journal()
        worker.kill(); worker.stop(); worker.go_on()        SIGKILL, SIGSTOP, SIGCONT; worker.end() as an operator would
        fleet.play(file)                                    ingest until all of it is in the log
        fleet.settle()                                      until all readers have read everything, and no transaction is open
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.request

import topics
from confluent_kafka import KafkaException

TIDEMARK = os.environ.get("TIDEMARK") or str(pathlib.Path(__file__).parents[3] / "build/release/tidemark")
PATIENCE = 240  # the longest wait in seconds for something that has to happen
SESSION = 20  # seconds of silence after which a process loses its partitions: longer than a busy machine freezes one
SHORT_SESSION = 3  # for cases about lost sessions
WRITTEN = ("alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters")
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def wait_until(happened, what, evidence=str, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(KafkaException):  # retried until the timeout
            if value := happened():
                return value
        assert time.monotonic() < deadline, f"waited {patience} s: {what}\n{evidence()}"
        time.sleep(0.02)


class Member:
    """A process of the fleet."""

    def __init__(self, fleet, verb, words, stdin, where, variables):
        self.wanted = 0  # the exit code with which it may end during waits for others
        self.verb, self.said = verb, fleet.folder / f"{len(fleet.members)}-{verb}.journal"
        environment = {"PATH": os.environ["PATH"], "HOME": str(fleet.folder), **(variables or {})}
        working = ["--session-timeout", f"{fleet.session}s", "--retry-delay", "1s"]
        with open(self.said, "wb") as journal:
            self.process = subprocess.Popen([TIDEMARK, verb, *fleet.words_for(where), *working, *words], cwd=fleet.folder, env=environment,
                                            stdin=stdin, stdout=journal, stderr=journal)
        fleet.kafka.keeper.watch(self.process.pid)
        fleet.members.append(self)

    def journal(self):
        return self.said.read_text(errors="replace")

    def evidence(self):
        return f"{self.verb}, which {'lives' if self.lives() else f'ended with {self.process.returncode}'}:\n{self.journal()[-6000:]}"

    def lives(self):
        return self.process.poll() is None

    def kill(self):
        """SIGKILL. True if it was still running."""
        lived = self.lives()
        self.process.kill()
        self.process.wait()
        return lived and self.process.returncode == -signal.SIGKILL

    def stop(self):
        """Freezes it, as a swapping machine or a migrating virtual machine would."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def ask_to_end(self):
        self.says(r"\S")  # before its first output it may not handle the signal yet, which would kill it
        self.process.terminate()

    def end(self):
        self.ask_to_end()
        return self.ends(0)

    def ends(self, code):
        """Waits until it has ended with this exit code; returns its output."""
        try:
            ended = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end within {PATIENCE} s: {self.evidence()}") from None
        self.wanted = code
        assert ended == code, f"ended with {ended}, not {code}: {self.evidence()}"
        return self.journal()

    def says(self, pattern):
        """Waits until its journal matches this; fails if the process has ended."""
        seen = lambda: re.search(pattern, self.journal())  # noqa: E731
        wait_until(lambda: seen() or not self.lives(), f"{self.verb} says {pattern}", self.evidence)
        assert seen(), f"it does not say {pattern}: {self.evidence()}"
        return seen()

    def partitions(self):
        """Its partitions, according to its journal."""
        held = set()
        for deed, number in re.findall(r"(partition\.taken|partition\.given_back) .*partition=(\d+)|group\.refused", self.journal()):
            if deed == "partition.taken":
                held.add(int(number))
            elif deed:
                held.discard(int(number))
            else:  # it joins again, without partitions
                held.clear()
        return held

    def ask(self, path, patience=PATIENCE, number=float):
        """For serve: the status and JSON of an answer, with `number` as the parser of fractions."""
        url = self.says(r"serve\.listening url=(\S+)")[1]
        try:
            with NO_PROXY.open(url + path, timeout=patience) as answer:
                return answer.status, read_json(answer, number)
        except urllib.error.HTTPError as refused:
            return refused.code, read_json(refused)


def read_json(answer, number=float):
    text = answer.read()
    try:
        return json.loads(text, parse_float=number)
    except ValueError:
        return text.decode(errors="replace")


class Fleet:
    def __init__(self, kafka, folder, name, where=None, words=(), session=SESSION):
        self.kafka, self.name, self.where, self.session = kafka, name, where or kafka.bootstrap, session
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        self.more_words = words
        self.members = []

    def words_for(self, where=None):
        """The settings of each process; `where` is another address of the brokers."""
        return ["--log", f"kafka://{where or self.where}", "--topic-prefix", f"{self.name}-", "--application", self.name, *self.more_words]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for member in self.members:
            member.kill()

    @property
    def lake(self):
        return self.folder / "data/lake"

    def topic(self, name):
        return f"{self.name}-{name}"

    def start(self, verb, *words, stdin=subprocess.DEVNULL, where=None, variables=None):
        """`variables`: more of the environment."""
        return Member(self, verb, words, stdin, where, variables)

    def analyze(self, instance=None):
        return self.start("analyze", *(["--instance", instance] if instance else []))

    def store(self, instance=None, words=()):
        return self.start("store", "--data", self.folder / "data", "--store-every", "1s", *(["--instance", instance] if instance else []), *words)

    def ingest(self, file, speed="max", stdin=subprocess.DEVNULL):
        return self.start("ingest", "--feed", "replay", "--speed", speed, "--exit-at-end", file, stdin=stdin)

    def simulate(self, speed, symbols=20):
        return self.start("ingest", "--feed", "simulator", "--symbols", str(symbols), "--speed", speed)

    def serve(self):
        return self.start("serve", "--port", "0")

    def play(self, file):
        self.ingest(file).ends(0)

    def run(self, verb, *words):
        """Runs a process that ends by itself; returns its exit code and output."""
        said = subprocess.run([TIDEMARK, verb, *self.words_for(), *words], cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE)
        return said.returncode, said.stdout, said.stderr

    def topics(self):
        """The output of `tidemark topics`, a dict for each topic, partition and reader. None while it fails."""
        code, told, said = self.run("topics", "--json")
        assert code != 2, said
        return [json.loads(line) for line in told.splitlines()] if code == 0 else None

    def lag(self):
        """topic → the lag of its reader; without the topic while that is unknown."""
        lag = {}
        for row in self.topics() or [{"topic": "?", "lag": -1}]:
            if "lag" in row:
                name = row["topic"].removeprefix(f"{self.name}-")
                lag[name] = lag.get(name, 0) + row["lag"]
        return lag

    def to_go(self, topic):
        """The lag of the reader of this topic, as soon as it is known."""
        (lag,) = self.until(lambda: [lag for name, lag in self.lag().items() if name == topic], f"the lag of {topic} is told")
        return lag

    def written(self):
        """topic → the ends of its partitions. None while a transaction is open."""
        ends_of = lambda isolation: {name: topics.ends(self.kafka.bootstrap, self.topic(name), isolation) for name in WRITTEN}  # noqa: E731
        readable = ends_of("read_committed")
        return readable if readable == ends_of("read_uncommitted") else None

    def flows(self, topic="alpaca_trend_results", more=0):
        """Waits until a topic has more than so many offsets."""
        self.until(lambda: sum(topics.ends(self.kafka.bootstrap, self.topic(topic)).values()) > more, f"there is more in {topic}")

    def settle(self, readers=("alpaca_trends", "alpaca_trend_results", "tidemark_bars")):
        """Waits until the readers of these topics have no lag and nothing is being written, because a reader's commit can be visible before the
        records that belong to it."""
        def is_done():
            before, lag = self.written(), self.lag()
            return before and all(lag.get(topic) == 0 for topic in readers) and self.written() == before

        self.until(is_done, "everything is read")

    def end(self):
        """Stops all running processes in order."""
        living = [member for member in self.members if member.lives()]
        for member in living:
            member.ask_to_end()
        for member in living:
            member.ends(0)

    def until(self, happened, what):
        """Waits, but fails if a process has ended unexpectedly meanwhile."""
        def has_happened():
            if value := happened():
                return value
            lost = [member for member in self.members if (member.process.poll() or 0) > member.wanted]
            assert not lost, f"before {what}: {lost[0].evidence()}"
            return None

        return wait_until(has_happened, what, self.evidence)

    def evidence(self):
        return "\n".join([f"lag: {self.lag()}", *(member.evidence() for member in self.members[-6:])])
