"""A member of a group, with an instance name, that prints its partitions whenever they change. It shares no code with Tidemark.

    quitter.py BROKERS GROUP TOPIC NAME MILLISECONDS die    dies at once when it has to give some back
    quitter.py BROKERS GROUP TOPIC NAME MILLISECONDS stay
"""

import os
import sys

from confluent_kafka import Consumer

where, group, topic, name, session, what = sys.argv[1:]
consumer = Consumer({"bootstrap.servers": where, "group.id": group, "group.instance.id": name, "session.timeout.ms": int(session),
                     "partition.assignment.strategy": "cooperative-sticky", "enable.auto.commit": False, "auto.offset.reset": "latest"})
own = set()


def assigned(_, partitions):
    own.update(one.partition for one in partitions)
    consumer.incremental_assign(partitions)
    print(*own, flush=True)


def revoked(_, partitions):
    if what == "die":
        os._exit(1)
    own.difference_update(one.partition for one in partitions)
    consumer.incremental_unassign(partitions)
    print(*own, flush=True)


consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked)
while True:
    consumer.poll(1)
