"""`tidemark verify`: intact directories are found whole, and all damage is named, moved out of the way and restored
from intact data.

    CRASH_SEED   the seed of the market and the kills (test/lib/life/replays.py)
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402

try:
    import pyarrow  # noqa: F401
except ImportError:
    pyarrow = None
else:
    import program  # noqa: F401: it knows the way to test/lib/life
    import damages
    import logs
    import others
    import replays as market_replays
    import wholes


def main(folder):
    replays = market_replays.Replays(folder, harness.chance(market_replays.SEED), symbols=6)
    replays.live_undisturbed()
    for check in [*wholes.CHECKS, *damages.CHECKS, *logs.CHECKS, *others.CHECKS]:
        harness.tell(check.__doc__, check, replays)


if __name__ == "__main__":
    harness.in_folder("verify", main, reader=pyarrow, seeds=f"CRASH_SEED={market_replays.SEED}")
    harness.end()
