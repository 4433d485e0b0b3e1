"""`tidemark verify`: intact directories are found whole, and all damage is named, moved out of the way and restored
from intact data.

    CRASH_SEED   the seed of the market and the kills (test/lib/life/replays.py)
"""

import pathlib
import sys
import tempfile

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


def main():
    if pyarrow is None:
        harness.skip("verify", "there is no pyarrow to read the lake with")
        return
    print(f"# CRASH_SEED={market_replays.SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tidemark-verify-") as place:
        replays = market_replays.Replays(pathlib.Path(place), harness.chance(market_replays.SEED), symbols=6)
        replays.live_undisturbed()
        for check in [*wholes.CHECKS, *damages.CHECKS, *logs.CHECKS, *others.CHECKS]:
            harness.tell(check.__doc__, check, replays)


if __name__ == "__main__":
    main()
    harness.end()
