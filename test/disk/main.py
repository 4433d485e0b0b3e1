"""Fills the disk under `tidemark run`, and under the verbs that write: the trouble is told with its cure, nothing is damaged, and
when there is room again all goes on by itself and ends as if nothing had happened.

    CRASH_SEED   the chance of the market (test/crash)
"""

import functools
import os
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "crash"))

try:
    import pyarrow  # noqa: F401
except ImportError:
    pyarrow = None
else:
    import check as crash
    import disks
    import rights
    import running
    import verbs

HAS_MOUNTS = os.environ.get("TIDEMARK_MOUNTS") == "yes"


def main():
    if pyarrow is None:
        print("skip - full disks: there is no pyarrow to read the lake with")
        return 0
    print(f"# CRASH_SEED={crash.SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tidemark-disk-") as place:
        folder = pathlib.Path(place)
        replays = crash.Replays(folder, random.Random(crash.SEED))
        replays.live_undisturbed()
        good = []
        for check in [*running.CHECKS, *verbs.CHECKS, *rights.CHECKS]:
            good.append(crash.tell(check.__doc__, functools.partial(attempt, check, replays)))
    return 0 if all(good) else 1


def attempt(check, replays):
    if not HAS_MOUNTS and check not in [*running.WITHOUT_MOUNTS, *rights.WITHOUT_MOUNTS]:
        raise crash.Skip("no file system can be mounted here, not even in a user's name space")
    try:
        check(replays)
    finally:
        disks.unmount_all()


if __name__ == "__main__":
    sys.exit(main())
