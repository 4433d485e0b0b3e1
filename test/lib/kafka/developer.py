"""`./dev kafka`: long-running brokers in build/kafka, for development with Tidemark over Kafka.

    port P + 0, 1, 2         for clients on this machine: the bootstrap addresses
    P + 20000 …              the second listener, the brokers' own          P + 10000 …   the controllers'
    P + 1000 …               TLS, and P + 2000 … SASL over TLS, with --tls

Kafka's own command-line tools are in build/kafka/bin: kafka-topics and others, also with .sh appended to the name.
"""

import os
import pathlib
import signal
import sys
import time

import java  # which finds test/lib/java_node
import kept_servers
import metadata
import ports
import settings
import tls
from node import PATIENCE, Node, quick_start, wait_until

ADDRESS = "127.0.0.1"
# Name → the class that the scripts of Kafka's own distribution start.
TOOLS = {
    "kafka-topics": "org.apache.kafka.tools.TopicCommand",
    "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer": "kafka.tools.ConsoleProducer",
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-delete-records": "org.apache.kafka.tools.DeleteRecordsCommand",
    "kafka-transactions": "org.apache.kafka.tools.TransactionsCommand",
    "kafka-dump-log": "kafka.tools.DumpLogSegments",
}
TOOL = """#!/bin/sh
# {name} of Kafka {release}; written by ./dev kafka up.
exec java -Xmx256m {options} -Dlog4j.configuration='file:{log}' -cp '{jars}/*' {main} "$@"
"""
ABOVE = {"host": 0, "internal": 20_000, "controller": 10_000, "tls": 1_000, "sasl": 2_000}


class Home(kept_servers.Kept):
    """The folder of the brokers: cluster.json holds the last options of `up`, beside data and output."""

    def __init__(self, folder):
        super().__init__(folder, "kafka", "cluster.json")

    def numbers(self):
        return range(1, self.told.get("nodes", 0) + 1)

    def ports(self, number):
        return {listener: self.told["port"] + above + number - 1 for listener, above in ABOVE.items()}

    def bootstrap(self, listener="host"):
        return ",".join(f"{ADDRESS}:{self.ports(number)[listener]}" for number in self.numbers())

    def running(self):
        """Node → pid of running brokers. A broker is ours if it was started with our properties."""
        ours = {str(self.folder / f"node-{number}/server.properties").encode(): number for number in self.numbers()}
        found = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended meanwhile
            found |= {ours[word]: int(process.name) for word in words if word in ours}
        return dict(sorted(found.items()))


def count(number):
    return "1 broker" if number == 1 else f"{number} brokers"


def status(home):
    up = home.running()
    if not up:
        print("No broker runs." + (f" {home.name} keeps the data of {count(home.told['nodes'])}: ./dev kafka up" if home.told else ""))
        return 1
    missing = [number for number in home.numbers() if number not in up]
    print(f"{count(len(up))} of Kafka {java.RELEASE}: pid {', '.join(map(str, up.values()))}; data in {home.name}")
    if missing:
        print(f"Not running: {', '.join(map(str, missing))} (./dev kafka up starts what is missing)")
    print(f"\n    KAFKA_BROKER={home.bootstrap()}\n\n    kcat -b {home.bootstrap()} -L")
    print(f"    kcat -b {home.bootstrap()} -t alpaca_trend_results -C -o end")
    print(f"    {home.name}/bin/kafka-topics --bootstrap-server {home.bootstrap()} --describe")
    print(f"\nThe second listener, as the brokers themselves use it: {home.bootstrap('internal')}")
    print("Topics are made " + ("when somebody asks for them." if home.told.get("auto_create") else "by Tidemark, or by kafka-topics (--auto-create: when somebody asks for them)."))
    if home.told["tls"]:
        print(f"\n    TLS   {home.bootstrap('tls')}   trust {home.name}/tls/authority.pem; be client.pem with client.key, or nobody")
        print(f"    SASL  {home.bootstrap('sasl')}   PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512: user {tls.USER}, password '{tls.PASSWORD}'")
    print("\n./dev kafka down ends it and keeps the data.")
    return 0


