"""The engines of ./dev parity from topic to topic: the input in three partitions of a real broker, each engine killed -9 on the way.

    with Broker(folder) as broker:
        for name, run, once in engines(broker, binary, file, folder): …     as engines.py has them; `once`: rows are written at least once

An engine gets the first half, is killed when it has begun to work, and goes on from what it has committed. Its rate is that of its whole life:
two starts, and what is done twice. Expected is what `tidemark trends` makes of the records of each partition.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path += [str(ROOT / "test/lib/kafka"), str(ROOT / "test/stages/spark-stream")]

import brokers  # noqa: E402
import engines  # noqa: E402
import flink_cluster  # noqa: E402
import groups  # noqa: E402
import records  # noqa: E402
import spark_stream  # noqa: E402
import topics  # noqa: E402
from confluent_kafka import Consumer, KafkaError, TopicPartition  # noqa: E402
from rows import Rows  # noqa: E402

PARTITIONS = 3
WRITTEN = ("alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters")
PATIENCE = 3_600
TICKS = os.sysconf("SC_CLK_TCK")
Broker = brokers.Cluster


def why_not():
    return spark_stream.why_not() or brokers.why_not() or flink_cluster.why_not()


def partitions_of(file):
    """(partition, record) of each line that is a record. A symbol has one partition; what has none goes round."""
    with open(file, "rb") as lines:
        for number, line in enumerate(lines):
            record = line.rstrip(b"\n")
            symbol = re.search(rb'"symbol" *: *"([^"]*)"', record)
            if record.strip(b" \t\r"):
                yield (zlib.crc32(symbol[1]) if symbol else number) % PARTITIONS, record


def expected(binary, file, folder):
    """The final rows of each partition by itself."""
    parts = [folder / f"partition-{number}.jsonl" for number in range(PARTITIONS)]
    with contextlib.ExitStack() as stack:
        out = [stack.enter_context(open(part, "wb")) for part in parts]
        for number, record in partitions_of(file):
            out[number].write(record + b"\n")
    runs = []
    for number, part in enumerate(parts):
        (folder / f"of-{number}").mkdir()
        runs.append(engines.trends(binary, part, folder / f"of-{number}", 1))
        part.unlink()
    return engines.Run(Rows(*(path for run in runs for path in run.rows.paths)), sum(run.wall for run in runs), sum(run.cpu for run in runs),
                       max(run.peak_mb for run in runs))


class Costs:
    """CPU seconds and peak memory of processes and their descendants, as far as they live when it looks."""

    def __init__(self):
        self.cpu, self.peak_mb = 0, 0

    def look(self, *pids):
        """Adds what these have cost in their lives so far; call it right before they end."""
        children, usage = {}, {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rsplit(")", 1)[1].split()
                pid = int(stat.parent.name)
                children.setdefault(int(fields[1]), []).append(pid)
                usage[pid] = sum(int(ticks) for ticks in fields[11:15]) / TICKS
        pending, peak = [pid for pid in pids if pid in usage], 0
        while pending:
            pid = pending.pop()
            self.cpu += usage[pid]
            pending += children.get(pid, ())
            with contextlib.suppress(OSError):
                found = re.search(r"VmHWM:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
                peak += int(found[1]) / 1024 if found else 0
        self.peak_mb = max(self.peak_mb, peak)


class Stream:
    """One engine on topics of its own. A subclass starts it, kills it and knows how far it has come."""

    def __init__(self, broker, name, folder):
        self.broker, self.where, self.name, self.folder = broker, broker.bootstrap, name, folder / name
        self.folder.mkdir()
        self.costs, self.lives = Costs(), 0
        for topic in ("alpaca_trends", *WRITTEN):
            topics.create(self.where, self.topic(topic), PARTITIONS, retention_ms=-1)

    def topic(self, name):
        return f"{self.name}-{name}"

    def send(self, made):
        records.produce(self.where, self.topic("alpaca_trends"), made)

    def position(self):
        return groups.committed(self.where, f"{self.name}-analyze", self.topic("alpaca_trends"))

    def until(self, happened, what):
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < deadline and self.is_well(), f"{self.name}, before {what}: {self.words()[-4000:]}"
            time.sleep(0.2)

    def spawn(self, command, environment=None):
        self.lives += 1
        self.said = self.folder / f"said-{self.lives}"
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder,
                                            env=environment, start_new_session=True)
        self.broker.keeper.watch(self.process.pid)

    def kill(self):
        self.costs.look(self.process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    finish = kill

    def is_well(self):
        return self.process.poll() is None

    def words(self):
        return self.said.read_text(errors="replace")

    def finals(self):
        """The final rows of the results topic, in a file."""
        out, topic = self.folder / "finals.jsonl", self.topic("alpaca_trend_results")
        consumer = Consumer(topics.told(self.where, **{"group.id": "reader", "enable.auto.commit": False, "enable.partition.eof": True,
                                                       "isolation.level": "read_committed", "auto.offset.reset": "earliest"}))
        with contextlib.closing(consumer), open(out, "wb") as file:
            consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
            left = set(range(PARTITIONS))
            while left:
                for message in consumer.consume(10_000, timeout=1):
                    if message.error():
                        assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                        left.discard(message.partition())
                    elif b'"status":"final"' in message.value():
                        file.write(message.value() + b"\n")
        return Rows(out)

    def run(self, file, count):
        half, all_ = [], [(None, record, None, partition) for partition, record in partitions_of(file)]
        half, all_ = all_[:count // 2], all_[count // 2:]
        ends = [(None, None, [("tidemark-end", "")], partition) for partition in range(PARTITIONS)]
        self.send(half)
        begun = time.monotonic()
        self.start()
        self.until(lambda: sum(self.position().values()) > 0, "it has begun to work")
        self.kill()
        written = time.monotonic()
        self.send(all_ + ends)
        begun += time.monotonic() - written  # the test's own work
        self.start()
        want = topics.ends(self.where, self.topic("alpaca_trends"))
        self.until(lambda: all(self.position().get(number, 0) >= end for number, end in want.items()), "it is at the end")
        wall = time.monotonic() - begun
        self.finish()
        rows = self.finals()
        for topic in ("alpaca_trends", *WRITTEN):
            topics.delete(self.where, self.topic(topic))
        return engines.Run(rows, wall, self.costs.cpu, self.costs.peak_mb)


class Analyze(Stream):
    def __init__(self, binary, *where):
        super().__init__(*where)
        self.binary = binary

    def start(self):
        self.spawn([self.binary, "analyze", "--log", f"kafka://{self.where}", "--topic-prefix", f"{self.name}-", "--application", self.name,
                    "--kafka-partitions", PARTITIONS, "--instance", "one"])


class Flink(Stream):
    """A session cluster; the TaskManager is what is killed."""

    def start(self):
        if self.lives == 0:
            self.session = flink_cluster.Session(self.folder / "cluster", flink_cluster.jar(), jvm=["-XX:+UseSerialGC", "-XX:-UsePerfData"])
            self.session.__enter__()
            self.job = self.session.submit("kafka", "--brokers", self.where, "--topic-prefix", f"{self.name}-", "--application", self.name,
                                           "--commit-interval", "1s", "--updates", "off")
        else:
            self.session.add_worker()
        self.lives += 1

    def kill(self):
        self.costs.look(self.session.workers[-1].process.pid)
        self.session.workers[-1].kill()

    def finish(self):
        self.session.stop(self.job)
        self.costs.look(self.session.master.process.pid, self.session.workers[-1].process.pid)
        self.session.__exit__()

    def is_well(self):
        return self.session.master.lives()

    def words(self):
        return self.session.words()


class Spark(Stream):
    def __init__(self, count, *where):
        super().__init__(*where)
        self.at_once = max(500, min(50_000, count // 8))

    def start(self):
        environment = spark_stream.environment()
        environment["PYSPARK_SUBMIT_ARGS"] = environment["PYSPARK_SUBMIT_ARGS"].replace("-XX:TieredStopAtLevel=1 ", "").replace("512m", "1g")
        self.spawn(spark_stream.command("--kafka", self.where, "--topic-prefix", f"{self.name}-", "--application", self.name, "--checkpoint",
                                        self.folder / "checkpoint", "--batch-records", self.at_once, "--updates", "off"), environment)

    def position(self):
        """Of the last micro-batch that is done."""
        checkpoint = self.folder / "checkpoint"
        done = [int(path.name) for path in checkpoint.glob("commits/*") if path.name.isdigit()]
        with contextlib.suppress(OSError, ValueError):
            offsets = json.loads((checkpoint / f"offsets/{max(done)}").read_text().splitlines()[-1])
            return {int(number): offset for number, offset in offsets[self.topic("alpaca_trends")].items()}
        return {}


def streams(broker, binary, file, folder, count):
    """(name, what runs it, whether its rows come at least once)."""
    spark = re.search(r'= *.([0-9.]+).', (spark_stream.HOME / "pyspark/version.py").read_text())[1]
    flink = next(flink_cluster.JARS[1].glob("flink-core-[0-9]*.jar")).stem.removeprefix("flink-core-")
    yield "C++, `analyze` over Kafka, killed -9", lambda: Analyze(binary, broker, f"cpp-{file.stem}", folder).run(file, count), False
    yield f"Flink {flink} over Kafka, TaskManager killed -9", lambda: Flink(broker, f"flink-{file.stem}", folder).run(file, count), False
    yield f"Spark {spark}, stream over Kafka, killed -9", lambda: Spark(count, broker, f"spark-{file.stem}", folder).run(file, count), True
