"""The settings of a broker: server.properties of one node, and its data folder.

Each node is broker and controller at once. It has two listeners for clients, as in the seed project (one that other
brokers use, too), one for controllers, and two more if there are certificates: TLS, and SASL over TLS. A test that puts a proxy before
a broker has a listener "behind", which names the port "proxy" to its clients.
"""

import base64
import pathlib
import uuid

LISTENERS = ("internal", "host", "controller", "tls", "sasl", "behind", "proxy")

# Settings that make a small cluster start and react faster. Clients see the default behaviour, except for shorter
# times: sessions may be short, and a dead producer's transaction is aborted soon after its timeout.
QUICK = {
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 500,
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": 500,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "broker.heartbeat.interval.ms": 300,
    "controller.quorum.fetch.timeout.ms": 1500,
    "controller.quorum.election.timeout.ms": 500,
    "controller.quorum.election.backoff.max.ms": 500,
    "replica.lag.time.max.ms": 4000,
    "replica.fetch.wait.max.ms": 100,
    "log.retention.check.interval.ms": 1000,
    "log.segment.delete.delay.ms": 1000,
    "log.cleaner.backoff.ms": 500,
    "log.cleaner.dedupe.buffer.size": 4 << 20,
    "log.initial.task.delay.ms": 1000,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
}


def replication(nodes):
    """Settings for three nodes: a write is safe on two of them.

    A killed broker is readmitted, and its partitions get other leaders, when its old session has expired. The controller of a
    single node forgets when a session began, so that node always waits for a whole session. Shorter sessions expire on a busy machine."""
    factor, least, session = (3, 2, 4000) if nodes >= 3 else (1, 1, 3000)
    return {
        "broker.session.timeout.ms": session,
        "default.replication.factor": factor,
        "min.insync.replicas": least,
        "offsets.topic.replication.factor": factor,
        "transaction.state.log.replication.factor": factor,
        "transaction.state.log.min.isr": least,
    }


def listeners(ports, address, secured):
    """`ports`: listener → port of this node."""
    protocols = {"internal": "PLAINTEXT", "host": "PLAINTEXT", "controller": "PLAINTEXT"}
    if secured:
        protocols |= {"tls": "SSL", "sasl": "SASL_SSL"}
    if "behind" in ports:
        protocols["behind"] = "PLAINTEXT"
    spoken = {name: f"{name.upper()}://{address}:{ports[name]}" for name in protocols}
    told = spoken | ({"behind": f"BEHIND://{address}:{ports['proxy']}"} if "behind" in ports else {})
    return {
        "listeners": ",".join(spoken.values()),
        "advertised.listeners": ",".join(where for name, where in told.items() if name != "controller"),
        "listener.security.protocol.map": ",".join(f"{name.upper()}:{protocol}" for name, protocol in protocols.items()),
        "inter.broker.listener.name": "INTERNAL",
        "controller.listener.names": "CONTROLLER",
    } | (secured.settings() if secured else {})


def properties(number, ports, addresses, data, secured=None, more=None):
    """server.properties of a node. `ports` and `addresses`: node → its ports, its address; `more` overrides the settings here."""
    lines = {
        "process.roles": "broker,controller",
        "node.id": number,
        "controller.quorum.voters": ",".join(f"{node}@{addresses[node]}:{ports[node]['controller']}" for node in sorted(ports)),
        "log.dirs": data,
    }
    lines |= QUICK | replication(len(ports)) | listeners(ports[number], addresses[number], secured) | (more or {})
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def format_folder(data, number, cluster):
    """Writes what `kafka-storage format` would write, without two seconds of Java: a broker whose folder has its identity and
    no metadata yet starts at the newest metadata version that it knows."""
    data = pathlib.Path(data)
    if not (data / "meta.properties").exists():
        data.mkdir(parents=True, exist_ok=True)
        directory = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        (data / "meta.properties").write_text(f"version=1\ncluster.id={cluster}\nnode.id={number}\ndirectory.id={directory}\n")


def new_cluster_id():
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