def up(home, options):
    kept, lives = home.told, home.running()
    told = {"nodes": options.nodes or kept.get("nodes", 1), "port": options.port or kept.get("port", 9092),
            "tls": options.tls or kept.get("tls", False), "auto_create": options.auto_create or kept.get("auto_create", False), "cluster": kept.get("cluster", settings.new_cluster_id())}
    if kept and told["nodes"] != kept["nodes"]:
        sys.exit(f"{home.name} keeps the data of {count(kept['nodes'])}, which cannot become {told['nodes']}: ./dev kafka down --forget deletes it")
    if lives and told != {"auto_create": False} | kept:
        sys.exit(f"{count(len(lives))} of ours run already, on other ports or with other settings: ./dev kafka down, then up again")
    home.told = told
    missing = [number for number in home.numbers() if number not in lives]
    for number in missing:
        for listener, port in home.ports(number).items():
            if (told["tls"] or listener not in ("tls", "sasl")) and not ports.is_free(port, ADDRESS):
                sys.exit(f"port {port} is in use: another Kafka? ./dev kafka up --port {told['port'] + 100} takes others")
    if missing:
        home.remember(told)
        start(home, missing)
    write_tools(home)
    return status(home)


def write_tools(home):
    home.write_tools({name: TOOL.format(name=name, release=java.RELEASE, options=" ".join(java.SHORT_LIVED), jars=java.RELEASES[java.RELEASE],
                                        log=pathlib.Path(__file__).parent / "tools.properties", main=main) for name, main in TOOLS.items()})
    for name in TOOLS:
        with_ending = home.folder / "bin" / f"{name}.sh"
        with_ending.unlink(missing_ok=True)
        with_ending.symlink_to(name)


def start(home, missing):
    quick = quick_start()
    secured = tls.Secured(home.folder / "tls") if home.told["tls"] else None
    more = {"auto.create.topics.enable": "true"} if home.told.get("auto_create") else None
    all_ports = {number: home.ports(number) for number in home.numbers()}
    nodes = []
    for number in missing:
        folder = home.folder / f"node-{number}"
        for old in folder.glob("said-*"):
            old.unlink()
        properties = settings.properties(number, all_ports, dict.fromkeys(all_ports, ADDRESS), folder / "data", secured, more)
        nodes.append(Node(number, folder, properties, home.told["cluster"]))
    try:
        for node in nodes:
            node.start(quick)
        for node in nodes:
            node.wait_until_ready()
        for node in nodes:
            wait_until(lambda: metadata.brokers_known_to(ADDRESS, all_ports[node.number]["host"]) >= set(missing), "they know one another")
        if secured:
            secured.add_user(home.bootstrap())
    except AssertionError as failure:
        for node in nodes:
            node.kill()
        sys.exit(f"{failure}\n\nThe brokers did not come up; what they said is in {home.name}/node-*/said-1")


def down(home, options):
    lives = home.running()
    for pid in lives.values():
        os.kill(pid, signal.SIGTERM)
    # The last of several has no controller left to announce its shutdown to, so it is killed, which loses nothing.
    deadline = time.monotonic() + (10 if len(lives) > 1 else PATIENCE)
    while home.running() and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in home.running().values():
        os.kill(pid, signal.SIGKILL)
    return home.leave("Ended" if lives else "No broker ran", options.forget)


def main():
    parser, of_up = kept_servers.options_of("kafka", "Real Kafka brokers", java.ROOT / "build/kafka")
    of_up.add_argument("--nodes", type=int, choices=(1, 3), help="how many brokers; 1 unless told")
    of_up.add_argument("--port", type=int, metavar="P", help="the first broker's port; 9092 unless told")
    of_up.add_argument("--tls", action="store_true", help="listeners with TLS and SASL, too")
    of_up.add_argument("--auto-create", action="store_true", help="a topic is made when somebody asks for it; not unless told")
    options = parser.parse_args()
    home = Home(options.folder)
    verbs = {"up": lambda: up(home, options), "down": lambda: down(home, options), "status": lambda: status(home), "log": lambda: home.log("node-*/said-1", 40)}
    return verbs[options.verb]()


sys.exit(main())
