"""Certificates and a user for brokers with authentication, made for each cluster.

    authority.pem      the authority of the brokers                client.pem, client.key     a client's own certificate
    broker.pem         the broker's key and certificate

The listener `tls` accepts clients with a certificate of this authority or without any; `sasl` uses TLS, too, and requires USER and PASSWORD
by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
"""

import pathlib
import subprocess

USER, PASSWORD = "tidemark", "a password for tests"
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Secured:
    def __init__(self, folder, names=("DNS:localhost", "IP:127.0.0.1")):
        """`names` are the host names of the brokers, which clients verify."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.authority, self.certificate, self.key = (self.folder / name for name in ("authority.pem", "client.pem", "client.key"))
        if not self.authority.exists():
            self.make(names)

    def make(self, names):
        openssl(self.folder, "req", "-x509", *CURVE, "-days", "3650", "-subj", "/CN=Tidemark's test authority",
                "-keyout", "authority.key", "-out", "authority.pem")
        self.sign("broker", f"subjectAltName={','.join(names)}")
        self.sign("client", "extendedKeyUsage=clientAuth")
        parts = [self.folder / name for name in ("broker.key", "broker.pem")]
        (self.folder / "broker.both").write_text("".join(part.read_text() for part in parts))

    def sign(self, who, extension):
        (self.folder / f"{who}.extension").write_text(extension + "\n")
        openssl(self.folder, "req", *CURVE, "-subj", f"/CN={who}", "-keyout", f"{who}.key", "-out", f"{who}.request")
        openssl(self.folder, "x509", "-req", "-in", f"{who}.request", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
                "-days", "3650", "-extfile", f"{who}.extension", "-out", f"{who}.pem")

    def settings(self):
        module = "org.apache.kafka.common.security"
        return {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self.folder / "broker.both",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.authority,
            "listener.name.tls.ssl.client.auth": "requested",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            "listener.name.sasl.plain.sasl.jaas.config": f'{module}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
            "listener.name.sasl.scram-sha-256.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
            "listener.name.sasl.scram-sha-512.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
        }

    def add_user(self, bootstrap):
        """Creates the users of SCRAM, which are stored in the cluster; PLAIN's are in the settings above."""
        from confluent_kafka import admin

        client = admin.AdminClient({"bootstrap.servers": bootstrap})
        for kind in (admin.ScramMechanism.SCRAM_SHA_256, admin.ScramMechanism.SCRAM_SHA_512):  # a broker accepts one mechanism of a user at a time
            wanted = admin.UserScramCredentialUpsertion(USER, admin.ScramCredentialInfo(kind, 4096), PASSWORD.encode())
            for answer in client.alter_user_scram_credentials([wanted]).values():
                answer.result(60)

    def client(self, mechanism=None, certificate=None):
        """librdkafka's settings for a client of the listener `sasl` (with a mechanism) or `tls`."""
        told = {"security.protocol": "SASL_SSL" if mechanism else "SSL", "ssl.ca.location": str(self.authority)}
        if mechanism:
            told |= {"sasl.mechanism": mechanism, "sasl.username": USER, "sasl.password": PASSWORD}
        if certificate:
            told |= {"ssl.certificate.location": str(self.certificate), "ssl.key.location": str(self.key)}
        return told


def openssl(folder, *words):
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"openssl {' '.join(words)}: {done.stderr}"
