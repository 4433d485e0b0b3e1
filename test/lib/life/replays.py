"""A hostile market in a file, the results of an undisturbed run on it, and the state after processes were killed.

    CRASH_SEED    the seed, 1 by default: the same result for a commit, except for moments that depend on the machine
"""

import datetime
import os
import pathlib
import shutil
import sqlite3
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[3] / "contract/reference")]

import evidence  # noqa: E402
import life  # noqa: E402
import market  # noqa: E402
import tidemark_reference as reference  # noqa: E402
from life import TIDEMARK, Life, Moments, MomentsOfCompaction  # noqa: E402
from story import Story  # noqa: E402

SEED = int(os.environ.get("CRASH_SEED") or 1)


def arrivals_of(log):
    """The input in the log: (kind, record, time of a heartbeat)."""
    return [(kind, value, when) for _, kind, _, value, when, _ in log["alpaca_trends"]]


class Reference:
    """The rows that the log must hold, by the contract's reference over its input."""

    def __init__(self, arrivals):
        partition = reference.Partition(300, 60, 120, False)
        for offset, (kind, record, when) in enumerate(arrivals):
            if kind == b"heartbeat":
                partition.take(heartbeat(when), "alpaca_trends", offset)
            elif kind == b"end":
                partition.finish()
            else:
                partition.take(record, "alpaca_trends", offset)
        self.stats = partition.stats
        self.trends = [trend.rstrip("\n").encode() for trend in partition.trends]
        self.late = [late[:-1] for late in partition.late]
        self.rejects = [reject.rstrip("\n").encode() for reject in partition.rejects]

    def agrees_with(self, log):
        for topic, right in (("alpaca_trend_results", self.trends), ("alpaca_late_bars", self.late),
                             ("alpaca_dead_letters", self.rejects)):
            found = [row[3] for row in log[topic]]
            assert found == right, f"{topic}: {evidence.first_difference(found, right)}"
        kept = self.stats["accepted"] + self.stats["corrected"] + self.stats["late"]
        assert len(log["tidemark_bars"]) == kept, (len(log["tidemark_bars"]), self.stats)


def heartbeat(nanos):
    seconds, fraction = divmod(nanos, 1_000_000_000)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return f'{{"heartbeat":"{moment:%Y-%m-%dT%H:%M:%S}.{fraction:09}Z"}}'.encode()


def account_of(status):
    account = status["account"]
    parts = sum(count for name, count in account.items() if name != "read")
    assert account["read"] == parts, f"the account does not add up: {account}"
    return account


