"""Moves a live topic from `tidemark analyze` to a Flink session cluster and back, with kill -9 of TaskManagers in mid-stream."""

import contextlib
import os
import pathlib
import subprocess

import flink_cluster
import groups
import market
import records
import topics
from confluent_kafka import KafkaException
from flink_cluster import PATIENCE, Session, wait_until

NAME = "analyze, then Flink with a TaskManager killed -9, then analyze: each row once in topics and lake, and on the page"
LONG_NAME = "two TaskManagers killed again and again, and a savepoint: the reference's rows"
TIDEMARK = os.environ.get("TIDEMARK", "")
WRITTEN = {"finals": "alpaca_trend_results", "late": "alpaca_late_bars", "letters": "alpaca_dead_letters", "bars": "tidemark_bars"}


def until(happened, what, evidence):
    """Waits; what the brokers cannot say yet is asked again."""

    def has_happened():
        with contextlib.suppress(KafkaException):
            return happened()
        return False

    wait_until(has_happened, what, evidence)


class Log:
    """The topics of one case."""

    def __init__(self, kafka, folder, name):
        self.kafka, self.folder, self.name, self.sent = kafka, folder, name, []
        self.where, self.members = kafka.bootstrap, []
        folder.mkdir()

    def words(self):
        return ["--log", f"kafka://{self.where}", "--topic-prefix", f"{self.name}-", "--application", self.name, "--kafka-partitions", market.PARTITIONS]

    def topic(self, name):
        return f"{self.name}-{name}"

    def start(self, verb, *words):
        """A process of Tidemark."""
        self.said = self.folder / f"{len(self.members)}-{verb}.journal"
        command = [str(word) for word in (TIDEMARK, verb, *self.words(), *words)]
        with open(self.said, "wb") as said:
            self.members.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder))
        self.kafka.keeper.watch(self.members[-1].pid)
        return self.members[-1]

    def end(self, process):
        process.terminate()
        assert process.wait(PATIENCE) == 0, self.said.read_text(errors="replace")[-4000:]

    def kill_all(self):
        for process in self.members:
            if process.poll() is None:
                process.kill()
                process.wait()

    def send(self, messages):
        self.sent += messages
        records.produce(self.where, self.topic("alpaca_trends"), [(None, message.value, list((message.headers or {}).items()), message.partition)
                                                                 for message in messages])

    def results(self):
        """kind → by partition the values in their order, of committed records."""
        found = {}
        for kind, topic in WRITTEN.items():
            found[kind] = [[] for _ in range(market.PARTITIONS)]
            for record in records.read(self.where, self.topic(topic)):
                found[kind][record.partition].append(record.value)
        return found

    def await_results(self, words=str):
        """Until as many rows are there as the reference has for what was sent."""
        want = market.expected(self.sent)
        count = {kind: sum(len(getattr(partition, kind)) for partition in want) for kind in ("finals", "late", "letters")}

        def is_there():
            ends = {kind: sum(topics.ends(self.where, self.topic(WRITTEN[kind])).values()) for kind in count}
            if any(ends[kind] < count[kind] for kind in count):
                return False
            found = self.results()
            return all(sum(len(market.finals_of(lines) if kind == "finals" else lines) for lines in found[kind]) >= count[kind] for kind in count)

        until(is_there, f"there are {count}", words)
        return want

    def await_group(self, words=str):
        """Until the group's positions are at the end of the topic."""
        topic = self.topic("alpaca_trends")
        until(lambda: groups.committed(self.where, f"{self.name}-analyze", topic) == topics.ends(self.where, topic), "the group is at the end", words)


def check(log):
    """Every topic holds the reference's lines, each once and in order."""
    want, found = market.expected(log.sent), log.results()
    for number, partition in enumerate(want):
        all_trends = found["finals"][number]
        got = {"finals": market.finals_of(all_trends), "late": found["late"][number], "letters": found["letters"][number],
               "bars": [line.rsplit(b',"verdict":', 1)[0] + b"}" for line in found["bars"][number] if b'"verdict":"late"' not in line]}
        assert market.updates_are_true(all_trends), f"partition {number}: a row follows a later one of its window"
        for kind, lines in got.items():
            wanted = getattr(partition, kind)
            at = next((i for i, pair in enumerate(zip(wanted, lines)) if pair[0] != pair[1]), min(len(wanted), len(lines)))
            assert lines == wanted, (f"partition {number}, {kind}: {len(lines)} lines, should be {len(wanted)}; at {at}: "
                                     f"{lines[at:at + 1]} instead of {wanted[at:at + 1]}")
    return want, found


def flink_words(log):
    return ["kafka", "--brokers", log.where, "--topic-prefix", f"{log.name}-", "--application", log.name, "--commit-interval", "1s"]


