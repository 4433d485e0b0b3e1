"""Consumer groups as a test sees them: positions, lag and members. `where` is as in topics.py."""

import contextlib

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from topics import PATIENCE, ends, starts, told, wait_until


def committed(where, group, topic):
    """Partition → the position that a group has committed, if there is one. The question is asked as a member of the group would
    ask it, because librdkafka's admin client crashes if the broker has to create its offsets topic first."""
    consumer = Consumer(told(where, **{"group.id": group, "isolation.level": "read_uncommitted"}))
    with contextlib.closing(consumer):
        asked = [TopicPartition(topic, partition) for partition in starts(where, topic)]
        # A broker that is still loading its groups answers that it is not the coordinator.
        (told_so,) = wait_until(lambda: [consumer.committed(asked, PATIENCE)], f"the position of {group} in {topic} is told")
        return {one.partition: one.offset for one in told_so if one.offset >= 0}


def lag(where, group, topic, isolation="read_committed"):
    """Partition → the lag of a group in offsets, from the beginning if it has committed nothing."""
    position, start = committed(where, group, topic), starts(where, topic)
    return {number: end - position.get(number, start[number]) for number, end in ends(where, topic, isolation).items()}


def members(where, group):
    """Client id → the (topic, partition) pairs that a member of a group has."""
    admin = AdminClient(told(where))  # it has to exist until the answer is there
    (answer,) = admin.describe_consumer_groups([group]).values()
    return {member.client_id: sorted((one.topic, one.partition) for one in member.assignment.topic_partitions)
            for member in answer.result(PATIENCE).members}
