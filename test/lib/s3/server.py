"""A real server of S3 on loopback (moto), with users and rights, behind a proxy that can fail.

    with Server(folder) as s3:
        s3.endpoint                     http://127.0.0.1:PORT, of the proxy
        s3.keys["writer"]               (id, secret): may do in the bucket what a lake needs
        s3.keys["reader"]               may only read
        s3.proxy.fault, .stop(), .start()
        s3.download("lake/1", folder)   as a client that is not ours gets it

moto keeps objects in memory, so it is never killed: a proxy that stops is the same for its clients, and what was stored stays.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
APART = ROOT / ".deps/apart/moto"
sys.path.extend([str(HERE), str(HERE.parent / "java_node"), str(APART)])

import ports  # noqa: E402
from failing_proxy import FailingProxy  # noqa: E402

BUCKET, REGION = "tidemark-lake", "us-east-1"
PATIENCE = 120  # seconds until a server that does not come up is given up; three are usual
RIGHTS = {
    # For a request that removes several objects, moto looks for the right in the bucket; Amazon, in each object.
    "writer": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:DeleteObject"], "Resource": f"arn:aws:s3:::{BUCKET}"},
               {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
                "Resource": f"arn:aws:s3:::{BUCKET}/*"}],
    "reader": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}],
    "admin": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def why_not():
    """Why no server of S3 can be started here, or None."""
    return None if (APART / "moto").is_dir() else f"moto is not in {APART.relative_to(ROOT)}: ./dev test s3 fetches it"


class Moto:
    """The server by itself. With a certificate it speaks TLS."""

    def __init__(self, folder, certificate=None, key=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, = ports.free(1)
        self.words = ["-c", str(certificate), "-k", str(key)] if certificate else []
        self.process = None

    def __enter__(self):
        environment = {**os.environ, "PYTHONPATH": str(APART), "HOME": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        with open(self.folder / "said", "wb") as said:
            self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port), *self.words],
                                            stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment)
        deadline = time.monotonic() + PATIENCE
        while "Running on" not in self.said():
            assert self.process.poll() is None and time.monotonic() < deadline, f"moto did not start:\n{self.said()}"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def said(self):
        return (self.folder / "said").read_text(errors="replace")

    def client(self, what, keys=("root", "root"), scheme="http", **more):
        import boto3

        return boto3.client(what, endpoint_url=f"{scheme}://127.0.0.1:{self.port}", aws_access_key_id=keys[0], aws_secret_access_key=keys[1],
                            region_name=REGION, **more)


class Server:
    def __init__(self, folder):
        self.moto = Moto(folder)
        port, = ports.free(1)
        self.proxy = FailingProxy(port, ("127.0.0.1", self.moto.port))
        self.endpoint = f"http://127.0.0.1:{port}"
        self.keys = {}

    def __enter__(self):
        self.moto.__enter__()
        try:
            self.moto.client("s3").create_bucket(Bucket=BUCKET)
            for user, rights in RIGHTS.items():
                self.add_user(user, rights)
            self.check_rights_from_here()
            self.proxy.start()
        except BaseException:
            self.moto.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.proxy.stop()
        self.moto.__exit__()

    def add_user(self, user, rights):
        iam = self.moto.client("iam")
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="lake", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": rights}))
        key = iam.create_access_key(UserName=user)["AccessKey"]
        self.keys[user] = (key["AccessKeyId"], key["SecretAccessKey"])

    def check_rights_from_here(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self.moto.port}/moto-api/reset-auth", data=b"0", method="POST",
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=60).close()

    def objects(self, prefix):
        """Key → size, of what is there."""
        pages = self.moto.client("s3", self.keys["admin"]).get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return {found["Key"]: found["Size"] for page in pages for found in page.get("Contents", [])}

    def download(self, prefix, into):
        """Copies what is below a prefix, by boto3. An object that stands for a folder is empty, and no file."""
        s3 = self.moto.client("s3", self.keys["admin"])
        for key, size in self.objects(prefix + "/").items():
            if key.endswith("/"):
                assert size == 0, key
                continue
            path = into / key.removeprefix(prefix + "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(BUCKET, key, str(path))
        return into
