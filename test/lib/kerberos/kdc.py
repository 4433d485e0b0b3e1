"""A real KDC of MIT Kerberos on loopback: an ordinary process with a realm, a database and principals of its own.

    with Kdc(folder) as kdc:
        kdc.add("tidemark")              its keys are in kdc.keytab("tidemark")
        kdc.environment("tidemark")      for a process that gets its tickets from that keytab by itself
        kdc.log()                        what it was asked, a line each

No system service takes part, and no file outside the folder is read or written.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "java_node"))

import keeper  # noqa: E402
import ports  # noqa: E402
from java_node import wait_until  # noqa: E402

REALM = "TIDEMARK.TEST"
SYSTEM = "/usr/sbin:/sbin"  # where Debian has its programs, whatever the user's PATH is
PATH = f"{os.environ['PATH']}:{SYSTEM}"
PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")


def why_not():
    """Why no KDC can be started here, or None."""
    missing = [program for program in PROGRAMS if not shutil.which(program, path=PATH)]
    return f"there is no {missing[0]} (apt install krb5-kdc krb5-admin-server krb5-user)" if missing else None


class Kdc:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.port,) = ports.free(1)
        self.configuration, self.process, self.keeper = self.folder / "krb5.conf", None, None
        self.configuration.write_text(f"""[libdefaults]
default_realm = {REALM}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{REALM} = {{
  kdc = 127.0.0.1:{self.port}
}}
[domain_realm]
localhost = {REALM}
""")
        (self.folder / "kdc.conf").write_text(f"""[kdcdefaults]
kdc_listen = 127.0.0.1:{self.port}
kdc_tcp_listen = 127.0.0.1:{self.port}
[realms]
{REALM} = {{
  database_name = {self.folder}/principals
  key_stash_file = {self.folder}/stash
  acl_file = {self.folder}/acl
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
}}
[logging]
kdc = FILE:{self.folder}/kdc.log
""")

    def __enter__(self):
        self.run("kdb5_util", "create", "-s", "-r", REALM, "-P", "not a secret")
        self.keeper = keeper.Keeper()
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self.keeper.done()

    def start(self):
        with open(self.folder / "said", "ab") as said:
            self.process = subprocess.Popen([shutil.which("krb5kdc", path=PATH), "-n"], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            env=self.own_environment(), start_new_session=True)
        self.keeper.watch(self.process.pid)
        wait_until(lambda: self.process.poll() is not None or self.listens(), "the KDC is ready", self.said)
        assert self.process.poll() is None, f"the KDC has ended:\n{self.said()}"

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self):
        return (self.folder / "said").read_text(errors="replace")

    def log(self):
        return (self.folder / "kdc.log").read_text(errors="replace").splitlines()

    def own_environment(self):
        return {**os.environ, "PATH": PATH, "KRB5_CONFIG": str(self.configuration), "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf")}

    def run(self, *command, **more):
        ended = subprocess.run([shutil.which(command[0], path=PATH), *command[1:]], env=self.own_environment(), capture_output=True, text=True, **more)
        assert ended.returncode == 0, f"{command[0]}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def add(self, principal):
        """A principal with random keys."""
        self.run("kadmin.local", "-r", REALM, input=f"addprinc -randkey {principal}\nktadd -k {self.keytab(principal)} {principal}\n")
        assert self.keytab(principal).exists(), f"the KDC has made no keys for {principal}"

    def keytab(self, principal):
        return self.folder / f"{principal.replace('/', '-')}.keytab"

    def environment(self, principal=None, cache=None, **configuration):
        """What a process has to find: the tickets in the file `cache`, and the principal's keytab, from which MIT's library gets them by itself; without
        a principal there is no keytab. `configuration` is put in place of lines of krb5.conf: ticket_lifetime="20s"."""
        keytab = self.keytab(principal) if principal else self.folder / "no-keytab"
        return {"KRB5_CONFIG": str(self.changed(**configuration)), "KRB5_CLIENT_KTNAME": f"FILE:{keytab}",
                "KRB5CCNAME": f"FILE:{cache or self.folder / f'tickets-of-{principal}'}"}

    def changed(self, **configuration):
        if not configuration:
            return self.configuration
        file = self.folder / ("-".join(map(str, configuration.values())).replace("/", "-") + ".conf")
        kept = [line for line in self.configuration.read_text().splitlines() if line.split(" = ")[0].strip() not in configuration]
        place = {"kdc": f"{REALM} = {{"}  # the line before; the others are defaults of the library
        for name, value in configuration.items():
            kept.insert(kept.index(place.get(name, "[libdefaults]")) + 1, f"{name} = {value}")
        file.write_text("\n".join(kept) + "\n")
        return file

    def ticket(self, principal, cache, life="1h"):
        """Puts a ticket into the file, as somebody does who types kinit."""
        self.run("kinit", "-l", life, "-k", "-t", str(self.keytab(principal)), "-c", f"FILE:{cache}", principal)
