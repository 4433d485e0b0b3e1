"""Topics as a test sees them, through librdkafka's own Python client: creates, inspects and trims them.

`where` is a cluster's bootstrap address, or a dict of librdkafka's settings with "bootstrap.servers" in it (TLS, SASL).
"""

import time

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, ConfigSource, NewTopic, OffsetSpec

PATIENCE = 240  # the longest wait in seconds for something that has to happen


def told(where, **more):
    """The settings of a client. It logs no unreachable brokers, which tests cause often."""
    return {"log_level": 2} | ({"bootstrap.servers": where} if isinstance(where, str) else where) | more


def wait_until(happened, what, patience=PATIENCE):
    """Returns the result of `happened` as soon as it is true; Kafka's errors meanwhile are ignored."""
    deadline, complaint = time.monotonic() + patience, None
    while True:
        try:
            value = happened()
            if value:
                return value
        except KafkaException as error:
            complaint = error
        assert time.monotonic() < deadline, f"waited {patience} s: {what} ({complaint})"
        time.sleep(0.05)


def create(where, name, partitions=1, **config):
    """Creates a topic. `config` are its settings, with _ for a dot: cleanup_policy="compact". Replication is the cluster's default. Waits
    until every broker knows a leader of every partition, because clients would have to retry before that."""
    admin = AdminClient(told(where))
    config = {setting.replace("_", "."): str(value) for setting, value in config.items()}
    for answer in admin.create_topics([NewTopic(name, partitions, -1, config=config)]).values():
        answer.result(PATIENCE)
    for broker in admin.list_topics(timeout=PATIENCE).brokers.values():
        asked = told(where) | {"bootstrap.servers": f"{broker.host}:{broker.port}"}
        wait_until(lambda: len(leaders(asked, name)) == partitions, f"{name} has {partitions} leaders")


def delete(where, name):
    admin = AdminClient(told(where))
    for answer in admin.delete_topics([name]).values():
        answer.result(PATIENCE)


def names(where):
    """Every topic that is not Kafka's own, with the number of its partitions."""
    topics = AdminClient(told(where)).list_topics(timeout=PATIENCE).topics
    return {name: len(topic.partitions) for name, topic in topics.items() if not name.startswith("__")}


def config(where, name):
    """The settings of a topic that are its own, not the cluster's."""
    admin = AdminClient(told(where))
    (answer,) = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)]).values()
    own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    return {name: entry.value for name, entry in answer.result(PATIENCE).items() if entry.source == own}


def leaders(where, name):
    """Partition → the node that leads it; partitions without a leader are left out."""
    topic = AdminClient(told(where)).list_topics(name, timeout=PATIENCE).topics[name]  # has no partitions while it is unknown
    return {number: one.leader for number, one in topic.partitions.items() if one.leader >= 0}


def leader(where, name, partition=0, but=None):
    """The node that leads a partition, as soon as a broker knows one other than `but`."""
    def known():
        return [node for number, node in leaders(where, name).items() if number == partition and node != but]

    (node,) = wait_until(known, f"{name}[{partition}] has a leader")
    return node


def in_sync(where, name):
    """Partition → its in-sync replicas."""
    topic = AdminClient(told(where)).list_topics(name, timeout=PATIENCE).topics[name]
    return {number: sorted(one.isrs) for number, one in topic.partitions.items()}


def delete_before(where, name, offsets):
    """Deletes the records before these offsets (partition → offset) at once, as retention would."""
    admin = AdminClient(told(where))
    for answer in admin.delete_records([TopicPartition(name, *pair) for pair in offsets.items()]).values():
        answer.result(PATIENCE)


def starts(where, topic):
    return offsets_at(where, topic, OffsetSpec.earliest())


def ends(where, topic, isolation="read_committed"):
    """Partition → the next offset; with "read_committed" the first offset of an open transaction."""
    return offsets_at(where, topic, OffsetSpec.latest(), isolation)


def offsets_at(where, topic, spec, isolation="read_uncommitted"):
    admin = AdminClient(told(where))
    level = IsolationLevel.READ_COMMITTED if isolation == "read_committed" else IsolationLevel.READ_UNCOMMITTED
    partitions = admin.list_topics(topic, timeout=PATIENCE).topics[topic].partitions
    asked = admin.list_offsets({TopicPartition(topic, number): spec for number in partitions}, isolation_level=level)
    return {partition.partition: answer.result(PATIENCE).offset for partition, answer in asked.items()}
