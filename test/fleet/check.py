"""A fleet of the real program over real brokers, disturbed in every way we know, and compared with a fleet that nobody disturbed and with
the contract's reference.

    FLEET_KILLS     how many processes of the first story are killed (12); of the long one, brokers among them, a quarter
    FLEET_SEED      the chance, 1 if not said (moments depend on the machine, too)
    FLEET_CASES     only the cases with one of these words in their names
    TIDEMARK_FULL   the long ones, too
"""

import os
import pathlib
import random
import sys
import tempfile
import warnings

sys.path += [str(pathlib.Path(__file__).resolve().parents[1] / "kafka")]

import brokers  # noqa: E402
import network  # noqa: E402
import tls  # noqa: E402

SEED = int(os.environ.get("FLEET_SEED") or 1)
FULL = bool(os.environ.get("TIDEMARK_FULL"))
WORDS = os.environ.get("FLEET_CASES", "").split()
LARGE = {"message.max.bytes": 12 << 20}


def chosen(cases, only_when_full=()):
    """Those that are asked for by name, or all; some only in the long run."""
    if WORDS:
        return [case for case in [*cases, *only_when_full] if any(word in case.__name__ for word in WORDS)]
    return [*cases, *(only_when_full if FULL else ())]


def main():
    print(f"# FLEET_SEED={SEED}", flush=True)
    alone, chance = network.isolate(), random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="tidemark-fleet-") as folder:
        folder, went = pathlib.Path(folder), []
        with brokers.Cluster(folder / "one", secured=tls.Secured(folder / "tls"), more=LARGE) as kafka:
            stand = Stand(kafka, folder, chance, SEED)
            long = [*kills.LONG, *late.LONG, *people.LONG, *logs.LONG, *outages.LONG_OF_ONE]
            for case in [undisturbed, planted, *chosen([*kills.CASES, *late.CASES, *people.CASES, *logs.CASES], long)]:
                went.append(tell(case, stand))
        for nodes, cases in (1, chosen(outages.OF_ONE_CUT)), (3, chosen((), outages.OF_THREE)):
            if nodes == 1 and alone:
                print(*(f"skip - {case.__doc__}: {alone}" for case in cases), sep="\n", flush=True)
                continue
            if not cases:
                continue
            hosts = network.Namespaces(nodes) if nodes == 1 else None
            with brokers.Cluster(folder / f"cluster-of-{nodes}", nodes=nodes, hosts=hosts) as kafka:
                for case in cases:
                    went.append(tell(case, stand.on(kafka, f"on-{nodes}")))
        if cases := chosen(late.OF_NEWEST, late.LONG_OF_NEWEST):
            with brokers.Cluster(folder / "newest", release=brokers.NEWEST) as kafka:
                for case in cases:
                    went.append(tell(case, stand.on(kafka, "on-newest"), f", on Kafka {brokers.NEWEST}"))
    return 0 if all(went) else 1


if reason := brokers.why_not() or brokers.why_not(brokers.NEWEST):
    print(f"skip - the fleet: {reason}")
    sys.exit(0)

import kills  # noqa: E402
import late  # noqa: E402
import logs  # noqa: E402
import outages  # noqa: E402
import people  # noqa: E402
from stand import Stand, planted, tell, undisturbed  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python would rather have classes than the functions people give it
sys.exit(main())
