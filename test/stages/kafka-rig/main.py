"""Tests the rig of test/lib/kafka: brokers start, keep their data through kills, survive the loss of a leader, handle transactions,
authenticate clients, can be cut off, and never outlive their test."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import warnings

KAFKA = pathlib.Path(__file__).resolve().parents[2] / "lib/kafka"
sys.path[:0] = [str(KAFKA), str(KAFKA.parent)]

import brokers  # noqa: E402
import harness  # noqa: E402
import metadata  # noqa: E402
import network  # noqa: E402
import ports  # noqa: E402
import proxy  # noqa: E402
import tls  # noqa: E402

BARS = [{"symbol": symbol, "timestamp": f"2026-01-05T14:{minute}:00Z", "open": 100, "high": 101, "low": 99, "close": 100.5, "volume": 10}
        for minute in range(30, 40) for symbol in ("AAPL", "MSFT", "TSLA")]
RECORDS = [(f"key {number % 7}".encode(), f"value {number}".encode()) for number in range(200)]
AGAIN = [(key, value + b" again") for key, value in RECORDS]


def kcat(*words, stdin=None):
    said = subprocess.run(["kcat", "-q", "-m", str(brokers.PATIENCE), *words], input=stdin, capture_output=True, text=True,
                          timeout=brokers.PATIENCE)
    assert said.returncode == 0, f"kcat {' '.join(words)}: {said.stderr}"
    return said.stdout


def values(found):
    return sorted(record.value for record in found)


# ── one broker ────────────────────────────────────────────────────────────────────────────────────────────────────


def both_listeners(kafka):
    """kcat writes through one listener and reads the same through the other"""
    topics.create(kafka.bootstrap, "words", partitions=2)
    kcat("-P", "-b", kafka.bootstrap, "-t", "words", "-K", ":", stdin="a:one\nb:two\nc:three\n")
    read = kcat("-C", "-b", kafka.internal, "-t", "words", "-e", "-o", "beginning", "-f", "%k=%s\n")
    assert sorted(read.split()) == ["a=one", "b=two", "c=three"], read
    seen = json.loads(kcat("-L", "-J", "-b", kafka.internal))["brokers"]
    assert [broker["name"] for broker in seen] == kafka.internal.split(","), f"a listener names another one: {seen}"


def like_the_seed(kafka):
    """bars of kafka-python are read whole: key, JSON, partition by symbol"""
    topics.create(kafka.bootstrap, "alpaca_trends", partitions=3)
    records.produce_bars(kafka.bootstrap, BARS)
    found = records.read(kafka.bootstrap, "alpaca_trends")
    by_symbol = lambda bar: (bar["symbol"], bar["timestamp"])  # noqa: E731
    assert sorted((record.json() for record in found), key=by_symbol) == sorted(BARS, key=by_symbol)
    homes = {(record.key.decode(), record.partition) for record in found}
    assert len(homes) == 3 and all(record.key.decode() == record.json()["symbol"] for record in found), homes
    more = records.produce(kafka.bootstrap, "alpaca_trends", [(symbol, b"{}") for symbol in (b"AAPL", b"MSFT", b"TSLA")])
    assert {(record.key.decode(), record.partition) for record in records.read(kafka.bootstrap, "alpaca_trends")} == homes, more


def nothing_and_headers(kafka):
    """null keys, null values, empty ones, and headers come back as they were"""
    odd = [(b"k", None, [("heartbeat", b"1")]), (None, b"", [("a", b"\x00"), ("a", None)]), (b"", b"v"), (None, None)]
    topics.create(kafka.bootstrap, "odd")
    assert records.produce(kafka.bootstrap, "odd", odd) == [0, 1, 2, 3]
    found = records.read(kafka.bootstrap, "odd")
    assert [(r.key, r.value, r.headers) for r in found] == [(row[0], row[1], tuple(row[2] if row[2:] else ())) for row in odd], found


def transactions(kafka):
    """read_committed ends before an open transaction, sees a committed one and never an aborted one"""
    where, topic = kafka.bootstrap, "paid"
    topics.create(where, topic)
    producer = confluent_kafka.Producer({"bootstrap.servers": where, "transactional.id": "one"})
    producer.init_transactions(brokers.PATIENCE)
    sent = {}
    for name, end in (("committed", producer.commit_transaction), ("aborted", producer.abort_transaction), ("open", None)):
        producer.begin_transaction()
        for number in range(3):
            producer.produce(topic, f"{name} {number}".encode())
        producer.flush(brokers.PATIENCE)
        sent[name] = [f"{name} {number}".encode() for number in range(3)]
        if end:
            end(brokers.PATIENCE)
    assert values(records.read(where, topic)) == sent["committed"]
    assert values(records.read(where, topic, "read_uncommitted")) == sorted(sum(sent.values(), []))
    # The marker of a transaction takes an offset: 0 1 2 C, 4 5 6 A, then 8 9 10.
    assert (topics.ends(where, topic), topics.ends(where, topic, "read_uncommitted")) == ({0: 8}, {0: 11})
    producer.abort_transaction(brokers.PATIENCE)
    topics.wait_until(lambda: topics.ends(where, topic) == {0: 12}, "the mark of the last is there")
    assert values(records.read(where, topic)) == sent["committed"]


def late_request(kafka):
    """an EndTxn that a proxy holds back ends the next transaction of a producer that goes on: what a program has to guard against"""
    topic = "late"
    topics.create(kafka.bootstrap, topic)
    rule = proxy.Rule(proxy.END, "hold", "late-id", commits=True, until=proxy.Moment(proxy.PRODUCE, "answer"))
    with kafka.proxy([rule], seed=1) as between:
        producer = confluent_kafka.Producer(topics.told(kafka.proxied, **{"transactional.id": "late-id", "linger.ms": 0}))
        producer.init_transactions(brokers.PATIENCE)
        producer.begin_transaction()
        producer.produce(topic, b"first")
        producer.commit_transaction(brokers.PATIENCE)  # sent twice, answered once
        assert between.count("hold") == 1 and not between.late
        producer.begin_transaction()
        producer.produce(topic, b"second")
        producer.flush(brokers.PATIENCE)
        assert [late.code for late in between.late] == [proxy.NONE], between.late
        topics.wait_until(lambda: values(records.read(kafka.bootstrap, topic)) == [b"first", b"second"], "nobody has committed the second")
        del producer


def groups_and_retention(kafka):
    """a group's position and lag are told, and records can be forgotten behind it"""
    where, topic = kafka.bootstrap, "counted"
    topics.create(where, topic, partitions=2)
    records.produce(where, topic, [(None, b"x", None, number % 2) for number in range(20)])
    consumer = confluent_kafka.Consumer({"bootstrap.servers": where, "group.id": "readers", "auto.offset.reset": "earliest",
                                         "client.id": "reader one", "enable.auto.commit": False})
    consumer.subscribe([topic])
    topics.wait_until(lambda: len(consumer.assignment()) == 2 or consumer.consume(1, 0.1) and False, "the reader has both partitions")
    assert groups.members(where, "readers") == {"reader one": [(topic, 0), (topic, 1)]}
    consumer.commit(offsets=[confluent_kafka.TopicPartition(topic, 1, 4)], asynchronous=False)
    assert groups.committed(where, "readers", topic) == {1: 4}
    assert groups.lag(where, "readers", topic) == {0: 10, 1: 6}
    topics.delete_before(where, topic, {1: 7})
    assert topics.starts(where, topic) == {0: 0, 1: 7} and len(records.read(where, topic)) == 13
    consumer.close()


