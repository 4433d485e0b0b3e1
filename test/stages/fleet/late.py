"""Requests of a transaction that reach the broker during a later one: each is refused, and nothing is lost, doubled or wrong.

    LATE_SEEDS      the number of seeds of each long case (2)

A proxy (test/lib/kafka/proxy.py) holds a request, the client repeats it, and the held one arrives at a chosen moment of a later
transaction. Before the program replaced its producers, the broker took it for a request of that transaction, and rows were lost or duplicated.
"""

import collections
import json
import os
import re
import time

import evidence
import topics
from confluent_kafka import Producer
from proxy import COMMIT_OFFSETS, END, NONE, PRODUCE, REFUSALS, Moment, Rule

SEEDS = int(os.environ.get("LATE_SEEDS") or 2)
BARS, AT_ONCE = 720, 24
LAST = 12  # batches that get a transaction each, however slow the machine is
BETWEEN = {"analyze": 0.12, "store": 0.4}  # seconds between two batches of bars, so that each has its own transaction
RENEWED = r"partition\.renewed|kafka\.producer_renewed"

before_rows, after_rows = Moment(PRODUCE, "request"), Moment(PRODUCE, "answer")
before_positions, after_positions = Moment(COMMIT_OFFSETS, "request"), Moment(COMMIT_OFFSETS, "answer")


