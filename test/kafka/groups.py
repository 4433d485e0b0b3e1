"""Consumer groups as a test sees them: where they are, what they have yet to do, who is in them. `where` is as in topics.py."""

from confluent_kafka import ConsumerGroupTopicPartitions
from confluent_kafka.admin import AdminClient
from topics import PATIENCE, ends, starts, told


def committed(where, group, topic):
    """Partition → the position that a group has committed; only where there is one."""
    admin = AdminClient(told(where))
    (answer,) = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]).values()
    return {one.partition: one.offset for one in answer.result(PATIENCE).topic_partitions if one.topic == topic and one.offset >= 0}


def lag(where, group, topic, isolation="read_committed"):
    """Partition → how many offsets a group has yet to go; from the start where it has committed nothing."""
    position, start = committed(where, group, topic), starts(where, topic)
    return {number: end - position.get(number, start[number]) for number, end in ends(where, topic, isolation).items()}


def members(where, group):
    """Client id → the (topic, partition) pairs that a member of a group has."""
    admin = AdminClient(told(where))  # it has to live until the answer is there
    (answer,) = admin.describe_consumer_groups([group]).values()
    return {member.client_id: sorted((one.topic, one.partition) for one in member.assignment.topic_partitions)
            for member in answer.result(PATIENCE).members}
