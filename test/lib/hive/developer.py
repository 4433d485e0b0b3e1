"""`./dev hive`: HDFS, PostgreSQL, a metastore and HiveServer2 in build/hive, for development with Tidemark beside a Hive.

    the ports are those that a cluster usually has: 9870 (WebHDFS), 8020, 9083 (metastore), 10000 (HiveServer2); PostgreSQL has 15432

beeline, and hdfs dfs, are in build/hive/bin.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import hive  # which finds the other rooms of test/lib
import cluster
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


class Home:
    """The folder of all of it: ports.json holds the ports of the last `up`, beside data and output."""

    def __init__(self, folder):
        self.folder = folder.resolve()
        self.name = os.path.relpath(folder)
        kept = self.folder / "ports.json"
        self.ports = json.loads(kept.read_text()) if kept.exists() else None

    def take(self, numbers):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "ports.json").write_text(json.dumps(numbers))
        self.ports = numbers

    def parts(self):
        """HDFS, PostgreSQL, Hive."""
        at = self.ports
        hdfs = cluster.Cluster(self.folder / "hdfs", places=[at[name] for name in ("namenode", "webhdfs", "data", "data_http", "data_ipc")])
        store = postgres.Postgres(self.folder / "postgres", at["postgres"])
        return hdfs, store, hive.Hive(self.folder / "hive", hdfs, store, places=(at["metastore"], at["server"]))

    def running(self):
        """Name → pid of what runs."""
        if not self.ports:
            return {}
        hdfs, store, warehouse = self.parts()
        found = {node.name: pid_of(node.folder) for node in (*hdfs.nodes(), *warehouse.nodes())} | {"PostgreSQL": store.pid()}
        return {name: pid for name, pid in found.items() if pid}


def status(home, _=None):
    up = home.running()
    if not up:
        print("Nothing runs." + (f" {home.name} keeps the data: ./dev hive up" if home.ports else ""))
        return 1
    hdfs, _, warehouse = home.parts()
    print(f"Runs: {', '.join(f'{name} (pid {pid})' for name, pid in up.items())}; data in {home.name}\n")
    print(f"    ./tidemark run --lake {hdfs.url().replace('webhdfs://', 'webhdfs://tidemark@')} --lake-codec snappy --hive {warehouse.metastore_url}")
    print(f"    {home.name}/bin/beeline -e 'SELECT symbol, count(*) FROM stock_trends GROUP BY symbol'")
    print(f"    {home.name}/bin/beeline -f deploy/hive/latest.sql")
    print(f"    {home.name}/bin/hdfs dfs -ls /lake")
    print(f"\nHiveServer2 for JDBC: {warehouse.jdbc_url}, user {hive.USER}. The metastore's tables are in PostgreSQL at 127.0.0.1:{home.ports['postgres']},")
    print(f"database {warehouse.database}, user {postgres.USER}, password {postgres.PASSWORD}.\n\n./dev hive down ends it and keeps the data.")
    return 0


def up(home, options):
    wanted = {name: port + (options.above or 0) for name, port in USUAL_PORTS.items()} if options.above is not None or not home.ports else home.ports
    lives = home.running()
    if lives and wanted != home.ports:
        sys.exit("it runs already, on other ports: ./dev hive down, then up again")
    if home.ports and wanted != home.ports and (home.folder / "hdfs").exists():
        sys.exit(f"{home.name} keeps the data of other ports, whose tables name them: ./dev hive down --forget deletes it")
    if not lives:
        for port in wanted.values():
            if not ports.is_free(port):
                sys.exit(f"port {port} is in use: another Hadoop? ./dev hive up --above 1000 takes others")
    home.take(wanted)
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
    folder = home.folder / "bin"
    folder.mkdir(exist_ok=True)
    command = " ".join(f"'{word}'" for word in warehouse.beeline_command())
    for name, text in (("beeline", f"#!/bin/sh\n# beeline, connected to HiveServer2; written by ./dev hive up.\nexec {command} \"$@\" 2>/dev/null\n"),
                       ("hdfs", HDFS_TOOL.format(user=cluster.SUPERUSER, options=" ".join(SHORT_LIVED), conf=hdfs.namenode.folder / "conf", jars=cluster.JARS))):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def down(home, options):
    lives = home.running()
    if "PostgreSQL" in lives:
        home.parts()[1].stop()
    for name, pid in lives.items():
        if name != "PostgreSQL":
            os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not home.running(), "it has ended")
    if options.forget:
        shutil.rmtree(home.folder, ignore_errors=True)
    kept = ", and its data is deleted." if options.forget else "; ./dev hive up goes on with the data." if home.ports else "."
    print(("Ended" if lives else "Nothing ran") + kept)
    return 0


def log(home, _):
    files = sorted(home.folder.glob("*/*/said-*"))
    if not files:
        sys.exit("nothing has been said yet: ./dev hive up")
    return subprocess.run(["tail", "-n", "20", *map(str, files)]).returncode


def main():
    parser = argparse.ArgumentParser(prog="./dev hive", description="A real Hive over a real HDFS and a PostgreSQL for a developer, on this machine's loopback.")
    parser.add_argument("--folder", type=pathlib.Path, default=hive.ROOT / "build/hive", help="where they live; build/hive unless told")
    verbs = parser.add_subparsers(required=True, metavar="up|down|status|log")
    one = verbs.add_parser("up", help="start what does not run yet, on the data of last time")
    one.add_argument("--above", type=int, metavar="N", help="add N to every port, for another one beside it")
    one.set_defaults(do=up)
    one = verbs.add_parser("down", help="end it; the data stays")
    one.add_argument("--forget", action="store_true", help="delete the data, too")
    one.set_defaults(do=down)
    verbs.add_parser("status", help="what runs, and how it is reached").set_defaults(do=status)
    verbs.add_parser("log", help="the last words of each of them").set_defaults(do=log)
    options = parser.parse_args()
    return options.do(Home(options.folder), options)


sys.exit(main())
