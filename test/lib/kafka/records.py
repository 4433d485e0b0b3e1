"""Records as a test sees them: written as typical producers write them, and read with all their parts.

`where` is as in topics.py.
"""

import contextlib
import json
import time
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from kafka import KafkaProducer
from topics import PATIENCE, starts, told


@dataclass(frozen=True)
class Record:
    """One record; `value` and `key` are bytes or None, `headers` pairs of a name and bytes or None."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple
    timestamp: int  # milliseconds since 1970

    def json(self):
        return json.loads(self.value)


def produce_bars(bootstrap, bars, topic="alpaca_trends"):
    """Writes bars (dicts) as a script of the seed project does: with kafka-python, as JSON, keyed by symbol."""
    producer = KafkaProducer(bootstrap_servers=bootstrap.split(","), value_serializer=lambda bar: json.dumps(bar).encode(),
                             key_serializer=lambda symbol: symbol.encode(), acks="all")
    try:
        sent = [producer.send(topic, key=bar["symbol"], value=bar) for bar in bars]
        producer.flush(PATIENCE)
        return [answer.get(PATIENCE).offset for answer in sent]
    finally:
        producer.close()


def produce(where, topic, records, **settings):
    """Writes (key, value) or (key, value, headers) or (key, value, headers, partition), each bytes or None, with librdkafka. All are
    acknowledged at the return; returns their offsets. A key goes to the same partition as with Java and kafka-python."""
    settings = {"linger.ms": 5, "partitioner": "murmur2_random"} | settings
    producer, offsets, failures = Producer(told(where, **settings)), [], []

    def delivered(error, message):
        failures.append(error) if error else offsets.append(message.offset())

    for key, value, *rest in records:
        headers, partition = rest[0] if rest else None, rest[1] if len(rest) > 1 else -1
        while True:
            try:
                producer.produce(topic, key=key, value=value, headers=headers, partition=partition, on_delivery=delivered)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    left = producer.flush(PATIENCE)
    assert not failures and not left, f"{topic}: {left} records were not acknowledged, others failed: {failures[:3]}"
    return offsets


def read(where, topic, isolation="read_committed", patience=PATIENCE):
    """Every record of a topic up to its end, by partition and offset. With "read_committed" the end
    lies before the first open transaction."""
    consumer = Consumer(told(where, **{"group.id": "a reader without a group", "enable.auto.commit": False, "enable.partition.eof": True,
                                       "isolation.level": isolation, "auto.offset.reset": "error", "fetch.wait.max.ms": 50}))
    with contextlib.closing(consumer):
        first = starts(where, topic)
        consumer.assign([TopicPartition(topic, partition, offset) for partition, offset in first.items()])
        left, records, deadline = set(first), [], time.monotonic() + patience
        while left:
            assert time.monotonic() < deadline, f"{topic}: partitions {sorted(left)} did not end within {patience} s"
            for message in consumer.consume(10_000, timeout=0.2):
                if message.error() and message.error().code() == KafkaError._PARTITION_EOF:
                    left.discard(message.partition())
                elif message.error():
                    raise KafkaException(message.error())
                else:
                    records.append(record_of(message))
    return sorted(records, key=lambda record: (record.partition, record.offset))


def record_of(message):
    return Record(message.topic(), message.partition(), message.offset(), message.key(), message.value(),
                  tuple(message.headers() or ()), message.timestamp()[1])
