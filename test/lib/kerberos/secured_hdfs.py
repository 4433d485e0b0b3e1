"""A real HDFS that wants Kerberos: the cluster of test/lib/hdfs with principals of a KDC.

    with Kdc(folder / "kdc") as kdc, SecuredCluster(folder / "hdfs", kdc) as hdfs: …

It asks for itself with curl and a ticket of the superuser, not with the program under test. DataNodes of a secured HDFS want ports
below 1024, or TLS with SASL; Hadoop's `ignore.secure.ports.for.testing` does without. How a DataNode shows who it is to others is not tried.
"""

import os
import pathlib
import subprocess
import sys
import urllib.error

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "hdfs"))

import cluster  # noqa: E402
from cluster import SUPERUSER, USER  # noqa: E402
from kdc import REALM  # noqa: E402

SERVICE, WEB = f"{SUPERUSER}/localhost", "HTTP/localhost"
COOKIE_SECONDS = 3  # after which a client has to show a ticket again


class SecuredCluster(cluster.Cluster):
    host = "localhost"

    def __init__(self, folder, kdc):
        self.kdc = kdc
        for principal in (SERVICE, WEB, SUPERUSER, USER):
            kdc.add(principal)
        self.options = [f"-Djava.security.krb5.conf={kdc.configuration}", "-Djava.net.preferIPv4Stack=true"]
        super().__init__(folder)

    def core_settings(self):
        secret = self.kdc.folder / "cookie-secret"
        secret.write_text("not a secret")
        web = {"type": "kerberos", "kerberos.principal": f"{WEB}@{REALM}", "kerberos.keytab": self.kdc.keytab(WEB), "signature.secret.file": secret,
               "token.validity": COOKIE_SECONDS}
        return {"hadoop.security.authentication": "kerberos", **{f"hadoop.http.authentication.{name}": value for name, value in web.items()}}

    def hdfs_settings(self):
        service, web = {"kerberos.principal": f"{SERVICE}@{REALM}", "keytab.file": self.kdc.keytab(SERVICE)}, f"{WEB}@{REALM}"
        return {**{f"dfs.{node}.{name}": value for node in ("namenode", "datanode") for name, value in service.items()},
                "dfs.web.authentication.kerberos.principal": web, "dfs.web.authentication.kerberos.keytab": self.kdc.keytab(WEB),
                "dfs.block.access.token.enable": "true", "ignore.secure.ports.for.testing": "true"}

    def fetch(self, method, target, user=USER):
        command = ["curl", "--silent", "--show-error", "--location", "--negotiate", "--user", ":", "--noproxy", "*", "--max-time", "60", "--request", method,
                   "--write-out", "%{stderr}%{http_code}", f"http://{self.host}:{self.http}{target}"]
        told = subprocess.run(command, env=os.environ | self.kdc.environment(user), capture_output=True)
        status = told.stderr.decode(errors="replace")[-3:]
        if told.returncode != 0:
            raise OSError(told.stderr.decode(errors="replace"))
        if not status.startswith("2"):
            raise urllib.error.HTTPError(target, int(status), told.stdout.decode(errors="replace"), None, None)
        return told.stdout