def there_and_back(kafka, folder):
    log = Log(kafka, folder, "move")
    made = market.messages(seed=5, count=3_000)
    thirds = [made[:1_000], made[1_000:1_600], [*made[1_600:2_200], *market.ends()], [*made[2_200:], *market.ends()]]
    with Session(folder / "flink", flink_cluster.jar()) as flink:  # it starts beside the first part
        with contextlib.ExitStack() as ending:
            ending.callback(log.kill_all)
            analyze = log.start("analyze")
            until(lambda: has_topic(log), "the topics are there", log.said.read_text)
            log.send(thirds[0])
            log.await_results(log.said.read_text)
            log.await_group(log.said.read_text)
            log.end(analyze)
            killed_in_mid_stream(log, flink, thirds[1:3])
            analyze = log.start("analyze")
            log.send(thirds[3])
            log.await_results(log.said.read_text)
            log.await_group(log.said.read_text)
            log.end(analyze)
            want, found = check(log)
            finals = [line for partition in want for line in partition.finals]
            updates = sum(map(len, found["finals"])) - len(finals)
            print(f"# {len(log.sent)} messages, {len(finals)} finals, {updates} updates, {sum(len(part.late) for part in want)} late")
            stored(log, finals)


def has_topic(log):
    with contextlib.suppress(KeyError):
        return len(topics.ends(log.where, log.topic("alpaca_dead_letters"))) == market.PARTITIONS
    return False


def killed_in_mid_stream(log, flink, parts):
    """Flink takes over; its TaskManager is killed while it works; the job is stopped with a savepoint."""
    job = flink.submit(*flink_words(log))
    log.send(parts[0])
    log.await_results(flink.words)
    half = len(parts[1]) // 2
    log.send(parts[1][:half])
    flink.workers[-1].kill()
    log.send(parts[1][half:])
    flink.add_worker()
    log.await_results(flink.words)
    until(lambda: flink.restarts(job) >= 1, "the job tells its restart", flink.words)
    log.await_group(flink.words)
    return flink.stop(job)


def stored(log, finals):
    """`tidemark store` puts the rows into a lake that verifies, `tidemark serve` shows them."""
    import pyarrow.parquet as parquet

    store = log.start("store", "--data", log.folder / "data", "--store-every", "1s")
    lake = log.folder / "data/lake"

    def rows():
        return [row for path in lake.glob("stock_trends/dt=*/*.parquet") for row in parquet.ParquetFile(path).read(["symbol", "window_start"]).to_pylist()]

    until(lambda: len(rows()) >= len(finals), f"{len(finals)} rows are in the lake", log.said.read_text)
    log.end(store)
    assert len(rows()) == len(finals), f"{len(rows())} rows in the lake, should be {len(finals)}"
    done = subprocess.run([TIDEMARK, "verify", "--without-log", "--data", str(log.folder / "data")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    shown(log, finals)


def shown(log, finals):
    """The page's rows of one symbol are its last finals."""
    import json
    import re

    symbol = json.loads(finals[-1])["symbol"]
    want = {row["window_start"]: row["avg_close"] for row in map(json.loads, finals) if row["symbol"] == symbol}
    page = log.start("serve", "--port", "0")
    said = log.said
    until(lambda: re.search(r"serve\.listening url=\S+", said.read_text()) or page.poll() is not None, "the page listens", said.read_text)
    url = re.search(r"serve\.listening url=(\S+)", said.read_text())[1]

    def rows():
        with contextlib.suppress(OSError), flink_cluster.NO_PROXY.open(f"{url}/api/v1/trends?symbol={symbol}", timeout=PATIENCE) as answer:
            told = json.load(answer)
            return {row["window_start"]: row["avg_close"] for row in told["trends"] if row["status"] == "final"}
        return {}

    until(lambda: len(rows()) > 0 and rows().items() <= want.items(), f"the page has the finals of {symbol}", said.read_text)
    log.end(page)


def many_kills(kafka, folder):
    log = Log(kafka, folder, "kills")
    made = market.messages(seed=6, count=6_000)
    step = len(made) // 6
    parts = [made[at:at + step] for at in range(0, len(made), step)]
    with Session(folder / "flink", flink_cluster.jar(), slots=1, settings={"parallelism.default": 2}) as flink:
        with contextlib.ExitStack() as ending:
            ending.callback(log.kill_all)
            store = log.start("store", "--data", log.folder / "data")  # makes the topics
            until(lambda: has_topic(log), "the topics are there", log.said.read_text)
            log.end(store)
            flink.add_worker()
            until(lambda: flink.slots() == 2, "there are two slots", flink.words)
            job = flink.submit(*flink_words(log))
            for number, part in enumerate(parts):
                log.send(part)
                if number == 2:
                    job = flink.submit(*flink_words(log), savepoint=flink.stop(job))
                elif number:
                    flink.workers[-1 - number % 2].kill()
                    flink.add_worker()
                log.await_results(flink.words)
            log.send(market.ends())
            log.await_results(flink.words)
            flink.stop(job)
            check(log)