class Story:
    """One process behind the proxy, the treatment of its requests, and whether it is killed afterwards."""

    def __init__(self, role, seed, rule, kill=None, config=None, must_be_late=True):
        """`kill`: "then", when the late request has been answered; "at the end" of the transaction in which it arrived; or a probability."""
        self.role, self.seed, self.rule, self.kill, self.config, self.must_be_late = role, seed, rule, kill, config or {}, must_be_late
        self.kills, self.answered = 0, collections.Counter()
        # Bars must arrive even after a silent connection was given up.
        self.between, self.speed = (0.7, 100) if rule and not rule.closes else (BETWEEN.get(role), 600)

    def play(self, stand, name):
        with stand.fleet(name, words=["--kafka-partitions", "1"]) as fleet:
            if self.config:
                (fleet.folder / "more.properties").write_text("".join(f"{key}={value}\n" for key, value in self.config.items()))
            if self.role == "store":
                judge = fleet.analyze("beside")
                fleet.until(judge.partitions, "there are topics")
            elif self.role == "ingest":
                topics_made(fleet)
            self.fleet, self.begun = fleet, time.monotonic()
            rules = [] if self.rule is None else [self.rule]
            for rule in rules:
                rule.transactional_id = f"{name}-{self.role}-"
                rule.skip = stand.chance.randrange(1, 5) if self.role == "store" else stand.chance.randrange(4, 12)
            with stand.kafka.proxy(rules, self.seed, on_late=self.arrived, on_answer=self.is_answered) as self.proxy:
                self.run(stand)
                self.late = list(self.proxy.late)
                fleet.end()
            self.judge()
        return self

    def start(self):
        words = ["--kafka-config", self.fleet.folder / "more.properties"] if self.config else []
        if self.role == "store":
            words += ["--data", self.fleet.folder / "data", "--store-every", "1s"]
        if self.role == "ingest":
            words += ["--feed", "replay", "--speed", str(self.speed), "--exit-at-end", self.fleet.folder / "bars.jsonl"]
        else:
            words += ["--instance", "behind"]
        self.process = self.fleet.start(self.role, *words, where=self.fleet.kafka.proxied)

    def start_again_if_killed(self):
        if not self.process.lives() and self.process.process.returncode == -9:
            self.start()

    def arrived(self, late):
        if self.kill == "then":
            self.kill_it()

    def is_answered(self, request, _):
        self.answered[request.kind] += 1
        if self.kill == "at the end" and request.kind == END and self.proxy.late and not self.kills:
            self.kill_it()

    def kill_it(self):
        if self.process.lives():
            self.process.process.kill()
            self.kills += 1

    def run(self, stand):
        bars = [line for line in stand.lines if line.startswith(b'{"symbol":"S')][:BARS]
        if self.role == "ingest":
            (self.fleet.folder / "bars.jsonl").write_bytes(b"\n".join(bars) + b"\n")
            self.start()
            while self.process.lives() or self.process.process.returncode == -9:
                self.start_again_if_killed()
                time.sleep(0.02)
            self.process.ends(0)
            self.bars = bars
            return
        self.start()
        self.fleet.until(self.process.partitions, "it has its partition")
        readers = ("alpaca_trends",) if self.role == "analyze" else ("alpaca_trends", "alpaca_trend_results", "tidemark_bars")
        producer = Producer(topics.told(self.fleet.where, **{"partitioner": "murmur2_random", "linger.ms": 0}))
        for first in range(0, len(bars), AT_ONCE):
            if first >= len(bars) - LAST * AT_ONCE:
                self.wait_for_reading(readers)
            for bar in bars[first : first + AT_ONCE]:
                producer.produce(self.fleet.topic("alpaca_trends"), bar, json.loads(bar)["symbol"].encode())
            producer.flush()
            until = time.monotonic() + self.between
            while time.monotonic() < until:
                self.start_again_if_killed()
                time.sleep(0.01)
        self.fleet.until(lambda: self.start_again_if_killed() or all(self.fleet.to_go(topic) == 0 for topic in readers), "all is read")
        self.fleet.settle(readers)

    def wait_for_reading(self, readers, patience=5):
        """But not for ever: brokers that refuse a late request may forget the position of the transaction that it came into (docs/kafka.md),
        and only another transaction shows them again how far the group has come. So the late request must not come into the last one."""
        until = time.monotonic() + patience
        while time.monotonic() < until and any(self.fleet.lag().get(topic) != 0 for topic in readers):
            self.start_again_if_killed()
            time.sleep(0.05)

    def journals(self):
        return [member.journal() for member in self.fleet.members if member.verb == self.role]

    def renewals(self):
        return sum(len(re.findall(RENEWED, journal)) for journal in self.journals())

    def judge(self):
        self.judge_requests()
        found = evidence.Topics(self.fleet)
        if self.role == "ingest":
            came = evidence.values_of(row for row in found.arrived[0] if row.value is not None)
            evidence.same("what came", sorted(came), sorted(self.bars))
        else:
            evidence.right_topics(found)
        if self.role == "store":
            evidence.right_lake(self.fleet.lake, found)

    def judge_requests(self):
        taken = [f"{late.request}, {late.code}" for late in self.late if late.code not in REFUSALS]
        if self.must_be_late:
            assert self.late, f"no request was late\n{self.process.evidence()}"
            assert not taken, f"the broker took what came late: {taken}"
        assert bool(self.kills) == bool(self.kill), "nobody was killed"
        # At most one a second, except for the first.
        assert self.renewals() <= 1 + self.kills + time.monotonic() - self.begun, f"{self.renewals()} renewals"


def topics_made(fleet):
    maker = fleet.analyze()
    fleet.until(maker.partitions, "there are topics")
    maker.end()


def held(kind, until, **more):
    return lambda: Rule(kind, "hold", commits=True if kind == END else None, until=until, **more)


# name → what is held, whether the process is killed, librdkafka's settings, which process is behind the proxy
MOMENTS = {
    "before the first row": (held(END, before_rows), None, {}, ("analyze", "store", "ingest")),
    "before the first row, and kill -9": (held(END, before_rows), "then", {}, ("analyze", "ingest")),
    "after the first row": (held(END, after_rows), None, {}, ("analyze", "store", "ingest")),
    "after the first row, and kill -9": (held(END, after_rows), "then", {}, ("analyze", "store", "ingest")),
    "before positions": (held(END, before_positions), None, {}, ("analyze",)),
    "before positions, and kill -9": (held(END, before_positions), "then", {}, ("analyze", "store")),
    "after positions": (held(END, after_positions), None, {}, ("analyze",)),
    "after positions, and kill -9": (held(END, after_positions), "then", {}, ("analyze", "store")),
    "after positions, of positions": (held(COMMIT_OFFSETS, after_positions), None, {}, ("analyze",)),
    "after positions, of positions, and kill -9": (held(COMMIT_OFFSETS, after_positions), "at the end", {}, ("analyze", "store")),
    "after the first row, in a silent network": (held(END, after_rows, closes=False), None, {"socket.timeout.ms": 2000},
                                                 ("analyze", "ingest")),
    # The client times out when the brokers have just aborted the transaction for its timeout.
    "after the first row, in a network that is silent for ten seconds": (held(END, after_rows, closes=False), None, {}, ("analyze", "ingest")),
    "after the first row, in a silent network, and kill -9": (held(END, after_rows, closes=False), "then", {"socket.timeout.ms": 2000},
                                                              ("analyze",)),
}


