"""Processes of the fleet are killed, come and go, or freeze and continue."""

import collections
import os
import pathlib
import re
import subprocess
import sys
import time

import evidence
from confluent_kafka import Consumer, TopicPartition
from fleet import PATIENCE, SESSION, SHORT_SESSION
from stand import PARTITIONS
from topics import ends, told

KILLS = int(os.environ.get("FLEET_KILLS") or 12)


def killed(stand):
    """processes of the fleet, analyze, store and ingest, survive kill -9 at any moment: each final and each judged bar once"""
    fleets_of_kills(stand, "killed", KILLS)


def killed_with_brokers(stand):
    """processes of the fleet and the only broker, killed in turn, survive: each final and each judged bar once"""
    def broker():
        stand.kafka.kill(1)
        stand.kafka.start(1)

    fleets_of_kills(stand, "both", max(4, KILLS // 4), {"broker": broker})


def fleets_of_kills(stand, name, most, others=None):
    """Runs fleet after fleet on empty topics, each with at least one kill, until there are enough kills. Each reaches its end, and equals an
    undisturbed one is."""
    kills, number = collections.Counter(), 0
    while kills.total() < most:
        number += 1
        with stand.fleet(f"{name}{number}") as fleet:
            kills += story_of_kills(stand, fleet, most - kills.total(), others)
            stand.finish(fleet)
    print(f"# {kills.total()} kills: {kills['analyze']} of analyze, {kills['store']} of store, {kills['ingest']} of ingest, "
          f"{kills['broker']} of the broker; {number} fleets", flush=True)


def story_of_kills(stand, fleet, most, others=None):
    """Kills until that many are dead, or the whole file is in the log. `others` are further victims: name → action."""
    roles = {"analyze a": lambda: fleet.analyze("a"), "analyze b": lambda: fleet.analyze("b"), "store": lambda: fleet.store("s"),
             "ingest": lambda: fleet.ingest(stand.file, "600")}
    living = {role: start() for role, start in roles.items() if role != "ingest"}
    fleet.until(lambda: [len(one.partitions()) for one in living.values()] == [PARTITIONS / 2, PARTITIONS / 2, PARTITIONS], "they share")
    living["ingest"] = roles["ingest"]()
    kills = collections.Counter()
    fleet.flows()
    while kills.total() < most:
        time.sleep(stand.chance.uniform(0.1, 1.4))
        if kills and not living["ingest"].lives():
            break
        what = stand.chance.choice([*roles, *(others or {})])
        if what == "store" and stand.chance.random() < 0.7:
            wait_for_a_hidden_file(fleet)
        if what in roles:
            was_killed = living[what].kill()
            if what == "ingest" and living[what].process.returncode == 0:
                continue  # it had just ended
            assert was_killed, f"it had ended by itself: {living[what].evidence()}"
            living[what] = roles[what]()
        else:
            others[what]()
        kills[what.split()[0]] += 1
        print(f"# killed: {what}", flush=True)
    living["ingest"].ends(0)
    return kills


def wait_for_a_hidden_file(fleet, longest=1.5):
    """Waits briefly for the moment in which a file of the lake is being written, so that a kill leaves it to the next process."""
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline and not any(fleet.lake.glob("*/.*.writing")):
        time.sleep(0.0005)


def first_results(fleet, partitions, from_ends, since, patience=PATIENCE):
    """Seconds from `since` until each of these partitions has a new committed result."""
    consumer = Consumer(told(fleet.where, **{"group.id": "a watch", "enable.auto.commit": False, "isolation.level": "read_committed",
                                             "auto.offset.reset": "error", "fetch.wait.max.ms": 20}))
    consumer.assign([TopicPartition(fleet.topic("alpaca_trend_results"), number, from_ends[number]) for number in partitions])
    came = {}
    try:
        while len(came) < len(partitions):
            assert time.monotonic() < since + patience, f"partitions {set(partitions) - set(came)} have no new result\n{fleet.evidence()}"
            message = consumer.poll(0.2)
            if message is not None and not message.error():
                came.setdefault(message.partition(), time.monotonic() - since)
    finally:
        consumer.close()
    return came


def results_come(fleet, *workers):
    """Starts the flow of bars when these processes own all partitions, and returns when each partition has results."""
    fleet.until(lambda: sum(len(worker.partitions()) for worker in workers) == PARTITIONS, "they have all partitions")
    flow = fleet.simulate("300")
    fleet.until(lambda: min(ends(fleet.where, fleet.topic("alpaca_trend_results")).values()) > 100, "results come")
    return flow


def to_the_end(fleet, flow):
    flow.end()
    fleet.store()
    fleet.settle()
    fleet.end()
    evidence.check(fleet)


def back_again(stand):
    """a killed analyze goes on from its state under its own name, and nobody waits for the session's end"""
    with stand.fleet("back", session=PATIENCE + 30) as fleet:  # waiting for the session's end would take too long
        one = fleet.analyze("one")
        flow, took = results_come(fleet, one), []
        for _ in range(3):
            one.kill()
            before, begun = ends(fleet.where, fleet.topic("alpaca_trend_results"), "read_uncommitted"), time.monotonic()
            one = fleet.analyze("one")
            came = first_results(fleet, range(PARTITIONS), before, begun)
            took.append((min(came.values()), max(came.values())))
            time.sleep(0.5)
        print(f"# restart of a killed worker under its name to the first new result: {', '.join(f'{first:.2f}' for first, _ in took)} s "
              f"(of the last partition: {', '.join(f'{last:.2f}' for _, last in took)} s)")
        to_the_end(fleet, flow)


def taken_over(stand):
    """what a killed analyze had goes on from its state in another one, after the session's end"""
    with stand.fleet("over") as fleet:
        one, two = fleet.analyze("one"), fleet.analyze("two")
        flow = results_come(fleet, one, two)
        fleet.until(lambda: len(two.partitions()) == len(one.partitions()) == PARTITIONS / 2, "they share")
        lost, begun = one.partitions(), time.monotonic()
        one.kill()
        came = first_results(fleet, lost, ends(fleet.where, fleet.topic("alpaca_trend_results"), "read_uncommitted"), begun)
        print(f"# takeover of {len(lost)} partitions by another worker, session timeout {SESSION} s: first new result after "
              f"{min(came.values()):.2f} s, of the last partition after {max(came.values()):.2f} s")
        # The last heartbeat was up to a quarter of a session before the kill, or earlier if the machine froze.
        assert min(came.values()) > 0.25 * SESSION, "nobody waited for the session's end"
        to_the_end(fleet, flow)


class Quitter:
    """A member of the analyze group besides the fleet; see quitter.py."""

    def __init__(self, fleet, what):
        self.told = fleet.folder / f"quitter-{what}"
        words = [fleet.where, f"{fleet.name}-analyze", fleet.topic("alpaca_trends"), "zzz", "60000", what]
        with open(self.told, "wb") as told:
            self.process = subprocess.Popen([sys.executable, "-B", pathlib.Path(__file__).with_name("quitter.py"), *words], stdout=told)
        fleet.kafka.keeper.watch(self.process.pid)

    def partitions(self):
        return {int(word) for line in self.told.read_text().splitlines()[-1:] for word in line.split()}

    def has_died(self):
        return self.process.poll() is not None

    def kill(self):
        self.process.kill()
        self.process.wait()


def ownerless(stand):
    """partitions that somebody was killed over while he gave them back, and nobody has since, are shared out anew"""
    for number in range(3):  # a member that freezes for a session is removed from the group, which causes a rebalance anyway
        with stand.fleet(f"ownerless{number}", session=SHORT_SESSION) as fleet:
            maker = fleet.analyze()
            fleet.until(lambda: len(maker.partitions()) == PARTITIONS, "there are topics")
            maker.end()
            quitter = Quitter(fleet, "die")
            fleet.until(lambda: len(quitter.partitions()) == PARTITIONS, "it has all partitions")
            worker = fleet.analyze("a")
            fleet.until(quitter.has_died, "it is asked to give some back")
            again = Quitter(fleet, "stay")
            fleet.until(lambda: len(worker.partitions() | again.partitions()) == PARTITIONS, "each partition has an owner")
            again.kill()
            fleet.end()
            if found := re.search(r"group\.ownerless .*", worker.journal()):
                print(f"# {found[0]}")
                return
    raise AssertionError("it was never so that somebody had to see to it")


def zombie(stand, verb):
    with stand.fleet(f"zombie-{verb}", session=SHORT_SESSION) as fleet:
        other = fleet.store() if verb == "analyze" else fleet.analyze()
        start, flow = getattr(fleet, verb), None
        workers = {name: start(name) for name in ("a", "b")}
        for name, another in ("a", "b"), ("b", "a"):
            asleep, awake = workers[name], workers[another]
            fleet.until(lambda: [len(worker.partitions()) for worker in workers.values()] == [PARTITIONS / 2] * 2, "they share")
            if not flow:
                flow = fleet.ingest(stand.file, "240")
                fleet.flows()
            asleep.wanted = 1  # the group may refuse it when it returns
            asleep.stop()
            fleet.until(lambda: len(awake.partitions()) == PARTITIONS, "the other has taken all")
            time.sleep(1)
            asleep.go_on()
            time.sleep(stand.chance.uniform(1.5, 2.5))
            fleet.until(lambda: not asleep.lives() or not asleep.partitions() & awake.partitions(), "they agree")
            print(f"# {verb} that stood still {'lives on' if asleep.lives() else f'has ended with {asleep.process.returncode}'}")
            if not asleep.lives():
                workers[name] = start(name)
        flow.ends(0)
        assert other.lives(), other.evidence()
        stand.finish(fleet)


def zombie_analyze(stand):
    """an analyze that stood still beyond its session, and goes on while another has its partitions, doubles nothing"""
    zombie(stand, "analyze")


def zombie_store(stand):
    """a store that stood still beyond its session, and goes on while another has its partitions, doubles nothing"""
    zombie(stand, "store")


def storm(stand):
    """workers join, leave and die all the time while bars flow: nothing is lost or doubled"""
    with stand.fleet("storm", session=SHORT_SESSION) as fleet:
        fleet.store()
        steady = fleet.analyze("steady")
        fleet.until(lambda: len(steady.partitions()) == PARTITIONS, "it has all partitions")
        flow = fleet.ingest(stand.file, "400")
        crowd, deeds = [], collections.Counter()
        while flow.lives():
            time.sleep(stand.chance.uniform(0.2, 0.7))
            deed = stand.chance.choice(["joined", "joined", "left", "died"] if len(crowd) < 4 else ["left", "died"])
            if deed == "joined":
                crowd.append(fleet.analyze())
            elif crowd:
                one = crowd.pop(stand.chance.randrange(len(crowd)))
                one.end() if deed == "left" else one.kill()
            else:
                continue
            deeds[deed] += 1
        flow.ends(0)
        print(f"# {', '.join(f'{count} {deed}' for deed, count in sorted(deeds.items()))}")
        stand.finish(fleet)


CASES = [killed, zombie_analyze, ownerless]
LONG = [back_again, taken_over, killed_with_brokers, zombie_store, storm]
