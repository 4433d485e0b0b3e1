"""A real Hive on loopback over an HDFS and a PostgreSQL: a metastore, a HiveServer2, and beeline to ask it.

    with Warehouse(folder) as warehouse:                    everything: HDFS, PostgreSQL, Hive
        warehouse.hive.metastore_url                        thrift://127.0.0.1:PORT
        warehouse.hive.beeline("SELECT 1 AS one")           [{"one": "1"}]
        warehouse.hive.metastore.kill()                     as kill -9; .start() brings it back on the same port

Hive asks HDFS as the user `hive`, for every user of beeline. Warehouse(folder, release="4.0.1") starts another release.
"""

import concurrent.futures
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path += [str(HERE.parent / "java_node"), str(HERE.parent / "hdfs")]

import cluster  # noqa: E402
import ports  # noqa: E402
import postgres  # noqa: E402
from java_node import OPENS, PATIENCE, SHORT_LIVED, JavaNode, mark  # noqa: E402

USER = "hive"
SERVER_MAIN, METASTORE_MAIN = "org.apache.hive.service.server.HiveServer2", "org.apache.hadoop.hive.metastore.HiveMetaStore"
BEELINE_JARS = ROOT / ".deps/jars/hive"  # Hive 4's beeline is not in Maven Central; this one speaks with it


class Release:
    def __init__(self, jars, schema, launcher, first):
        self.jars, self.schema, self.launcher, self.first = ROOT / ".deps/jars" / jars, schema, launcher, first


RELEASES = {
    "2.3.10": Release("hive", "hive-schema-2.3.0.postgres.sql", ["Launch"], []),
    # Tez does not run beside the jars of HiveServer2.
    "4.0.1": Release("hive-4", "hive-schema-4.0.0.postgres.sql", [], ["set hive.execution.engine=mr"]),
}
USUAL = "2.3.10"


def why_not(release=USUAL):
    """Why no Hive can be started here, or None."""
    if not shutil.which("javac"):
        return "there is no JDK (javac)"
    for name in (USUAL, release):
        jars = RELEASES[name].jars
        if not any(jars.glob("hive-exec-*.jar")):
            return f"the jars of Hive {name} are not in {jars.relative_to(ROOT)}: ./dev test hive fetches them"
    return cluster.why_not() or postgres.why_not()


def unpack_schema(release, into):
    """The scripts that make a metastore's tables in PostgreSQL; they are in no jar, only in the archive of the sources."""
    def is_script(name):
        return "/postgres/hive-" in name and name.endswith(".sql") and "schema-" in name

    (archive,) = [path for path in release.jars.iterdir() if path.name.endswith((".zip", ".tar.gz"))]
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for name in filter(is_script, packed.namelist()):
                (into / pathlib.PurePath(name).name).write_bytes(packed.read(name))
    else:
        with tarfile.open(archive) as packed:
            for member in packed:
                if is_script(member.name):
                    (into / pathlib.PurePath(member.name).name).write_bytes(packed.extractfile(member).read())
    return into / release.schema


def compile_tools(folder):
    """The launcher, and the library that keeps a server on loopback."""
    subprocess.run(["javac", "-d", str(folder), str(HERE / "Launch.java")], check=True)
    subprocess.run([shutil.which("cc") or "g++", "-shared", "-fPIC", "-O1", "-o", str(folder / "loopback.so"), str(HERE / "loopback.c"), "-ldl"], check=True)


