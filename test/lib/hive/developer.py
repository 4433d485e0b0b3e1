"""`./dev hive`: HDFS, PostgreSQL, a metastore and HiveServer2 in build/hive, for development with Tidemark beside a Hive.

    the ports are those that a cluster usually has: 9870 (WebHDFS), 8020, 9083 (metastore), 10000 (HiveServer2); PostgreSQL has 15432

beeline, and hdfs dfs, are in build/hive/bin.
"""

import os
import signal
import subprocess
import sys

import hive  # which finds the other rooms of test/lib
import cluster
import kept_servers
import postgres
import ports
from java_node import SHORT_LIVED, pid_of, wait_until

USUAL_PORTS = {"namenode": 8020, "webhdfs": 9870, "data": 9866, "data_http": 9864, "data_ipc": 9867, "postgres": 15432, "metastore": 9083, "server": 10000}
HDFS_TOOL = """#!/bin/sh
# Hadoop's own file system shell; written by ./dev hive up. HADOOP_USER_NAME says who asks; the superuser unless it is set.
[ "$1" = dfs ] || {{ echo "only hdfs dfs is here" >&2; exit 2; }}
shift
export HADOOP_USER_NAME="${{HADOOP_USER_NAME:-{user}}}"
exec java -Xmx256m {options} -cp '{conf}:{jars}/*' org.apache.hadoop.fs.FsShell "$@"
"""


class Home(kept_servers.Kept):
    """The folder of all of it: ports.json holds the ports of the last `up`, beside data and output."""

    def __init__(self, folder):
        super().__init__(folder, "hive", "ports.json")

    def parts(self):
        """HDFS, PostgreSQL, Hive."""
        at = self.told
        hdfs = cluster.Cluster(self.folder / "hdfs", places=[at[name] for name in ("namenode", "webhdfs", "data", "data_http", "data_ipc")])
        store = postgres.Postgres(self.folder / "postgres", at["postgres"])
        return hdfs, store, hive.Hive(self.folder / "hive", hdfs, store, places=(at["metastore"], at["server"]))

    def running(self):
        """Name → pid of what runs."""
        if not self.told:
            return {}
        hdfs, store, warehouse = self.parts()
        found = {node.name: pid_of(node.folder) for node in (*hdfs.nodes(), *warehouse.nodes())} | {"PostgreSQL": store.pid()}
        return {name: pid for name, pid in found.items() if pid}


def status(home):
    up = home.running()
    if not up:
        print("Nothing runs." + (f" {home.name} keeps the data: ./dev hive up" if home.told else ""))
        return 1
    hdfs, _, warehouse = home.parts()
    print(f"Runs: {', '.join(f'{name} (pid {pid})' for name, pid in up.items())}; data in {home.name}\n")
    print(f"    ./tidemark run --lake {hdfs.url().replace('webhdfs://', 'webhdfs://tidemark@')} --lake-codec snappy --hive {warehouse.metastore_url}")
    print(f"    {home.name}/bin/beeline -e 'SELECT symbol, count(*) FROM stock_trends GROUP BY symbol'")
    print(f"    {home.name}/bin/beeline -f deploy/hive/latest.sql")
    print(f"    {home.name}/bin/hdfs dfs -ls /lake")
    print(f"\nHiveServer2 for JDBC: {warehouse.jdbc_url}, user {hive.USER}. The metastore's tables are in PostgreSQL at 127.0.0.1:{home.told['postgres']},")
    print(f"database {warehouse.database}, user {postgres.USER}, password {postgres.PASSWORD}.\n\n./dev hive down ends it and keeps the data.")
    return 0


def up(home, options):
    wanted = {name: port + (options.above or 0) for name, port in USUAL_PORTS.items()} if options.above is not None or not home.told else home.told
    lives = home.running()
    if lives and wanted != home.told:
        sys.exit("it runs already, on other ports: ./dev hive down, then up again")
    if home.told and wanted != home.told and (home.folder / "hdfs").exists():
        sys.exit(f"{home.name} keeps the data of other ports, whose tables name them: ./dev hive down --forget deletes it")
    if not lives:
        for port in wanted.values():
            if not ports.is_free(port):
                sys.exit(f"port {port} is in use: another Hadoop? ./dev hive up --above 1000 takes others")
    home.remember(wanted)
    if why := out_of_reach(home.folder):
        sys.exit(why)
    try:
        start(home, lives)
    except AssertionError as failure:
        sys.exit(f"{failure}\n\nWhat each of them said is in {home.name}/*/*/said-*")
    write_tools(home)
    return status(home)


def out_of_reach(folder):
    if os.getuid() == 0:
        looked = subprocess.run(["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "test", "-x", str(folder)], cwd="/", stdin=subprocess.DEVNULL)
        if looked.returncode != 0:
            return f"PostgreSQL refuses to run as root, and its user postgres cannot reach {folder}: --folder names another place, as /var/tmp/hive"
    return None


def start(home, lives):
    hdfs, store, warehouse = home.parts()
    if "PostgreSQL" not in lives:
        store.start()
    hdfs.format()
    for node in hdfs.nodes():
        if node.name not in lives:
            node.start()
    if warehouse.metastore.name not in lives:
        warehouse.start_metastore()
    wait_until(lambda: hdfs.is_ready() or any(node.process and node.has_ended() for node in hdfs.nodes()), "HDFS is ready", hdfs.namenode.last_words)
    assert hdfs.is_ready(), f"HDFS does not come up:\n{hdfs.namenode.last_words()}"
    hdfs.make_folder("/lake", cluster.USER)
    for node, begin in ((warehouse.metastore, None), (warehouse.server, warehouse.start_server)):
        if begin and node.name not in lives:
            begin()
        wait_until(lambda: node.listens() or (node.process and node.has_ended()), f"{node.name} is ready", node.last_words)
        assert node.listens(), f"{node.name} has ended:\n{node.last_words()}"


def write_tools(home):
    hdfs, _, warehouse = home.parts()
    command = " ".join(f"'{word}'" for word in warehouse.beeline_command())
    home.write_tools({
        "beeline": f"#!/bin/sh\n# beeline, connected to HiveServer2; written by ./dev hive up.\nexec {command} \"$@\" 2>/dev/null\n",
        "hdfs": HDFS_TOOL.format(user=cluster.SUPERUSER, options=" ".join(SHORT_LIVED), conf=hdfs.namenode.folder / "conf", jars=cluster.JARS),
    })


def down(home, options):
    lives = home.running()
    if "PostgreSQL" in lives:
        home.parts()[1].stop()
    for name, pid in lives.items():
        if name != "PostgreSQL":
            os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not home.running(), "it has ended")
    return home.leave("Ended" if lives else "Nothing ran", options.forget)


def main():
    parser, of_up = kept_servers.options_of("hive", "A real Hive over a real HDFS and a PostgreSQL", hive.ROOT / "build/hive")
    of_up.add_argument("--above", type=int, metavar="N", help="add N to every port, for another one beside it")
    options = parser.parse_args()
    home = Home(options.folder)
    verbs = {"up": lambda: up(home, options), "down": lambda: down(home, options), "status": lambda: status(home), "log": lambda: home.log("*/*/said-*", 20)}
    return verbs[options.verb]()


sys.exit(main())