def moment(stand, what, role, seed):
    rule, kill, config, _ = MOMENTS[what]
    number = list(MOMENTS).index(what)
    return Story(role, seed, rule(), kill, config).play(stand, f"late-{number}-{role}-{seed}")


def tell_of(stories):
    late = [one for story in stories for one in story.late]
    refused = collections.Counter(REFUSALS.get(one.code, one.code) for one in late if one.code != NONE)
    print(f"# late: {len(stories)} stories, {sum(story.proxy.count('hold') for story in stories)} held, {len(late)} late, "
          f"{sum(refused.values())} refused ({', '.join(f'{count} {code}' for code, count in sorted(refused.items()))}), "
          f"{sum(story.renewals() for story in stories)} renewals, {sum(story.kills for story in stories)} kills", flush=True)


def late_end(stand):
    """an EndTxn that arrives during the next transaction is refused, and nothing is lost or doubled, with kill -9, too"""
    tell_of([moment(stand, "after positions", "analyze", 1), moment(stand, "after the first row, and kill -9", "ingest", 1)])


def late_positions(stand):
    """positions that arrive during the next transaction are refused, and after kill -9 at its end nothing is doubled in the lake"""
    tell_of([moment(stand, "after positions, of positions, and kill -9", "store", 1)])


def late_at_each_moment(stand):
    """late requests at each moment of the next transaction, of analyze, store and ingest, are all refused: nothing is lost or doubled"""
    stories = []
    for what, (*_, roles) in MOMENTS.items():
        for role in roles:
            for seed in range(1, SEEDS + 1):
                stories.append(moment(stand, what, role, stand.seed * 1000 + seed))
                print(f"# {role}, {what}: {', '.join(REFUSALS[one.code] for one in stories[-1].late)}", flush=True)
    tell_of(stories)


def late_by_chance(stand):
    """half of all EndTxn are held for 60 to 600 ms, and arrive when they arrive: nothing is lost or doubled"""
    stories = []
    for role in ("analyze", "ingest"):
        for seed in range(1, SEEDS + 1):
            rule = Rule(END, "hold", commits=True, times=0, chance=0.5, ms=(60, 600))
            stories.append(Story(role, stand.seed * 1000 + seed, rule, must_be_late=False).play(stand, f"late-chance-{role}-{seed}"))
    tell_of(stories)
    assert all(story.late for story in stories)


def late_slow(stand):
    """brokers that answer late, but answer, cause no renewal"""
    story = Story("analyze", 1, Rule(END, "slow", times=0, ms=(200, 900)), must_be_late=False).play(stand, "late-slow")
    assert story.proxy.count("slow") > 3 and story.renewals() == 0, (story.proxy.counts, story.renewals())


def late_lossy(stand):
    """a network that loses every EndTxn once causes renewals at a limited pace: nothing is lost or doubled"""
    story = Story("analyze", 1, Rule(END, "lose", times=0), must_be_late=False).play(stand, "late-lossy")
    print(f"# {story.proxy.count('lose')} lost, {story.renewals()} renewals, {story.answered[END]} EndTxn answered")
    assert story.renewals() > 1, story.renewals()


CASES = [late_end]
OF_NEWEST = [late_positions]
LONG = [late_positions, late_at_each_moment, late_by_chance, late_slow, late_lossy]
LONG_OF_NEWEST = [late_end, late_at_each_moment, late_by_chance]