class HiveNode(JavaNode):
    """A metastore or a HiveServer2. `tools` is the folder of compile_tools."""

    def __init__(self, name, main, arguments, folder, port, release, tools):
        super().__init__(name, folder)
        self.main, self.arguments, self.port, self.release, self.tools = main, arguments, port, release, tools

    def command(self):
        places = f"{self.folder.parent / 'conf'}:{self.release.jars}/*"
        options = ["java", "-Xmx768m", *SHORT_LIVED, *OPENS, mark(self.folder), f"-Djava.io.tmpdir={self.folder / 'tmp'}",
                   f"-Dhadoop.home.dir={self.folder}", f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"]
        if self.release.launcher:
            return [*options, "-cp", str(self.tools), *self.release.launcher, places, self.main, *self.arguments]
        return [*options, "-cp", places, self.main, *self.arguments]

    def environment(self):
        return {**os.environ, "HADOOP_USER_NAME": USER, "HIVE_HOME": str(self.folder), "LD_PRELOAD": str(self.tools / "loopback.so")}

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def wait_until_ready(self):
        super().wait_until_ready(self.listens)


class Hive:
    """Metastore and HiveServer2 of one release. `places` are their ports; free ones unless told."""

    def __init__(self, folder, hdfs, store, release=USUAL, places=None):
        self.folder, self.hdfs, self.store, self.number = pathlib.Path(folder), hdfs, store, release
        self.release = RELEASES[release]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database = "metastore_" + release.replace(".", "_")
        metastore, server = places or ports.free(2)
        self.metastore = HiveNode("the metastore", METASTORE_MAIN, ["-p", str(metastore)], self.folder / "metastore", metastore, self.release, self.folder)
        self.server = HiveNode("HiveServer2", SERVER_MAIN, [], self.folder / "server", server, self.release, self.folder)
        self.metastore_url = f"thrift://127.0.0.1:{metastore}"
        self.jdbc_url = f"jdbc:hive2://127.0.0.1:{server}/default"
        self.write_settings()

    def nodes(self):
        return [self.metastore, self.server]

    def write_settings(self):
        mine = {name: self.folder / name for name in ("local", "resources", "questions", "operations", "jobs", "tmp")}
        for folder in mine.values():
            folder.mkdir(exist_ok=True)
        hive = {
            "javax.jdo.option.ConnectionURL": f"jdbc:postgresql://127.0.0.1:{self.store.port}/{self.database}",
            "javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
            "javax.jdo.option.ConnectionUserName": postgres.USER, "javax.jdo.option.ConnectionPassword": postgres.PASSWORD,
            "datanucleus.schema.autoCreateAll": "false", "hive.metastore.schema.verification": "true",
            "datanucleus.connectionPool.maxPoolSize": 4,
            "hive.metastore.uris": self.metastore_url, "hive.metastore.warehouse.dir": "/user/hive/warehouse",
            "hive.exec.scratchdir": "/tmp/hive", "hive.exec.local.scratchdir": mine["local"], "hive.downloaded.resources.dir": mine["resources"],
            "hive.querylog.location": mine["questions"], "hive.server2.logging.operation.log.location": mine["operations"],
            "hive.server2.thrift.bind.host": "127.0.0.1", "hive.server2.thrift.port": self.server.port, "hive.server2.webui.port": 0,
            "hive.server2.enable.doAs": "false", "hive.execution.engine": "mr", "hive.support.concurrency": "false",
            "hive.exec.counters.pull.interval": 100,  # ms between looks whether a job has ended; a second would be most of its time
        }
        core = {"fs.defaultFS": f"hdfs://127.0.0.1:{self.hdfs.rpc}", "hadoop.tmp.dir": mine["tmp"],
                "hadoop.proxyuser.hive.hosts": "*", "hadoop.proxyuser.hive.groups": "*"}  # HiveServer2 4 asks the metastore for events
        jobs = {"mapreduce.framework.name": "local", "mapreduce.cluster.local.dir": mine["jobs"]}  # absolute: Hive does not expand ${...} here
        cluster.write_settings(self.folder / "conf", {"hive-site.xml": hive, "core-site.xml": core, "mapred-site.xml": jobs})

    def make_store(self):
        """The metastore's tables, once."""
        if self.store.make_database(self.database):
            self.store.run(self.database, unpack_schema(self.release, self.folder))

    def start_metastore(self):
        if not (self.folder / "loopback.so").exists():
            compile_tools(self.folder)
        self.make_store()
        self.metastore.start()

    def start_server(self):
        """HDFS and the metastore are there."""
        for path, mode in (("/tmp", 1777), ("/tmp/hive", 1777), ("/user/hive/warehouse", 777)):
            self.hdfs.make_folder(path, USER, mode)
        self.server.start()

    def ready(self):
        self.metastore.wait_until_ready()
        if self.server.has_ended():
            self.start_server()
        self.server.wait_until_ready()

    def beeline_command(self, *words):
        return ["java", "-Xmx256m", *SHORT_LIVED, "-Djline.terminal=jline.UnsupportedTerminal", f"-Dlog4j2.configurationFile={HERE / 'beeline-log4j2.properties'}",
                "-cp", f"{BEELINE_JARS}/*", "org.apache.hive.beeline.BeeLine", "-u", self.jdbc_url, "-n", USER, *words]

    def beeline(self, *questions):
        """The answers as rows of {column: text}, NULL as "NULL". Several questions share one session, and then give a list of such answers."""
        between = "tidemark_next_answer"
        words = [word for question in self.release.first for word in ("-e", question)]
        for question in questions:
            words += ["-e", question, "-e", f"SELECT '{between}'"]
        told = subprocess.run(self.beeline_command("--outputformat=tsv2", "--silent=true", "--showHeader=true", *words), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == 0, f"beeline ended with {told.returncode}:\n{told.stdout[-3000:]}\n{told.stderr[-6000:]}"
        answers, lines = [], []
        for line in told.stdout.splitlines():
            line = line.split("> ")[-1] if line.startswith("0: jdbc:") else line
            if line == between:
                head = lines[:-1]  # the last is the header of the mark
                answers.append([dict(zip(head[0].split("\t"), row.split("\t"))) for row in head[1:]] if head else [])
                lines = []
            elif line:
                lines.append(line)
        assert len(answers) == len(questions), f"{told.stdout[-3000:]}\n{told.stderr[-6000:]}"
        return answers if len(questions) != 1 else answers[0]

    def session(self):
        return Session(self)

    def kill(self):
        for node in self.nodes():
            node.kill()


class Session:
    """A beeline that stays: with hive.session() as ask: ask("SELECT 1 AS one") → [{"one": "1"}]."""

    def __init__(self, hive):
        self.hive, self.process = hive, None

    def __enter__(self):
        self.process = subprocess.Popen(self.hive.beeline_command("--outputformat=tsv2", "--silent=true", "--showHeader=true"), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for question in self.hive.release.first:
            self(question)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE)

    def __call__(self, question):
        between = "tidemark_next_answer"
        self.process.stdin.write(f"{question};\nSELECT '{between}' AS mark;\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip("\n").split("> ")[-1]
            if line == between:
                head = [line for line in lines if line and line != "mark"]
                return [dict(zip(head[0].split("\t"), row.split("\t"))) for row in head[1:]] if head else []
            lines.append(line)
        raise AssertionError(f"beeline has ended: {lines[-5:]}")


class Warehouse:
    """HDFS, PostgreSQL and a Hive, started side by side. Further releases: add(release)."""

    def __init__(self, folder, release=USUAL):
        self.folder, self.number = pathlib.Path(folder), release
        self.folder.chmod(0o755)  # the user of PostgreSQL goes through it
        self.hdfs = cluster.Cluster(self.folder / "hdfs")
        self.postgres = postgres.Postgres(self.folder / "postgres")
        self.hives = {}

    @property
    def hive(self):
        return self.hives[self.number]

    def __enter__(self):
        with concurrent.futures.ThreadPoolExecutor() as side_by_side:
            hdfs = side_by_side.submit(self.hdfs.__enter__)
            try:
                self.postgres.start()
                self.begin(self.number)
            finally:
                concurrent.futures.wait([hdfs])
            try:
                hdfs.result()
                self.postgres.keeper = self.hdfs.keeper
                self.postgres.keeper.watch(self.postgres.pid())
                self.watch(self.hive)
                self.hive.ready()
            except BaseException:
                self.__exit__()
                raise
        return self

    def begin(self, release):
        self.hives[release] = Hive(self.folder / f"hive-{release}", self.hdfs, self.postgres, release)
        self.hives[release].start_metastore()

    def add(self, release):
        self.begin(release)
        self.watch(self.hives[release])
        self.hives[release].ready()
        return self.hives[release]

    def watch(self, hive):
        self.hdfs.keeper.watch(hive.metastore.process.pid)
        for node in hive.nodes():
            node.keeper = self.hdfs.keeper

    def __exit__(self, *_):
        for hive in self.hives.values():
            hive.kill()
        self.postgres.kill()
        self.hdfs.__exit__()
