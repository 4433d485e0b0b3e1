"""What the cases share: a cluster, a folder, random numbers, a hostile market in a file, and the results of an undisturbed fleet on it."""

import copy
import fcntl
import pathlib
import shutil
import subprocess
import sys

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TEST / "lib/kafka"), str(TEST / "lib/life"), str(TEST / "lib")]

import evidence  # noqa: E402
import market  # noqa: E402
from fleet import TIDEMARK, Fleet  # noqa: E402

SYMBOLS, MINUTES = 20, 120
PARTITIONS = 4


class Stand:
    def __init__(self, kafka, folder, chance, seed):
        self.kafka, self.folder, self.chance, self.seed = kafka, pathlib.Path(folder), chance, seed
        self.file = self.folder / "market.jsonl"
        self.lines = market.hostile_market(TIDEMARK, SYMBOLS, MINUTES, seed)
        self.file.write_bytes(b"\n".join(self.lines) + b"\n")
        self.right = None  # the topics of the undisturbed fleet

    def on(self, kafka, name):
        """The same market, on another cluster."""
        other = copy.copy(self)
        other.kafka, other.folder = kafka, self.folder / name
        other.folder.mkdir(exist_ok=True)
        return other

    def fleet(self, name, **more):
        return Fleet(self.kafka, self.folder, name, **more)

    def begin_to_play(self, fleet, speed):
        """Starts ingest and returns it when the first half of the file has results; play_on() writes the second half."""
        flow = fleet.ingest("-", speed, stdin=subprocess.PIPE)
        fcntl.fcntl(flow.process.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)  # holds all of it, so that writing never waits for a process that waits for brokers
        flow.process.stdin.write(b"\n".join(self.lines[:len(self.lines) // 2]) + b"\n")
        flow.process.stdin.flush()
        fleet.flows()
        return flow

    def play_on(self, flow):
        with flow.process.stdin as rest:
            rest.write(b"\n".join(self.lines[len(self.lines) // 2:]) + b"\n")

    def finish(self, fleet):
        """The end of a case with the whole file: waits until everything is read and published, stops all processes, and checks everything."""
        fleet.settle()
        fleet.end()
        topics = evidence.check(fleet)
        assert self.right, "there is nothing to compare with"
        evidence.as_undisturbed(topics, self.right)


def undisturbed(stand):
    """a fleet that nobody disturbs gives what the contract's reference computes, in topics and lake"""
    with stand.fleet("undisturbed") as fleet:
        worker = fleet.analyze()
        fleet.store()
        fleet.until(lambda: len(worker.partitions()) == PARTITIONS, "it has all partitions")
        flow = stand.begin_to_play(fleet, "3000")  # slowly, so that there are updates
        stand.play_on(flow)
        flow.ends(0)
        fleet.settle()
        fleet.end()
        topics = evidence.check(fleet, updates=True)
        came = [value for rows in topics.arrived.values() for value in evidence.values_of(rows) if value is not None]
        start = lambda lines: sorted(line[:evidence.LONGEST] for line in lines if line.strip())  # noqa: E731
        evidence.same("what came", start(came), start(stand.lines))
        assert all(topics.bars.values()) and topics.late and topics.letters and len(topics.finals) == PARTITIONS, "it was too easy"
        print(f"# {len(evidence.all_finals(topics))} finals, {sum(map(len, topics.trends.values()))} trends in all")
        assert sum(map(len, topics.trends.values())) > len(evidence.all_finals(topics)), "there are no updates"
        stand.right = topics
        stand.lake = fleet.lake


def planted(stand):
    """a final, a judged bar and a row of the lake that are lost or there twice would be seen"""
    assert stand.right, "there is nothing to plant in"

    def lose(rows):
        del rows[len(rows) // 2]

    def double(rows):
        rows.append(rows[len(rows) // 2])

    for name in ("finals", "bars"):
        for damage in (lose, double):
            topics = copy.copy(stand.right)
            setattr(topics, name, copy.deepcopy(getattr(topics, name)))
            damage(getattr(topics, name)[0])
            must_be_seen(lambda: evidence.right_topics(topics))
            if name == "finals":
                must_be_seen(lambda: evidence.as_undisturbed(topics, stand.right))

    def copied(path):
        shutil.copy(path, path.with_name("trends-900000-900001.parquet"))

    for damage in (pathlib.Path.unlink, copied, lambda path: path.rename(path.with_name(f".{path.name}"))):
        for table in ("stock_trends", "bars"):
            lake = stand.folder / "planted"
            shutil.copytree(stand.lake, lake)
            for hidden in (".publishing", ".restating"):
                (lake / hidden).unlink(missing_ok=True)
            evidence.right_lake(lake, stand.right)
            damage(sorted((lake / table).rglob("*.parquet"))[-1])
            must_be_seen(lambda lake=lake: evidence.right_lake(lake, stand.right))
            shutil.rmtree(lake)


def must_be_seen(look):
    try:
        look()
    except evidence.Evidence as seen:
        print(f"# {str(seen).splitlines()[0]}")
    else:
        raise AssertionError("nothing was seen")
