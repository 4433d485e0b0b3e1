"""The latency from a bar that a producer has sent to its window at a consumer of committed records, and how soon a killed
worker is back.

    kafka_latency.measure(program, kafka, folder, delivery, every, bars)      milliseconds of every bar
    kafka_latency.restarts(program, kafka, folder, times)        seconds from kill -9 and the next start to the first new result
"""

import json
import threading
import time

import kafka_jobs
import topics
from confluent_kafka import Consumer, Producer, TopicPartition

SOURCE, SINK = "alpaca_trends", "alpaca_trend_results"
FIRST_MINUTE = 1_767_623_400  # 2026-01-05T14:30:00Z
SYMBOLS = [f"S{number:03}" for number in range(100)]
BARS = {0.05: 400, 1: 60, 5: 20, 20: 15, 60: 15}  # seconds between bars → how many
WARM_EVERY = 0.05  # seconds
WARM = 40  # bars before the first that counts


class Listener(threading.Thread):
    """Records when the first row of each window arrives."""

    def __init__(self, bootstrap):
        super().__init__(daemon=True)
        self.seen, self.over = {}, False
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "nobody", "isolation.level": "read_committed",
                                  "enable.auto.commit": False, "fetch.wait.max.ms": 20, "log_level": 2})
        self.consumer.assign([TopicPartition(SINK, partition, offset) for partition, offset in topics.ends(bootstrap, SINK).items()])
        self.start()

    def run(self):
        while not self.over:
            for message in self.consumer.consume(1_000, timeout=0.01):
                if not message.error():
                    row = json.loads(message.value())
                    self.seen.setdefault((row["symbol"], row["window_start"]), time.perf_counter())

    def end(self):
        self.over = True
        self.join()
        self.consumer.close()


def bar(symbol, minute):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(FIRST_MINUTE + 60 * minute))
    return json.dumps({"symbol": symbol, "timestamp": stamp, "open": 100, "high": 110, "low": 90, "close": 101, "volume": 100}).encode()


def window(minute):
    """The youngest window of a bar of this minute, of which no row exists yet."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(FIRST_MINUTE + 60 * minute))


class Source:
    """A bar for each symbol in turn, each in the symbol's next minute."""

    def __init__(self, bootstrap):
        self.producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0, "partitioner": "murmur2_random", "log_level": 2})
        self.number = 0

    def send(self):
        symbol, minute = SYMBOLS[self.number % len(SYMBOLS)], self.number // len(SYMBOLS)
        self.number += 1
        self.producer.produce(SOURCE, key=symbol.encode(), value=bar(symbol, minute))
        self.producer.poll(0)
        return symbol, window(minute)


def measure(program, kafka, folder, delivery, every, bars):
    with kafka_jobs.tidemark(program, kafka.bootstrap, folder, delivery) as job:
        kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
        source = Source(kafka.bootstrap)
        for _ in range(WARM):  # by then each partition has had its first transaction
            source.send()
            time.sleep(WARM_EVERY)
        topics.wait_until(lambda: all(topics.ends(kafka.bootstrap, SINK).values()), "the first results")
        listener, sent = Listener(kafka.bootstrap), {}
        time.sleep(1)
        begin = time.perf_counter()
        for number in range(1, bars + 1):
            time.sleep(max(0.0, begin + number * every - time.perf_counter()))
            now = time.perf_counter()
            sent[source.send()] = now
        topics.wait_until(lambda: sent.keys() <= listener.seen.keys(), "every bar's window", patience=20)
        listener.end()
        job.end()
    return sorted((listener.seen[key] - at) * 1e3 for key, at in sent.items())


def restarts(program, kafka, folder, times=5):
    source, took = Source(kafka.bootstrap), []
    command = ["--instance", "bench"]
    listener = None
    for number in range(times + 1):
        begin = time.perf_counter()
        with kafka_jobs.tidemark(program, kafka.bootstrap, folder / str(number), more=command) as job:
            kafka.keeper.owe("pkill", "-KILL", "-g", job.process.pid)
            if listener is None:
                source.send()
                topics.wait_until(lambda: sum(topics.ends(kafka.bootstrap, SINK).values()) > 0, "the first result")
                listener = Listener(kafka.bootstrap)
            else:
                key = source.send()
                topics.wait_until(lambda: key in listener.seen, "a result after a restart")
                took.append(listener.seen[key] - begin)
            for _ in range(200):
                source.send()
            time.sleep(1)
            job.kill()
    listener.end()
    return sorted(took)
