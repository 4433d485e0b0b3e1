"""Publishes into a real server of S3, kills the run, lets the server fail, and compares the lake with that of an undisturbed run on a local
disk. The unit tests that need a server of S3 run here, too."""

import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life"), str(TEST / "lib/s3"), str(TEST / "lib/kafka")]

import failing_proxy  # noqa: E402
import google_tests  # noqa: E402
import harness  # noqa: E402
import lake_stage  # noqa: E402
import server  # noqa: E402
import tls  # noqa: E402
from lake_stage import CODE_OF_FAILURE, CODE_OF_SETTINGS, why_unready  # noqa: E402
from life import TIDEMARK, Life  # noqa: E402

UNIT_TESTS = "S3DiskTest.*:S3/*"
TIDEMARK_FULL = os.environ.get("TIDEMARK_FULL")


class Stage(lake_stage.LakeStage):
    """Runs on one server; the place of a lake is its prefix in the bucket."""

    def __init__(self, folder, s3):
        super().__init__(folder, "lakes")
        self.s3 = s3
        self.key_files = {user: self.key_file(user, *keys) for user, keys in s3.keys.items()}

    def key_file(self, name, key, secret):
        path = self.folder / f"keys-{name}"
        path.touch(0o600)
        path.write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
        return path

    def place(self, prefix):
        return ["--lake", f"s3://{server.BUCKET}/{prefix}", "--s3-endpoint", self.s3.endpoint]

    def words(self, prefix, speed="6000", keys="writer"):
        by_file = ["--s3-credentials-file", str(self.key_files[keys])] if keys else []
        return [*self.replays.words(speed), *self.place(prefix), *by_file, "--retry-delay", "1s", "--exit-at-end"]

    def compare(self, data, prefix):
        """With boto3's copy of the lake; nothing tells a key, either."""
        copy = self.compare_with(data, lambda into: self.s3.download(prefix, into))
        left = [path.name for path in copy.iterdir() if path.is_file()]
        assert left == [".owner"], left
        self.tells_no_key(data.parent)

    def tells_no_key(self, folder):
        keys = [key.encode() for pair in self.s3.keys.values() for key in pair]
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_relative_to(folder / "copy") and path.name not in (".env", "credentials"):
                text = path.read_bytes()
                assert not any(key in text for key in keys), f"{path} tells a key"

    def has_published(self, prefix):
        return any(".parquet" in key for key in self.s3.objects(f"{prefix}/stock_trends/"))

    def undisturbed(self):
        data, prefix = self.published()
        self.compare(data, prefix)
        key, secret = self.s3.keys["reader"]
        there = pyarrow.fs.S3FileSystem(access_key=key, secret_key=secret, region=server.REGION, scheme="http",
                                        endpoint_override=self.s3.endpoint.removeprefix("http://"))
        for table, days in self.replays.lake.items():
            read = pyarrow.dataset.dataset(f"{server.BUCKET}/{prefix}/{table}", filesystem=there, format="parquet", partitioning="hive").to_table()
            assert read.num_rows == sum(day.num_rows for day in days.values()), (table, read.num_rows)
            assert set(read.column("dt").to_pylist()) == {day.removeprefix("dt=") for day in days}

    def keys_elsewhere(self):
        key, secret = self.s3.keys["writer"]
        for name, text in ((".env", f"AWS_ACCESS_KEY_ID={key}\nAWS_SECRET_ACCESS_KEY={secret}\n"),
                           (".aws/credentials", f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")):
            data, prefix = self.new()
            file = data.parent / name
            file.parent.mkdir(exist_ok=True)
            file.touch(0o600)
            file.write_text(text)
            with Life(data, *self.words(prefix, "max", keys=None)) as one:
                one.wait_for_end()
            self.compare(data, prefix)

    def killed(self):
        for _ in range(8 if TIDEMARK_FULL else 1):
            super().killed()

    def killed_in_an_upload(self):
        """Each kill while a request to store a file is under way: it has no effect, or has it although its sender is dead."""
        data, prefix = self.new()
        for fault in ("cut", "lost"):
            in_upload, is_dead = threading.Event(), threading.Event()

            def hold(method, target, fault=fault, in_upload=in_upload, is_dead=is_dead):
                if method != "PUT" or ".parquet" not in target or in_upload.is_set():
                    return None
                in_upload.set()
                is_dead.wait(server.PATIENCE)
                return fault

            self.s3.proxy.fault = hold
            try:
                with Life(data, *self.words(prefix)) as one:
                    one.wait_until(in_upload.is_set, "it stores a file")
                    assert one.kill()
            finally:
                is_dead.set()
                self.s3.proxy.fault = lambda method, target: None
        self.finish(data, prefix)
        self.compare(data, prefix)

    def without_server(self):
        data, prefix = self.new()
        with Life(data, *self.words(prefix)) as one:
            one.wait_until(lambda: self.has_published(prefix), "it publishes")
            self.s3.proxy.stop()
            try:
                one.wait_until(lambda: f"s3://{server.BUCKET}" in (why_unready(one) or ""), "/readyz tells that S3 fails")
                one.wait_until(lambda: "agent.retry" in one.journal(), "the journal tells, too")
                assert "s3-endpoint" in one.journal(), one.journal()
            finally:
                self.s3.proxy.start()
            one.wait_for_end()
        self.compare(data, prefix)

    def failing_server(self):
        """Every other request fails, in each of the ways."""
        data, prefix = self.new()
        chance, faults, lock = harness.chance(self.seed), itertools.cycle(failing_proxy.FAULTS), threading.Lock()

        def fault(method, target):
            with lock:
                return next(faults) if chance.random() < 1 / 2 else None

        before = dict(self.s3.proxy.counts)
        try:
            with Life(data, *self.words(prefix)) as one:
                one.wait_until(lambda: "run.started" in one.journal(), "it started")
                self.s3.proxy.fault = fault
                one.wait_for_end()
        finally:
            self.s3.proxy.fault = lambda method, target: None
        self.compare(data, prefix)
        counts = {name: count - before[name] for name, count in self.s3.proxy.counts.items()}
        assert all(counts.values()), counts
        print(f"# {counts}")

    def refused(self):
        data, prefix = self.new()
        key, secret = self.s3.keys["writer"]
        wrong_secret = self.key_file("wrong-secret", key, "wrongsecretwrongsecret")
        wrong_id = self.key_file("wrong-id", "AKIAWRONGWRONGWRONG1", secret)
        by_file = lambda path: ["--s3-credentials-file", str(path)]  # noqa: E731
        for words, told in (
            ([*self.place(prefix), *by_file(wrong_secret)], ["SIGNATURE_DOES_NOT_MATCH", "AWS_SECRET_ACCESS_KEY", "s3-credentials-file"]),
            ([*self.place(prefix), *by_file(wrong_id)], ["INVALID_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"]),
            ([*self.place(prefix), *by_file(self.key_files["reader"])], ["ACCESS_DENIED", "s3:PutObject", f"s3://{server.BUCKET}/{prefix}"]),
            (["--lake", "s3://tidemark-no-such-bucket/x", "--s3-endpoint", self.s3.endpoint, *by_file(self.key_files["admin"])],
             ["NO_SUCH_BUCKET", "make the bucket"]),
            (["--lake", "s3://No/lake"], ["lake: must be", "s3://BUCKET/PREFIX"]),
            ([*self.place(prefix), *by_file("nowhere")], ["s3-credentials-file: cannot read nowhere"]),
            (["--lake", f"s3://{server.BUCKET}/x", "--s3-endpoint", "127.0.0.1:9000"], ["s3-endpoint: must be https://HOST"]),
        ):
            said = refusal(data, *words)
            assert all(word in said for word in told), (words, said)
            assert secret not in said and "wrongsecretwrongsecret" not in said, said
        nowhere = ["--lake", f"s3://{server.BUCKET}/{prefix}", "--s3-endpoint", "http://127.0.0.1:9", *by_file(self.key_files["writer"])]
        said = refusal(data, *nowhere, code=CODE_OF_FAILURE)
        assert "s3-endpoint" in said, said
        self.tells_no_key(data.parent)

    def certificates(self):
        secured = tls.Secured(self.folder / "tls")
        data, prefix = self.new()
        with server.Moto(self.folder / "moto-tls", secured.folder / "broker.pem", secured.folder / "broker.key") as moto:
            client = moto.client("s3", scheme="https", verify=str(secured.authority))
            client.create_bucket(Bucket=server.BUCKET)
            words = ["--lake", f"s3://{server.BUCKET}/{prefix}", "--s3-endpoint", f"https://127.0.0.1:{moto.port}", "--s3-credentials-file",
                     str(self.key_files["writer"])]
            said = refusal(data, *words)
            assert "s3-ca-file" in said, said
            with Life(data, *self.replays.words("max"), *words, "--s3-ca-file", str(secured.authority), "--exit-at-end") as one:
                one.wait_for_end()
            found = client.list_objects_v2(Bucket=server.BUCKET, Prefix=f"{prefix}/bars/")["Contents"]
            assert any(each["Key"].endswith(".parquet") for each in found), found

    def one_log(self):
        data, prefix = self.published()
        other, _ = self.new()
        keys = ["--s3-credentials-file", str(self.key_files["writer"])]
        said = refusal(other, *self.place(prefix), *keys)
        assert "another data directory publishes into" in said and f"aws --endpoint-url {self.s3.endpoint} s3 rm s3://{server.BUCKET}/{prefix}/.owner" in said, said
        for words in ([], self.place(prefix + "-other")):
            said = refusal(data, *words, *keys)
            assert f"publishes into s3://{server.BUCKET}/{prefix}," in said, said


class Store:
    """S3, as lake_twins wants it. Its reader is boto3."""

    rounds = 8 if TIDEMARK_FULL else 2  # beside a reader moto takes ten seconds for each

    def __init__(self, stage):
        self.stage, self.s3 = stage, stage.s3
        self.client = self.s3.moto.client("s3", self.s3.keys["admin"])

    def words(self, path):
        return [*self.stage.place(path), "--s3-credentials-file", str(self.stage.key_files["writer"])]

    def environment(self, path=None):
        """The keys, which a data directory does not remember."""
        key, secret = self.s3.keys["writer"]
        lake = {"TIDEMARK_LAKE": self.place(path)} if path else {}
        return {**lake, "AWS_ENDPOINT_URL": self.s3.endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}

    def place(self, path):
        return f"s3://{server.BUCKET}/{path}"

    def download(self, path, into):
        return self.s3.download(path, into)

    def names(self, path):
        below = [key.removeprefix(path + "/") for key in self.s3.objects(path + "/")]
        return sorted({name.split("/")[0] for name in below if name and not name.endswith("/")})

    def read(self, path):
        """Its bytes; None if it has gone."""
        try:
            return self.client.get_object(Bucket=server.BUCKET, Key=path)["Body"].read()
        except self.client.exceptions.NoSuchKey:
            return None

    def write(self, path, content):
        self.client.put_object(Bucket=server.BUCKET, Key=path, Body=content)


def refusal(data, *words, code=CODE_OF_SETTINGS):
    """Without the keys of whoever starts the stage."""
    alone = {"PATH": os.environ["PATH"], "HOME": str(data.parent), "AWS_EC2_METADATA_DISABLED": "true"}
    return lake_stage.refusal(data, *words, environment=alone, code=code)


CASES = {
    "a run publishes into S3 what it would publish into a folder": Stage.undisturbed,
    "the keys may stand in .env, or where the AWS SDK looks for them": Stage.keys_elsewhere,
    "a run that is killed and started again publishes each row into S3 once": Stage.killed,
    "a run that is killed in an upload publishes each row once, whether the upload had its effect or not": Stage.killed_in_an_upload,
    "a server that goes away and comes back costs no row and doubles none": Stage.without_server,
    "a server that refuses, breaks off and forgets to answer costs no row and doubles none": Stage.failing_server,
    "wrong keys, missing rights and a missing bucket are told at the start, with the cure": Stage.refused,
    "TLS needs a certificate to believe, which s3-ca-file names": Stage.certificates,
    "one log publishes into one lake": Stage.one_log,
}


def main():
    global lake_twins, pyarrow
    lake_twins, pyarrow, *_ = lake_stage.needed("S3", server.why_not(), "lake_twins", "pyarrow", "pyarrow.dataset", "pyarrow.fs")
    listed = {"TIDEMARK_TEST_S3": f"s3://{server.BUCKET}/listed"}
    tests = google_tests.chosen(UNIT_TESTS, environment=listed)
    with tempfile.TemporaryDirectory(prefix="tidemark-s3-") as folder, server.Server(pathlib.Path(folder) / "moto") as s3:
        key, secret = s3.keys["writer"]
        named = {"TIDEMARK_TEST_S3": f"s3://{server.BUCKET}/unit-tests", "TIDEMARK_TEST_S3_ENDPOINT": s3.endpoint, "TIDEMARK_TEST_S3_KEY": key,
                 "TIDEMARK_TEST_S3_SECRET": secret}
        of_verbs = {name: check for name, check in lake_twins.cases("S3").items() if TIDEMARK_FULL or check not in lake_twins.LONG}
        lake_stage.tell(tests, named, lambda: Stage(pathlib.Path(folder), s3), CASES, of_verbs,
                        lambda stage: lake_twins.Twins(stage, Store(stage)))


main()
