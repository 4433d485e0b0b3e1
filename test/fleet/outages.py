"""Brokers are killed, restarted, and cut off from everybody, while bars flow."""

import time

import topics


def broker_killed(stand):
    """the only broker is killed under load and comes back on its data: everybody goes on, nothing is lost or doubled"""
    with stand.fleet("broker") as fleet:
        flow = fleet.ingest(stand.file, "800")
        others = [fleet.analyze("a"), fleet.store("s")]
        fleet.flows()
        time.sleep(stand.chance.uniform(0, 1))
        stand.kafka.kill(1)
        stand.kafka.start(1)
        flow.ends(0)
        assert all(member.lives() for member in others), fleet.evidence()
        stand.finish(fleet)


def leader_killed(stand):
    """one of three brokers, a leader, is killed under load: another leads, nothing is lost or doubled"""
    with stand.fleet("three") as fleet:
        flow = fleet.ingest(stand.file, "800")
        others = [fleet.analyze("a"), fleet.store("s")]
        fleet.flows()
        time.sleep(stand.chance.uniform(0, 1))
        leader = topics.leaders(fleet.where, fleet.topic("alpaca_trend_results"))[0]
        stand.kafka.kill(leader)
        flow.ends(0)
        assert all(member.lives() for member in others), fleet.evidence()
        stand.finish(fleet)
        print(f"# node {leader} was killed")


def cut_off(stand):
    """no broker can be reached: the journal and /readyz say so, and when the cable is back nothing is lost or doubled"""
    with stand.fleet("cut") as fleet:
        flow = fleet.ingest(stand.file, "300")
        page = fleet.serve()
        others = [fleet.analyze("a"), fleet.store("s"), page]
        fleet.flows()
        fleet.until(lambda: page.ask("/readyz")[0] == 200, "it is ready")
        stand.kafka.cut(1)
        begun = time.monotonic()
        try:
            fleet.until(lambda: page.ask("/readyz")[0] == 503, "it is unready")
            said = page.ask("/readyz")[1]
            assert "Kafka" in str(said), said
            print(f"# after {time.monotonic() - begun:.1f} s /readyz: {str(said).strip()}")
            for member in (flow, page):  # others may wait in a transaction for a minute before they say so
                member.says(r"warning\s+(kafka\.trouble|agent\.retry)")
            print(f"# ingest and serve tell it in their journals after {time.monotonic() - begun:.1f} s")
        finally:
            stand.kafka.heal(1)
        begun = time.monotonic()
        fleet.until(lambda: page.ask("/readyz")[0] == 200, "it is ready again")
        print(f"# ready again {time.monotonic() - begun:.1f} s after the cable is back")
        flow.ends(0)
        assert all(member.lives() for member in others), fleet.evidence()
        stand.finish(fleet)


LONG_OF_ONE = [broker_killed]
OF_ONE_CUT = [cut_off]
OF_THREE = [leader_killed]
