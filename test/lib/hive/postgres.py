"""A PostgreSQL on loopback, with a folder and a port of its own: the store of a metastore.

    with Postgres(folder) as postgres:
        postgres.make_database("metastore"); postgres.run("metastore", file)
        postgres.kill()             as kill -9 of all its processes; .start() brings it back

The user is `hive`, its password `hive`. PostgreSQL refuses to run as root: then it runs as the system's user `postgres`.
"""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "java_node"))

import ports  # noqa: E402
from java_node import PATIENCE, wait_until  # noqa: E402

USER = PASSWORD = "hive"
# It lives as long as a test, and no longer: what a power cut would take is not waited for.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs():
    """The folder of initdb and pg_ctl, of the newest release; or None. Debian and Ubuntu keep them off the path."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    program = found[-1] if found else shutil.which("initdb")
    return pathlib.Path(program).resolve().parent if program else None


def why_not():
    """Why no PostgreSQL can be started here, or None."""
    if not programs():
        return "there is no PostgreSQL (initdb)"
    if os.getuid() == 0 and not has_user():
        return "PostgreSQL refuses to run as root, and there is no user postgres"
    return None


def has_user():
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam("postgres"))
    return False


class Postgres:
    def __init__(self, folder, port=None):
        self.folder = pathlib.Path(folder)
        self.port = port or ports.free(1)[0]
        self.keeper = None  # ends it when the test has died (keeper.py of test/lib/java_node)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        if not (self.folder / "PG_VERSION").exists():
            self.make()
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "max_connections": 300, **HASTY}
        words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        try:
            self.call("pg_ctl", "-D", self.folder, "-w", "-t", PATIENCE, "-l", self.folder / "said", "-o", words, "start")
        except subprocess.CalledProcessError as failure:
            said = self.folder / "said"
            raise AssertionError(f"PostgreSQL does not start:\n{failure.stdout}\n{said.read_text() if said.exists() else ''}") from failure
        if self.keeper:
            self.keeper.watch(self.pid())

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as place:
            if os.getuid() == 0:
                shutil.chown(self.folder, "postgres", "postgres")
                shutil.chown(place, "postgres")
            secret = pathlib.Path(place, "password")
            secret.write_text(PASSWORD)
            secret.chmod(0o644)
            self.call("initdb", "-D", self.folder, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync")

    def call(self, program, *words):
        """One of PostgreSQL's own programs. Its user has to reach the folder."""
        leave = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
        told = subprocess.run([*leave, str(programs() / program), *map(str, words)], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=2 * PATIENCE)
        if told.returncode != 0:
            raise subprocess.CalledProcessError(told.returncode, program, told.stdout)

    def ask(self, database, *words, cwd="/"):
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        told = subprocess.run([str(programs() / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database, "-X", "-q", "-t", "-A",
                               "-v", "ON_ERROR_STOP=1", *map(str, words)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=cwd,
                              timeout=PATIENCE)
        assert told.returncode == 0, f"psql {words}:\n{told.stderr[-4000:]}"
        return told.stdout.strip()

    def make_database(self, name):
        """True if it was not there."""
        if self.ask("postgres", "-c", f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1":
            return False
        self.ask("postgres", "-c", f"CREATE DATABASE {name}")
        return True

    def run(self, database, script):
        """As one transaction. A script may name others of its folder."""
        self.ask(database, "-1", "-f", script.name, cwd=script.parent)

    def pid(self):
        """Of its first process; or None."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.folder / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
            return pid
        return None

    def kill(self):
        """SIGKILL to the first process, and to those that it has started."""
        if pid := self.pid():
            os.kill(pid, signal.SIGSTOP)  # it starts no further one
            for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists(), "PostgreSQL has ended")
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        if self.pid():
            self.call("pg_ctl", "-D", self.folder, "-m", "fast", "-w", "stop")
