"""Publishes into a real HDFS that wants Kerberos, with tickets of a real KDC: from a keytab, from kinit, by a delegation token, and without."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life"), str(TEST / "lib/kerberos")]

import kdc  # noqa: E402
import lake_stage  # noqa: E402
import secured_hdfs  # noqa: E402
from lake_stage import CODE_OF_FAILURE, CODE_OF_SETTINGS, why_unready  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402
from secured_hdfs import USER  # noqa: E402

TOKEN_VARIABLE = "TIDEMARK_HDFS_DELEGATION_TOKEN"
SHORT = 6  # seconds of a ticket that ends in the middle of a run, which takes about 20


class Stage(lake_stage.LakeStage):
    def __init__(self, folder, center, hdfs):
        super().__init__(folder, "/lake")
        self.kdc, self.hdfs = center, hdfs

    def words(self, path, speed="2000"):
        return [*self.replays.words(speed), "--lake", self.hdfs.url(path), "--hdfs-kerberos", "--retry-delay", "1s", "--exit-at-end"]

    def compare(self, data, path):
        self.compare_with(data, lambda into: self.hdfs.download(path, into))

    def asked_for_tickets(self):
        return sum("AS_REQ" in line and f" {USER}@{kdc.REALM} for krbtgt/" in line and "ISSUE" in line for line in self.kdc.log())

    def keytab(self):
        """Its tickets live for 20 s, no longer than the run: the library gets further ones by itself."""
        data, path = self.new()
        environment = self.kdc.environment(USER, data.parent / "tickets", ticket_lifetime="20s")
        before = self.asked_for_tickets()
        with Life(data, *self.words(path), environment=environment) as one:
            one.wait_for_end()
        assert self.asked_for_tickets() > before + 1
        self.compare(data, path)
        assert self.hdfs.call("GET", path, "GETFILESTATUS")["FileStatus"]["owner"] == USER
        told = subprocess.run([TIDEMARK, "query", "--format", "json", "--data", str(data), "SELECT count(*) AS n FROM stock_trends"], cwd=data.parent,
                              env=os.environ | environment | {"TIDEMARK_HDFS_KERBEROS": "true"}, capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == 0 and json.loads(told.stdout.splitlines()[0])["n"] > 0, told

    def kinit(self):
        """The ticket ends in the middle of the run. It says so, and goes on after the next kinit."""
        data, path = self.new()
        cache = data.parent / "tickets"
        self.kdc.ticket(USER, cache, f"{SHORT}s")
        with Life(data, *self.words(path), environment=self.kdc.environment(cache=cache)) as one:
            told = one.wait_until(lambda: "Kerberos" in (why_unready(one) or "") and why_unready(one), "/readyz tells of the ticket")
            assert "Ticket expired; run kinit" in told and "KRB5_CLIENT_KTNAME" in told, told
            one.wait_until(lambda: "Ticket expired" in one.journal(), "the journal tells, too")
            self.kdc.ticket(USER, cache)
            one.wait_for_end()
        self.compare(data, path)

    def token(self):
        """Of a NameNode, for a process without a ticket. The NameNode takes it back."""
        token = self.hdfs.call("GET", "/", "GETDELEGATIONTOKEN")["Token"]["urlString"]
        data, path = self.new()
        environment = self.kdc.environment() | {TOKEN_VARIABLE: token}
        words = [word for word in self.words(path, "max") if word != "--hdfs-kerberos"]
        with Life(data, *words, environment=environment) as one:
            said = one.wait_for_end()
        assert token not in said
        self.compare(data, path)
        self.hdfs.call("PUT", "/", "CANCELDELEGATIONTOKEN", token=token)
        said = self.refusal(path, environment, code=CODE_OF_FAILURE)
        assert "fetch a new one" in said and TOKEN_VARIABLE in said and token not in said, said

    def refusal(self, path, environment, *more, code, before=()):
        """`path` is one of HDFS, or the address of a lake."""
        data, _ = self.new()
        place = path if path.startswith("webhdfs:") else self.hdfs.url(path)
        told = subprocess.run([*before, TIDEMARK, "run", "--port", "0", "--data", str(data), "--lake", place, *more], cwd=data.parent,
                              env=os.environ | environment, capture_output=True, text=True, timeout=PATIENCE)
        assert told.returncode == code, told
        return told.stderr

    def refused(self):
        cache = self.folder / "tickets-to-refuse"
        missing = self.kdc.environment(cache=self.folder / "no-tickets")
        self.kdc.ticket(USER, cache)
        right = self.kdc.environment(cache=cache)
        said = self.refusal("/lake/none", missing, code=CODE_OF_FAILURE)
        assert "set hdfs-kerberos and run kinit" in said, said
        said = self.refusal("/lake/none", missing, "--hdfs-kerberos", code=CODE_OF_FAILURE)
        assert "there is no ticket: run kinit" in said, said
        said = self.refusal("/forbidden/lake", right, "--hdfs-kerberos", code=CODE_OF_SETTINGS)
        assert f"hdfs dfs -chown {USER} /forbidden/lake" in said and "ticket" in said, said
        said = self.refusal(f"webhdfs://127.0.0.1:{self.hdfs.http}/lake/none", right, "--hdfs-kerberos", code=CODE_OF_FAILURE)
        assert "host names" in said, said
        away = self.kdc.environment(USER, self.folder / "no-tickets", kdc="127.0.0.1:1")
        said = self.refusal("/lake/none", away, "--hdfs-kerberos", code=CODE_OF_FAILURE)
        assert "/etc/krb5.conf" in said, said

    def wrong_clock(self):
        if not shutil.which("faketime"):
            return "there is no faketime"
        cache = self.folder / "tickets-for-a-wrong-clock"
        self.kdc.ticket(USER, cache)
        said = self.refusal("/lake/none", self.kdc.environment(cache=cache), "--hdfs-kerberos", code=CODE_OF_FAILURE, before=["faketime", "-f", "+20m"])
        assert "Clock skew too great" in said and "NTP" in said, said
        return None


CASES = {
    "a run with a keytab publishes with one ticket after another": Stage.keytab,
    "a ticket that ends in mid-run is told, and the next kinit costs no row and doubles none": Stage.kinit,
    "a delegation token of a NameNode serves without a ticket, and one that was cancelled is told": Stage.token,
    "whoever comes without a ticket, without rights, by a number or without a KDC is told the cure": Stage.refused,
    "a clock that is wrong is told with the cure": Stage.wrong_clock,
}


def main():
    why = kdc.why_not() or secured_hdfs.cluster.why_not() if os.environ.get("TIDEMARK_FULL") else "only in the long form (--full)"
    lake_stage.needed("an HDFS with Kerberos", why, "pyarrow.parquet")
    with tempfile.TemporaryDirectory(prefix="tidemark-kerberos-") as name, kdc.Kdc(pathlib.Path(name, "kdc")) as center:
        folder = pathlib.Path(name)
        with secured_hdfs.SecuredCluster(folder / "hdfs", center) as hdfs:
            lake_stage.tell([], {}, lambda: Stage(folder, center, hdfs), CASES, {}, lambda stage: None,
                            when_failed=lambda: print(hdfs.namenode.last_words(), hdfs.datanodes[0].last_words()))


main()
