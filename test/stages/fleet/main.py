"""A fleet of the real program over real brokers, disturbed in every way we know, and compared with an undisturbed fleet and with
the contract's reference.

    FLEET_KILLS     the number of kills in the first case (12); in the long one, which includes brokers, a quarter of that
    FLEET_SEED      the seed, 1 by default (moments depend on the machine, too)
    FLEET_CASES     only the cases with one of these words in their names
    TIDEMARK_FULL   the long ones, too
"""

import os
import pathlib
import sys
import tempfile
import warnings

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TEST / "lib/kafka"), str(TEST / "lib")]

import brokers  # noqa: E402
import harness  # noqa: E402
import network  # noqa: E402
import tls  # noqa: E402

SEED = int(os.environ.get("FLEET_SEED") or 1)
FULL = bool(os.environ.get("TIDEMARK_FULL"))
WORDS = os.environ.get("FLEET_CASES", "").split()
LARGE = {"message.max.bytes": 12 << 20}


def chosen(cases, only_when_full=()):
    """The cases chosen by name, or all; some only in the long run."""
    if WORDS:
        return [case for case in [*cases, *only_when_full] if any(word in case.__name__ for word in WORDS)]
    return [*cases, *(only_when_full if FULL else ())]


def tell(case, stand, where="", **more):
    keep = stand.kafka.keep_words if os.environ.get("FLEET_KEEP") else lambda: None
    harness.tell(f"{case.__doc__}{where}", case, stand, when_failed=keep, **more)


def main():
    print(f"# FLEET_SEED={SEED}", flush=True)
    alone, chance = network.isolate(), harness.chance(SEED)
    with tempfile.TemporaryDirectory(prefix="tidemark-fleet-") as folder:
        folder = pathlib.Path(folder)
        with brokers.Cluster(folder / "one", secured=tls.Secured(folder / "tls"), more=LARGE) as kafka:
            stand = Stand(kafka, folder, chance, SEED)
            tell(undisturbed, stand, always=True)  # the reference for all others
            long = [*kills.LONG, *late.LONG, *people.LONG, *logs.LONG, *remote.LONG, *outages.LONG_OF_ONE]
            for case in [planted, *chosen([*kills.CASES, *late.CASES, *people.CASES, *logs.CASES, *remote.CASES, *hang.CASES], long)]:
                tell(case, stand)
        for nodes, cases in (1, chosen(outages.OF_ONE_CUT)), (3, chosen((), outages.OF_THREE)):
            if nodes == 1 and alone:
                for case in cases:
                    harness.skip(case.__doc__, alone)
                continue
            if not harness.any_chosen(case.__doc__ for case in cases):
                continue
            hosts = network.Namespaces(nodes) if nodes == 1 else None
            with brokers.Cluster(folder / f"cluster-of-{nodes}", nodes=nodes, hosts=hosts) as kafka:
                for case in cases:
                    tell(case, stand.on(kafka, f"on-{nodes}"))
        cases = chosen(late.OF_NEWEST, late.LONG_OF_NEWEST)
        newest = f", on Kafka {brokers.NEWEST}"
        if harness.any_chosen(case.__doc__ + newest for case in cases):
            with brokers.Cluster(folder / "newest", release=brokers.NEWEST) as kafka:
                for case in cases:
                    tell(case, stand.on(kafka, "on-newest"), newest)


if reason := brokers.why_not() or brokers.why_not(brokers.NEWEST):
    harness.skip("the fleet", reason)
    harness.end()

import hang  # noqa: E402
import kills  # noqa: E402
import late  # noqa: E402
import logs  # noqa: E402
import outages  # noqa: E402
import people  # noqa: E402
import remote  # noqa: E402
from stand import Stand, planted, undisturbed  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python prefers classes to the functions that people pass
main()
harness.end()
