"""Publishes into a real HDFS, kills what takes part in it, and compares the lake with that of an undisturbed run on a local disk. The unit
tests that need an HDFS run here, too."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life"), str(TEST / "lib/hdfs")]

import cluster  # noqa: E402
import google_tests  # noqa: E402
import lake_stage  # noqa: E402
from lake_stage import CODE_OF_FAILURE, refusal, why_unready  # noqa: E402
from life import TIDEMARK, Life  # noqa: E402

UNIT_TESTS = "HdfsDiskTest.*:Hdfs/*"
TOKEN_VARIABLE = "TIDEMARK_HDFS_DELEGATION_TOKEN"


class Stage(lake_stage.LakeStage):
    """Runs on one HDFS."""

    def __init__(self, folder, hdfs):
        super().__init__(folder, "/lake")
        self.hdfs = hdfs

    def place(self, path):
        return self.hdfs.url(path).replace("webhdfs://", "webhdfs://tidemark@")

    def words(self, path, speed="2000"):
        return [*self.replays.words(speed), "--lake", self.place(path), "--retry-delay", "1s", "--exit-at-end"]

    def compare(self, data, path):
        self.compare_with(data, lambda into: self.hdfs.download(path, into))

    def has_published(self, path):
        """Whether the lake has a file of trends, by its name in HDFS."""
        try:
            names = self.hdfs.call("GET", f"{path}/stock_trends", "LISTSTATUS")["FileStatuses"]["FileStatus"]
        except urllib.error.HTTPError:
            return False
        return any(status["pathSuffix"].startswith("dt=") for status in names)

    def codecs(self):
        data, path = self.new()
        with Life(data, *self.words(path, "max"), "--lake-codec", "snappy") as one:
            one.wait_for_end()
        assert lakes.codecs(self.hdfs.download(path, data.parent / "copy")) == {"SNAPPY"}
        local, _ = self.new()
        with Life(local, *self.replays.words("max"), "--exit-at-end", "--lake-codec", "none") as one:
            one.wait_for_end()
        assert lakes.codecs(local / "lake") == {"UNCOMPRESSED"}
        for verb in (["compact"], ["recompute", "--from", "2026-01-01", "--to", "2026-01-31"]):
            subprocess.run([TIDEMARK, *verb, "--data", str(local)], cwd=local.parent, env={**os.environ, "TIDEMARK_LAKE_CODEC": "gzip"}, check=True,
                           capture_output=True)
        rewritten = lakes.codecs(local / "lake")  # a day of one file stays as it is
        assert "GZIP" in rewritten and "ZSTD" not in rewritten, rewritten

    def without(self, node):
        """Kills the node while a run publishes, and starts it again once the run has told."""
        data, path = self.new()
        with Life(data, *self.words(path)) as one:
            one.wait_until(lambda: self.has_published(path), "it publishes")
            node.kill()
            one.wait_until(lambda: "in HDFS" in (why_unready(one) or ""), "/readyz tells that HDFS fails")
            one.wait_until(lambda: "agent.retry" in one.journal(), "the journal tells, too")
            node.start()
            self.hdfs.wait_until_ready()
            one.wait_for_end()
        self.compare(data, path)

    def refused(self):
        data, _ = self.new()
        said = refusal(data, "--lake", self.place("/forbidden/lake"))
        assert "AccessControlException" in said and "hdfs dfs -chown tidemark" in said, said
        said = refusal(data, "--lake", "hdfs://127.0.0.1/lake")
        assert "webhdfs://" in said, said

    def token(self):
        """A NameNode without Kerberos takes no token, so this one is a listener that refuses what it hears."""
        data, _ = self.new()
        with Listener() as namenode:
            said = refusal(data, "--lake", f"webhdfs://127.0.0.1:{namenode.port}/lake", environment={**os.environ, TOKEN_VARIABLE: "a/token+of=HDFS"}, code=CODE_OF_FAILURE)
        assert "hdfs-kerberos" in said and TOKEN_VARIABLE in said, said
        asked = [urllib.parse.parse_qs(urllib.parse.urlsplit(path).query) for path in namenode.heard]
        assert asked and all(query["delegation"] == ["a/token+of=HDFS"] and "user.name" not in query for query in asked), namenode.heard
        kept = [file.read_text(errors="replace") for file in data.rglob("*") if file.is_file()]
        for shown in ("a/token+of=HDFS", urllib.parse.quote("a/token+of=HDFS", safe="")):
            assert not any(shown in text for text in [said, *kept]), "the token stands in a text"

    def one_log(self):
        data, path = self.published()
        other, _ = self.new()
        said = refusal(other, "--lake", self.place(path))
        assert "another data directory publishes into" in said and "hdfs dfs -rm" in said, said
        for words in ([], ["--lake", self.place(path + "-other")]):
            said = refusal(data, *words)
            assert f"publishes into {self.hdfs.url(path)}" in said, said
        with Life(other, *self.replays.words("max"), "--exit-at-end") as one:
            one.wait_for_end()
        said = refusal(other, "--lake", self.place(path + "-other"))
        assert str(other / "lake") in said, said


class Store:
    """HDFS, as lake_twins wants it. Its reader is urllib, over WebHDFS."""

    rounds = 8

    def __init__(self, stage):
        self.stage, self.hdfs = stage, stage.hdfs

    def words(self, path):
        return ["--lake", self.stage.place(path)]

    def environment(self, path=None):
        return {"TIDEMARK_LAKE": self.stage.place(path)} if path else {}

    def place(self, path):
        return self.hdfs.url(path)

    def download(self, path, into):
        return self.hdfs.download(path, into)

    def names(self, path):
        try:
            found = self.hdfs.call("GET", path, "LISTSTATUS", user=cluster.SUPERUSER)["FileStatuses"]["FileStatus"]
        except urllib.error.HTTPError as missing:
            if missing.code == 404:
                return []
            raise
        return [status["pathSuffix"] for status in found]

    def address(self, path, operation):
        return f"http://127.0.0.1:{self.hdfs.http}/webhdfs/v1{urllib.request.quote(path)}?op={operation}&user.name={cluster.USER}"

    def read(self, path):
        """Its bytes; None if it has gone."""
        try:
            with urllib.request.urlopen(self.address(path, "OPEN"), timeout=60) as answer:
                return answer.read()
        except (urllib.error.HTTPError, ConnectionError):
            return None

    def write(self, path, content):
        request = urllib.request.Request(self.address(path, "CREATE") + "&overwrite=true&noredirect=true", method="PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            there = json.load(answer)["Location"]
        urllib.request.urlopen(urllib.request.Request(there, data=content, method="PUT"), timeout=60).close()


class Listener:
    """Says 401 to each request, and keeps its path."""

    def __enter__(self):
        heard = self.heard = []

        class Refuse(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(self.path)
                self.send_error(401)

            do_PUT = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuse)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


CASES = {
    "a run publishes into HDFS what it would publish into a folder": Stage.undisturbed,
    "a run that is killed and started again publishes each row into HDFS once": Stage.killed,
    "a NameNode that is killed and comes back costs no row and doubles none": lambda stage: stage.without(stage.hdfs.namenode),
    "a DataNode that is killed and comes back costs no row and doubles none": lambda stage: stage.without(stage.hdfs.datanodes[0]),
    "the setting lake-codec holds for whoever writes files of the lake": Stage.codecs,
    "a user without rights in HDFS is told the cure at the start": Stage.refused,
    "a delegation token is sent in place of a user, and shown nowhere": Stage.token,
    "one log publishes into one lake": Stage.one_log,
}


def main():
    global lake_twins, lakes
    lake_twins, lakes, *_ = lake_stage.needed("HDFS", cluster.why_not(), "lake_twins", "lakes", "pyarrow.parquet")
    tests = google_tests.chosen(UNIT_TESTS, environment={"TIDEMARK_TEST_HDFS": "webhdfs://listed/lake"})
    with tempfile.TemporaryDirectory(prefix="tidemark-hdfs-") as folder, cluster.Cluster(pathlib.Path(folder) / "hdfs") as hdfs:
        lake_stage.tell(tests, {"TIDEMARK_TEST_HDFS": hdfs.url("/lake/unit-tests")}, lambda: Stage(pathlib.Path(folder), hdfs), CASES,
                        lake_twins.cases("HDFS"), lambda stage: lake_twins.Twins(stage, Store(stage)),
                        when_failed=lambda: print(hdfs.namenode.last_words(), hdfs.datanodes[0].last_words()))


main()
