"""Backs up `tidemark run` under load, restores, lets the feed finish, and compares with an undisturbed run.

    BACKUP_SEED   the seed, 1 by default (moments depend on the machine, too)
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[3]
sys.path[:0] = [str(ROOT / "test/lib/life"), str(ROOT / "test/lib")]

import harness  # noqa: E402
from life import PATIENCE, TIDEMARK, Life  # noqa: E402

try:
    import pyarrow.parquet
except ImportError:
    pyarrow = None
else:
    import evidence
    import market

SEED = int(os.environ.get("BACKUP_SEED") or 1)
BACKUPS = 24 if os.environ.get("TIDEMARK_FULL") else 6


def tidemark(*words, code=0, cwd=None, **options):
    said = subprocess.run([TIDEMARK, *map(str, words)], capture_output=True, text=True, errors="replace", timeout=PATIENCE, cwd=cwd, **options)
    assert said.returncode == code, f"{words}: ended with {said.returncode}, not {code}:\n{said.stdout}{said.stderr}"
    return said.stdout + said.stderr


def read_lake(data):
    """(table, day) → its rows. Their files and order depend on compaction."""
    days = {}
    for path in (data / "lake").rglob("*.parquet"):
        days.setdefault((path.parts[-3], path.parts[-2]), []).extend(pyarrow.parquet.read_table(path, partitioning=None).to_pylist())
    return {day: sorted(rows, key=repr) for day, rows in sorted(days.items())}


class Replay:
    """A hostile market in a file, and the results of an undisturbed run on it."""

    def __init__(self, folder, chance):
        self.folder, self.chance = folder, chance
        self.file = folder / "market.jsonl"
        self.file.write_bytes(b"\n".join(market.hostile_market(TIDEMARK, 40, 700, SEED)) + b"\n")
        self.backups = []

    def words(self, speed):
        return ["--feed", "replay", str(self.file), "--speed", speed, "--store-every", "1s"]

    def place(self, name):
        path = self.folder / name / "data"
        path.parent.mkdir()
        return path

    def finish(self, data):
        with Life(data, *self.words("max"), "--exit-at-end") as one:
            one.wait_for_end()
        return evidence.read_log(data), read_lake(data)

    def compare(self, log, lake):
        evidence.same_log(log, self.log)
        assert lake.keys() == self.lake.keys(), (lake.keys(), self.lake.keys())
        for day, rows in self.lake.items():
            assert lake[day] == rows, f"{day}: {evidence.first_difference(lake[day], rows)}"

    def undisturbed(self):
        """a run that nobody disturbs comes to its end"""
        self.log, self.lake = self.finish(self.place("undisturbed"))
        rows = {table: sum(len(rows) for (name, _), rows in self.lake.items() if name == table) for table in ("stock_trends", "bars")}
        assert rows == {"stock_trends": len(self.log["alpaca_trend_results"]), "bars": len(self.log["tidemark_bars"])}, rows

    def under_load(self):
        """backups are made while a run works, and do not disturb it"""
        data = self.place("busy")
        read = 0
        with Life(data, *self.words("1500")) as one:
            for number in range(BACKUPS):
                time.sleep(self.chance.uniform(0.2, 1.2))
                read = one.wait_until(lambda before=read: max(0, one.status()["account"]["read"] - before), "it has read more") + read
                folder = self.folder / f"backup-{number}"
                print("#", tidemark("backup", "--data", data, *(["--copy"] if number % 2 else []), folder).strip())
                self.backups.append(folder)
                assert not one.has_ended(), one.journal()
            behind = [evidence.ask(folder, "SELECT max(offset) FROM alpaca_trends")[0][0][0] for folder in self.backups]
            assert behind == sorted(set(behind)), f"each later backup knows more: {behind}"
            assert behind[-1] < len(self.log["alpaca_trends"]) - 1, "the last one came after the end: a slower replay is needed"
            one.end()
        self.compare(*self.finish(data))

    def goes_on(self):
        """what is restored goes on where the backup was made: in the end log and lake are those of the undisturbed run"""
        assert self.backups, "there is no backup"
        for number, folder in enumerate(self.backups):
            data = self.place(f"restored-{number}")
            tidemark("restore", folder, "--data", data)
            self.compare(*self.finish(data))

    def whole(self):
        """a backup has exactly the files of its MANIFEST, and none that the copied log will publish again"""
        for folder in self.backups:
            listed = re.findall(r"^(\S+) \d+ [0-9a-f]{8}$", (folder / "MANIFEST").read_text(), re.MULTILINE)
            there = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
            assert there == sorted(["MANIFEST", *listed]), (there, listed)
            positions = dict(evidence.ask(folder, "SELECT topic, position FROM positions WHERE reader = 'store'")[0])
            for table, topic in (("bars", b"tidemark_bars"), ("stock_trends", b"alpaca_trend_results")):
                ends = [end for _, end in evidence.ranges_of(folder / "lake" / table)]
                assert max(ends, default=0) == positions.get(topic, 0), (table, ends, positions)

    def damage(self):
        """a backup that lacks anything, or has one wrong byte, is refused by restore, which then leaves nothing"""
        good = self.backups[-1]

        def flip(path):
            data = bytearray(path.read_bytes())
            data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
            path.unlink()  # it may be a link to the running lake's file
            path.write_bytes(data)

        def parquet(folder):
            return self.chance.choice(sorted((folder / "lake").rglob("*.parquet")))

        damages = {
            "no whole backup": lambda folder: (folder / "MANIFEST").unlink(),
            "damaged: it has": lambda folder: flip(folder / "log.db"),
            "is damaged": lambda folder: flip(parquet(folder)),
            "cannot read": lambda folder: parquet(folder).unlink(),
            "MANIFEST": lambda folder: flip(folder / "MANIFEST"),
            "damaged: it has 0": lambda folder: os.truncate(folder / "log.db", 0),
        }
        for number, (sentence, harm) in enumerate(damages.items()):
            folder = self.folder / f"damaged-{number}"
            shutil.copytree(good, folder)
            harm(folder)
            data = self.place(f"refused-{number}")
            said = tidemark("restore", folder, "--data", data, code=1)
            assert sentence in said, said
            assert sentence in tidemark("restore", "--check", folder, code=1)
            assert list(data.parent.iterdir()) == [], list(data.parent.iterdir())
        tidemark("restore", "--check", good)

    def refusals(self):
        """nothing is written over, and a folder in the data directory is no place for its backup"""
        data = self.folder / "busy/data"
        before = sorted(data.rglob("*"))
        for words, sentence in (
            (["restore", self.backups[0], "--data", data], "is not empty"),
            (["backup", "--data", data, self.backups[0]], "holds a backup already"),
            (["backup", "--data", data, data.parent], "holds no whole backup"),
            (["backup", "--data", data, data / "backup"], "lies in the data directory"),
            (["backup", "--data", self.folder / "nowhere", self.folder / "new"], "neither a log nor a lake"),
            (["backup", "--data", data], "folder of the backup is missing"),
        ):
            said = tidemark(*words, code=2, cwd=self.folder)
            assert sentence in said, said
        assert sorted(data.rglob("*")) == before and not (self.folder / "new").exists()

    def one_at_a_time(self):
        """a backup waits while somebody restates a day, and an interrupted one leaves nothing"""
        data, folder = self.folder / "busy/data", self.folder / "waits"
        with open(data / "lake/.restating", "a+") as lock:
            subprocess.run(["flock", "--nonblock", str(lock.fileno())], pass_fds=[lock.fileno()], check=True)
            waiting = subprocess.Popen([TIDEMARK, "backup", "--data", str(data), str(folder)], stderr=subprocess.PIPE, text=True)
            said = waiting.stderr.readline()
            assert "waiting" in said and ".restating" in said, said
            waiting.send_signal(signal.SIGINT)
            assert waiting.wait(PATIENCE) == 130, waiting.returncode
            assert not folder.exists(), "something was left"
            waiting = subprocess.Popen([TIDEMARK, "backup", "--data", str(data), str(folder)], stderr=subprocess.PIPE, text=True)
            assert "waiting" in waiting.stderr.readline()
        assert waiting.wait(PATIENCE) == 0
        tidemark("restore", "--check", folder)


def main(folder):
    replay = Replay(folder, harness.chance(SEED))
    looks = (replay.whole, replay.goes_on, replay.damage, replay.refusals, replay.one_at_a_time)
    look_at_backups = harness.any_chosen(check.__doc__ for check in looks)
    compare = look_at_backups or harness.is_chosen(replay.under_load.__doc__)
    harness.tell(replay.undisturbed.__doc__, replay.undisturbed, always=compare)
    harness.tell(replay.under_load.__doc__, replay.under_load, always=look_at_backups)
    for check in looks:
        harness.tell(check.__doc__, check)


if __name__ == "__main__":
    harness.in_folder("backup", main, reader=pyarrow, seeds=f"BACKUP_SEED={SEED}")
    harness.end()
