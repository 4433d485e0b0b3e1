"""Processes of the fleet are killed, come and go, or stand still and go on."""

import collections
import os
import time

import evidence
from confluent_kafka import Consumer, TopicPartition
from fleet import PATIENCE, SESSION
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
    """Fleet after fleet on empty topics, until so many are dead; each comes to its end, and is what an undisturbed one is."""
    kills, number = collections.Counter(), 0
    while kills.total() < most:
        number += 1
        with stand.fleet(f"{name}{number}") as fleet:
            kills += story_of_kills(stand, fleet, most - kills.total(), others)
            stand.finish(fleet)
    print(f"# {kills.total()} kills: {kills['analyze']} of analyze, {kills['store']} of store, {kills['ingest']} of ingest, "
          f"{kills['broker']} of the broker; {number} fleets", flush=True)


def story_of_kills(stand, fleet, most, others=None):
    """Kills until that many are dead, or all of the file is in the log. `others` are further ends: name → what is done."""
    roles = {"analyze a": lambda: fleet.analyze("a"), "analyze b": lambda: fleet.analyze("b"), "store": lambda: fleet.store("s"),
             "ingest": lambda: fleet.ingest(stand.file, "800")}
    living = {role: start() for role, start in roles.items()}
    kills = collections.Counter()
    fleet.flows()
    while kills.total() < most:
        time.sleep(stand.chance.uniform(0.1, 1.4))
        if not living["ingest"].lives():
            break
        what = stand.chance.choice([*roles, *(others or {})])
        if what == "store" and stand.chance.random() < 0.7:
            wait_for_a_hidden_file(fleet)
        if what in roles:
            assert living[what].kill(), f"it had ended by itself: {living[what].evidence()}"
            living[what] = roles[what]()
        else:
            others[what]()
        kills[what.split()[0]] += 1
        print(f"# killed: {what}", flush=True)
    living["ingest"].ends(0)
    return kills


def wait_for_a_hidden_file(fleet, longest=1.5):
    """The moment in which a file of the lake is being written, if it comes soon: who dies then leaves it to the next one."""
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


def back_again(stand):
    """a killed analyze goes on from its state: under its own name at once, as another one after the session's timeout"""
    with stand.fleet("back") as fleet:
        flow = fleet.simulate("300")
        one = fleet.analyze("one")
        results = fleet.topic("alpaca_trend_results")
        fleet.until(lambda: flow.lives() and len(one.partitions()) == PARTITIONS, "it has all partitions")
        fleet.until(lambda: min(ends(fleet.where, results).values()) > 100, "results come")
        took = []
        for _ in range(3):
            one.kill()
            before, begun = ends(fleet.where, results, "read_uncommitted"), time.monotonic()
            one = fleet.analyze("one")
            came = first_results(fleet, range(PARTITIONS), before, begun)
            took.append((min(came.values()), max(came.values())))
            time.sleep(0.5)
        print(f"# restart of a killed worker under its name to the first new result: {', '.join(f'{first:.2f}' for first, _ in took)} s "
              f"(of the last partition: {', '.join(f'{last:.2f}' for _, last in took)} s)")
        two = fleet.analyze("two")
        fleet.until(lambda: len(two.partitions()) == len(one.partitions()) == PARTITIONS / 2, "they share")
        lost, before, begun = one.partitions(), ends(fleet.where, results, "read_uncommitted"), time.monotonic()
        one.kill()
        came = first_results(fleet, lost, before, begun)
        print(f"# takeover of {len(lost)} partitions by another worker, session timeout {SESSION} s: first new result after "
              f"{min(came.values()):.2f} s, of the last partition after {max(came.values()):.2f} s")
        assert min(came.values()) > 0.5 * SESSION, "it did not wait for the session's end"
        assert max(took)[1] < 30 and max(came.values()) < SESSION + 30, (took, came)
        flow.end()
        fleet.store()
        fleet.settle()
        fleet.end()
        evidence.check(fleet)


def zombie(stand, verb):
    with stand.fleet(f"zombie-{verb}") as fleet:
        other = fleet.store() if verb == "analyze" else fleet.analyze()
        workers = [getattr(fleet, verb)(name) for name in ("a", "b")]
        flow = fleet.ingest(stand.file, "700")
        fleet.until(lambda: [len(worker.partitions()) for worker in workers] == [PARTITIONS / 2] * 2, "they share")
        for asleep, awake in (workers, reversed(workers)):
            if not asleep.lives():
                continue
            asleep.stop()
            fleet.until(lambda: len(awake.partitions()) == PARTITIONS, "the other has taken all")
            time.sleep(1)
            asleep.go_on()
            time.sleep(stand.chance.uniform(1.5, 2.5))
            if asleep.lives():
                fleet.until(lambda: not asleep.lives() or len(asleep.partitions() & awake.partitions()) == 0, "they agree")
            print(f"# {verb} that stood still {'lives on' if asleep.lives() else f'has ended with {asleep.process.returncode}'}")
            assert asleep.lives() or asleep.process.returncode in (0, 1), asleep.evidence()
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
    with stand.fleet("storm") as fleet:
        flow = fleet.ingest(stand.file, "800")
        fleet.store(), fleet.analyze("steady")
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


CASES = [killed, zombie_analyze]
LONG = [back_again, killed_with_brokers, zombie_store, storm]
