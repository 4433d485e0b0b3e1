"""Brokers are killed, restarted, and cut off from all others, while bars flow."""

import time

import topics
from stand import PARTITIONS


def under_load(stand, fleet, speed):
    """The ingest process with half of its work to do, and the processes behind it."""
    others = [fleet.analyze("a"), fleet.store("s")]
    for worker in others:
        fleet.until(lambda worker=worker: len(worker.partitions()) == PARTITIONS, "it has all partitions")
    return stand.begin_to_play(fleet, speed), others


def broker_killed(stand):
    """the only broker is killed under load and comes back on its data: everybody goes on, nothing is lost or doubled"""
    with stand.fleet("broker") as fleet:
        flow, others = under_load(stand, fleet, "800")
        time.sleep(stand.chance.uniform(0, 1))
        stand.kafka.kill(1)
        stand.play_on(flow)
        stand.kafka.start(1)
        flow.ends(0)
        assert all(member.lives() for member in others), fleet.evidence()
        stand.finish(fleet)


def leader_killed(stand):
    """one of three brokers, a leader, is killed under load: another leads, nothing is lost or doubled"""
    with stand.fleet("three") as fleet:
        flow, others = under_load(stand, fleet, "800")
        time.sleep(stand.chance.uniform(0, 1))
        leader = topics.leader(fleet.where, fleet.topic("alpaca_trend_results"))
        stand.kafka.kill(leader)
        stand.play_on(flow)
        flow.ends(0)
        assert all(member.lives() for member in others), fleet.evidence()
        stand.finish(fleet)
        print(f"# node {leader} was killed")


def cut_off(stand):
    """no broker can be reached: the journal and /readyz say so, and when the cable is back nothing is lost or doubled"""
    with stand.fleet("cut") as fleet:
        page = fleet.serve()
        fleet.until(lambda: page.ask("/readyz")[0] == 200, "it is ready")
        flow, others = under_load(stand, fleet, "300")
        stand.kafka.cut(1)
        begun = time.monotonic()
        try:
            stand.play_on(flow)
            said = fleet.until(lambda: unready_for_kafka(page), "it is unready")
            print(f"# after {time.monotonic() - begun:.1f} s /readyz: {said.strip()}")
            for member in (flow, page):  # others may wait in a transaction for a minute before they report it
                member.says(r"warning\s+(kafka\.trouble|agent\.retry)")
            print(f"# ingest and serve tell it in their journals after {time.monotonic() - begun:.1f} s")
        finally:
            stand.kafka.heal(1)
        begun = time.monotonic()
        fleet.until(lambda: page.ask("/readyz")[0] == 200, "it is ready again")
        print(f"# ready again {time.monotonic() - begun:.1f} s after the cable is back")
        flow.ends(0)
        assert all(member.lives() for member in [page, *others]), fleet.evidence()
        stand.finish(fleet)


def unready_for_kafka(page):
    code, said = page.ask("/readyz")
    return str(said) if code == 503 and "Kafka" in str(said) else None


LONG_OF_ONE = [broker_killed]
OF_ONE_CUT = [cut_off]
OF_THREE = [leader_killed]