class Replays:
    """The hostile market in a file, and the results of an undisturbed run on it."""

    def __init__(self, folder, chance, symbols=40):
        self.folder = folder
        self.chance = chance
        self.file = folder / "market.jsonl"
        self.file.write_bytes(b"\n".join(market.hostile_market(TIDEMARK, symbols, 700, SEED)) + b"\n")
        self.log, self.lake = None, None

    def live_undisturbed(self):
        data = self.folder / "undisturbed" / "data"
        data.parent.mkdir()
        with Life(data, *self.words("max"), "--exit-at-end") as one:
            one.wait_for_end()
        self.log = evidence.read_log(data)
        self.lake = evidence.read_lake(data, self.log)

    def undisturbed(self):
        """a run that nobody disturbs gives what the contract's reference computes"""
        self.live_undisturbed()
        records = [record for _, record in reference.lines_of(self.file.read_bytes())]
        came = [row[3] for row in self.log["alpaca_trends"][:-1]]
        right = [record[:len(value)] if len(record) > 65_536 else record for record, value in zip(records, came)]
        assert len(came) == len(records) and came == right, evidence.first_difference(came, right)
        self.right = Reference([(b"data", record, None) for record in records] + [(b"end", None, None)])
        self.right.agrees_with(self.log)
        assert self.right.stats["late"] and self.right.stats["corrected"] and self.right.stats["duplicate"]

    def words(self, speed):
        return ["--feed", "replay", str(self.file), "--speed", speed, "--store-every", "1s"]

    def compare(self, data):
        log = evidence.read_log(data)
        evidence.same_log(log, self.log)
        evidence.same_lake(evidence.read_lake(data, log), self.lake)

    def planted(self):
        """a lost file, a doubled one, a leftover and a lost row of the log would be seen"""
        assert self.log, "there is nothing to plant in"

        def a_file(data):
            return sorted((data / "lake/stock_trends").rglob("*.parquet"))[-1]

        def double(data):
            path = a_file(data)
            begin, end = path.stem.split("-")[1:]
            shutil.copy(path, path.with_name(f"trends-{end}-{2 * int(end) - int(begin):012}.parquet"))

        def forget_row(data):
            with sqlite3.connect(data / "log.db") as log:
                log.execute("DELETE FROM tidemark_bars_rows WHERE offset = (SELECT max(offset) FROM tidemark_bars_rows WHERE offset <= 100)")

        for damage in (lambda data: a_file(data).unlink(), double, forget_row,
                       lambda data: a_file(data).with_name(".trends.parquet.writing").touch()):
            data = self.folder / "planted"
            shutil.copytree(self.folder / "undisturbed" / "data", data)
            self.compare(data)
            damage(data)
            try:
                self.compare(data)
            except evidence.Evidence as seen:
                print(f"# {str(seen).splitlines()[0]}")
            else:
                raise AssertionError("nothing was seen")
            shutil.rmtree(data)

    def killed(self, speed, kills, longest):
        """Data directories, one by one, until enough processes were killed; each is run to its end."""
        assert self.log, "there is nothing to compare with"
        story = Story(Moments(self.chance, longest), [*self.words(speed), "--exit-at-end"])
        number = 0
        while story.kills < kills:
            number += 1
            data = self.folder / f"{speed}-{number}" / "data"
            data.parent.mkdir()
            before = story.kills
            if not story.lives(data, kills):
                self.live_to_the_end(data, speed)
            elif story.kills == before:
                continue  # it was quicker than the kill, so nothing was disturbed
            self.compare(data)
        print(f"{story.summary()}; {number} data directories")

    def trimmed(self, kills):
        """a log that is trimmed all the time survives kill -9: what it kept, and the lake, are those of the undisturbed run"""
        assert self.log, "there is nothing to compare with"
        words = [*self.words("4000"), "--keep-log", "1s", "--keep-rejects", "1s"]
        story = Story(Moments(self.chance, 3.0), [*words, "--exit-at-end"])
        number = 0
        while story.kills < kills:
            number += 1
            data = self.folder / f"trimmed-{number}" / "data"
            data.parent.mkdir()
            if not story.lives(data, kills):
                with Life(data, *words, "--exit-at-end") as one:
                    one.wait_for_end()
            log = evidence.kept_log(data)
            begins = {topic: begin for topic, (begin, _) in log.items()}
            print(f"# trimmed up to {begins}")
            assert all(begins.values()), "something was never trimmed"
            evidence.same_end_of_log(log, self.log)
            evidence.same_lake(evidence.read_lake(data, self.log), self.lake)
        print(f"{story.summary()}; {number} data directories")

    def compacted(self, kills):
        """a lake whose days are made one file each survives kill -9 at any moment of that"""
        assert self.log, "there is nothing to compare with"
        scattered = self.folder / "scattered" / "data"
        scattered.parent.mkdir()
        with Life(scattered, *self.words("2500"), "--compact-after", "never", "--exit-at-end") as one:
            one.wait_for_end()
        story = Story(MomentsOfCompaction(self.chance), self.words("max"))
        number = 0
        while story.kills < kills:
            number += 1
            data = self.folder / f"compacted-{number}" / "data"
            shutil.copytree(scattered, data)
            before = len(life.files_of_lake(data))
            assert before > 8, f"only {before} files: nothing to compact"
            while story.kills < kills and most_files_of_a_day(data) >= 4:
                assert not story.life(data), "it ended by itself"
            self.compare(data)
        print(f"{story.summary()}; {number} data directories")

    def live_to_the_end(self, data, speed):
        """The last life keeps running until its account has been read."""
        with Life(data, *self.words(speed)) as one:
            wanted = self.right.stats

            def is_done():
                status = one.status()
                return status["feed"]["state"] == "ended" and account_of(status)["read"] >= wanted["read"]

            one.wait_until(is_done, f"the account reaches {wanted['read']} records")
            account = account_of(one.status())
            assert account == wanted, f"the account is {account}, should be {wanted}"
            one.end()


def most_files_of_a_day(data):
    return max(len(list(day.glob("*.parquet"))) for day in (data / "lake").glob("*/dt=*"))