def through_kill_and_restart(kafka):
    """kill -9 and a restart on its data: every record is there, and the topic's own settings are"""
    where, topic = kafka.bootstrap, "kept"
    topics.create(where, topic, cleanup_policy="compact")
    records.produce(where, topic, RECORDS)
    kafka.kill(1)
    kafka.start(1)
    assert [(r.key, r.value) for r in records.read(where, topic)] == RECORDS
    assert topics.config(where, topic) == {"cleanup.policy": "compact"}


def pause(kafka):
    """a paused broker answers nobody, and goes on as if nothing had been"""
    topics.create(kafka.bootstrap, "paused")
    kafka.pause(1)
    try:
        topics.AdminClient(topics.told(kafka.bootstrap)).list_topics(timeout=0.5)
        raise AssertionError("it answered")
    except confluent_kafka.KafkaException:
        pass
    finally:
        kafka.go_on(1)
    assert records.produce(kafka.bootstrap, "paused", RECORDS[:1]) == [0]


def who_is_there(kafka):
    """TLS with and without a client's certificate, SASL with three mechanisms; a stranger and a wrong password are refused"""
    topics.create(kafka.bootstrap, "sealed")
    doors = [(kafka.tls, kafka.secured.client()), (kafka.tls, kafka.secured.client(certificate="own"))]
    doors += [(kafka.sasl, kafka.secured.client(mechanism)) for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")]
    for where, settings in doors:
        records.produce(settings | {"bootstrap.servers": where}, "sealed", [(None, b"sealed")])
    assert len(records.read(kafka.secured.client("PLAIN") | {"bootstrap.servers": kafka.sasl}, "sealed")) == len(doors)
    wrong = kafka.secured.client("SCRAM-SHA-256") | {"sasl.password": "another"}
    stranger = {"security.protocol": "SSL"}  # trusts the system's authorities, not the cluster's
    for where, settings in ((kafka.sasl, wrong), (kafka.tls, stranger), (kafka.tls, {})):
        try:
            topics.AdminClient(topics.told(settings | {"bootstrap.servers": where})).list_topics(timeout=1)
            raise AssertionError(f"{settings} were let in")
        except confluent_kafka.KafkaException:
            pass


# ── three brokers ─────────────────────────────────────────────────────────────────────────────────────────────────


def comes_to_have(where, topic, wanted, perhaps=None):
    """Waits for a new leader, which learns the positions of its followers a little later, and shows no more records than that until then."""
    found = lambda: [value for value in values(records.read(where, topic)) if value != perhaps]  # noqa: E731
    topics.wait_until(lambda: found() == sorted(value for _, value in wanted), "every record is there, and once")


def lose_a_leader(kafka):
    """the leader of a partition is killed: another one leads, and nothing acknowledged is lost"""
    where, topic = kafka.bootstrap, "thrice"
    topics.create(where, topic, partitions=3)
    topics.wait_until(lambda: all(nodes == [1, 2, 3] for nodes in topics.in_sync(where, topic).values()), "all are in sync")
    records.produce(where, topic, RECORDS, acks="all")
    killed = topics.leader(where, topic)
    kafka.kill(killed)
    records.produce(where, topic, AGAIN, acks="all", **{"enable.idempotence": True})
    for partition in range(3):
        topics.leader(where, topic, partition, but=killed)
    comes_to_have(where, topic, RECORDS + AGAIN)


def too_few(kafka):
    """with one of three left nothing is acknowledged; when the others are back they catch up, and nothing is lost"""
    where, topic = kafka.bootstrap, "thrice"
    first, *_ = [number for number in (1, 2, 3) if kafka.nodes[number].lives()]
    kafka.kill(first)
    producer = confluent_kafka.Producer(topics.told(where, **{"message.timeout.ms": 1500}))
    failures = []
    producer.produce(topic, b"alone", on_delivery=lambda error, _: failures.append(error))
    producer.flush(brokers.PATIENCE)
    assert failures and failures[0], "it was acknowledged"
    kafka.start(*[number for number in (1, 2, 3) if not kafka.nodes[number].lives()])
    topics.wait_until(lambda: [*topics.in_sync(where, topic).values()] == [[1, 2, 3]] * 3, "all are in sync again")
    comes_to_have(where, topic, RECORDS + AGAIN, perhaps=b"alone")


def cut_off(kafka):
    """a broker whose cable is pulled is led around, and takes part again when it is healed"""
    where, topic = kafka.bootstrap, "cut"
    topics.create(where, topic)
    leader = topics.leader(where, topic)
    records.produce(where, topic, RECORDS[:100], acks="all")
    kafka.cut(leader)
    # Clients notice it by a request timeout, which has to be short.
    records.produce(where, topic, RECORDS[100:], acks="all", **{"socket.timeout.ms": 2000, "enable.idempotence": True})
    topics.leader(where, topic, but=leader)
    assert not metadata.brokers_known_to(kafka.hosts.addresses[leader], kafka.hosts.ports[leader]["host"], patience=1), "it answers"
    kafka.heal(leader)
    topics.wait_until(lambda: topics.in_sync(where, topic) == {0: [1, 2, 3]}, "it is in sync again")
    comes_to_have(where, topic, RECORDS)


# ── the end of a test ─────────────────────────────────────────────────────────────────────────────────────────────

DOOMED = """
import sys, time
sys.path[:0] = [sys.argv[1]]
import brokers, network
hosts = None if network.isolate() else network.Namespaces(1)
with brokers.Cluster(sys.argv[2], hosts=hosts) as kafka:
    print(kafka.nodes[1].process.pid, hosts.namespace(1) if hosts else "", flush=True)
    time.sleep(600)
"""


def no_orphans(folder):
    """a test that is killed leaves no broker, and no network, behind"""
    test = subprocess.Popen([sys.executable, "-B", "-c", DOOMED, KAFKA, folder / "doomed"], stdout=subprocess.PIPE, text=True)
    pid, *made = test.stdout.readline().split()
    broker, made = pathlib.Path("/proc", pid), [pathlib.Path("/run/netns", name) for name in made]
    assert (broker / "cmdline").read_bytes().startswith(b"java")
    assert all(path.exists() for path in made) and (made or network.isolate()), "it has no network"
    test.kill()
    test.wait()
    topics.wait_until(lambda: not broker.exists(), "the broker has gone")
    topics.wait_until(lambda: not any(path.exists() for path in made), "its network has gone")


def told_by(command):
    said = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return said.stdout + said.stderr


# ── ./dev kafka ───────────────────────────────────────────────────────────────────────────────────────────────────


def developer(folder):
    """./dev kafka: up twice is one broker with two listeners and Kafka's tools, down keeps what it has, what does not fit is refused with a sentence"""
    home, port = folder / "developer", ports.free(1)[0]
    while not all(ports.is_free(port + above) for above in (10_000, 20_000)):  # the kernel may have assigned those
        port = ports.free(1)[0]

    def verb(*words, code=0):
        command = [sys.executable, "-B", KAFKA / "developer.py", "--folder", home, *words]
        said = subprocess.run(command, capture_output=True, text=True, timeout=brokers.PATIENCE)
        assert said.returncode == code, f"{words} ended with {said.returncode}:\n{said.stdout}{said.stderr}"
        return said.stdout + said.stderr

    try:
        assert "No broker runs" in verb("status", code=1)
        with socket.create_server(("127.0.0.1", port)):
            assert f"port {port} is in use" in verb("up", "--port", str(port), code=1)
        first = verb("up", "--port", str(port))
        (where,) = re.findall(r"KAFKA_BROKER=(\S+)", first)
        assert where == f"127.0.0.1:{port}" and verb("up") == first == verb("status")
        topics.create(where, "kept")
        (second,) = re.findall(r"The second listener.*: (\S+)", first)
        assert topics.names(second) == {"kept": 1}
        for tool in ("kafka-topics", "kafka-topics.sh"):
            listed = subprocess.run([home / "bin" / tool, "--bootstrap-server", where, "--list"], capture_output=True, text=True, timeout=60)
            assert listed.stdout.split() == ["kept"] and listed.returncode == 0, listed
        records.produce(where, "kept", [(None, b"row")])
        read = subprocess.run([home / "bin/kafka-console-consumer", "--bootstrap-server", where, "--topic", "kept", "--from-beginning",
                               "--max-messages", "1", "--isolation-level", "read_committed"], capture_output=True, text=True, timeout=60)
        assert read.stdout.split() == ["row"], read
        missing = [name for name in ("kafka-console-producer", "kafka-consumer-groups", "kafka-configs", "kafka-get-offsets",
                                     "kafka-delete-records", "kafka-transactions", "kafka-dump-log")
                   if "--" not in told_by([home / "bin" / name, "--help"])]
        assert not missing, missing
        assert "cannot become 3" in verb("up", "--nodes", "3", code=1)
        assert "goes on with the data" in verb("down") and "No broker runs" in verb("status", code=1)
        assert re.search(r"pid (\d+)", verb("up"))[1] != re.search(r"pid (\d+)", first)[1]
        assert topics.names(where) == {"kept": 1} and "Kafka Server started" in verb("log")
        assert "down, then up" in verb("up", "--auto-create", code=1)
        verb("down")
        assert "when somebody asks" in verb("up", "--auto-create")
        records.produce(where, "unheard-of", [(None, b"row")])
        assert topics.names(where) == {"kept": 1, "unheard-of": 1}
    finally:
        verb("down", "--forget")
    assert not home.exists() and not metadata.brokers_known_to("127.0.0.1", port)


ON_ONE = (both_listeners, like_the_seed, nothing_and_headers, transactions, late_request, groups_and_retention, pause, who_is_there, through_kill_and_restart)
ON_THREE = (lose_a_leader, too_few)


def any_chosen(checks, where=""):
    return harness.any_chosen(f"{check.__doc__}{where}" for check in checks)


def releases():
    return [brokers.RELEASE, brokers.NEWEST] if os.environ.get("TIDEMARK_FULL") else [brokers.RELEASE]


def tell(check, kafka, where=""):
    harness.tell(f"{check.__doc__}{where}", check, kafka, when_failed=kafka.keep_words)


def main():
    alone = network.isolate()
    with tempfile.TemporaryDirectory(prefix="tidemark-kafka-") as folder:
        folder = pathlib.Path(folder)
        for release in releases():
            where = f", on Kafka {release}"
            if not any_chosen(ON_ONE, where):
                continue
            with brokers.Cluster(folder / f"one-{release}", secured=tls.Secured(folder / "tls"), release=release) as kafka:
                for check in ON_ONE:
                    tell(check, kafka, where)
        if any_chosen([*ON_THREE, cut_off]):
            with brokers.Cluster(folder / "three", nodes=3, hosts=None if alone else network.Namespaces(3)) as kafka:
                for check in ON_THREE:
                    tell(check, kafka)
                if alone:
                    harness.skip(cut_off.__doc__, alone)
                else:
                    tell(cut_off, kafka)
        for check in (no_orphans, developer):
            harness.tell(check.__doc__, check, folder)


if reason := next(filter(None, map(brokers.why_not, releases())), None):
    harness.skip("brokers", reason)
    harness.end()

import confluent_kafka  # noqa: E402
import groups  # noqa: E402
import records  # noqa: E402
import topics  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python prefers classes to the functions that people pass
main()
harness.end()
