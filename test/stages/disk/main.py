"""Fills the disk under `tidemark run` and under the verbs that write: the trouble is reported with its cure, nothing is damaged, and
with free space everything continues by itself and ends as if nothing had happened.

    CRASH_SEED   the seed of the market (test/lib/life/replays.py)
"""

import os
import pathlib
import sys

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib/life"), str(TEST / "lib")]

import harness  # noqa: E402

try:
    import pyarrow  # noqa: F401
except ImportError:
    pyarrow = None
else:
    import disks
    import replays as market_replays
    import rights
    import running
    import verbs

HAS_MOUNTS = os.environ.get("TIDEMARK_MOUNTS") == "yes"


def main(folder):
    replays = market_replays.Replays(folder, harness.chance(market_replays.SEED))
    replays.live_undisturbed()
    for check in [*running.CHECKS, *verbs.CHECKS, *rights.CHECKS]:
        harness.tell(check.__doc__, attempt, check, replays)


def attempt(check, replays):
    if not HAS_MOUNTS and check not in [*running.WITHOUT_MOUNTS, *rights.WITHOUT_MOUNTS]:
        raise harness.Skip("no file system can be mounted here, not even in a user's name space")
    try:
        check(replays)
    finally:
        disks.unmount_all()


if __name__ == "__main__":
    harness.in_folder("disk", main, reader=pyarrow, seeds=f"CRASH_SEED={market_replays.SEED}")
    harness.end()
