"""`tidemark verify`: directories in which nothing is wrong are found whole, and whatever is damaged is named, moved out of the way and made
again from what is whole.

    CRASH_SEED   the chance of the market and the kills (test/crash)
"""

import functools
import pathlib
import random
import sys
import tempfile

try:
    import pyarrow  # noqa: F401
except ImportError:
    pyarrow = None
else:
    import program  # noqa: F401: it knows the way to test/crash
    import check as crash
    import damages
    import logs
    import others
    import wholes


def main():
    if pyarrow is None:
        print("skip - verify: there is no pyarrow to read the lake with")
        return 0
    print(f"# CRASH_SEED={crash.SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tidemark-verify-") as place:
        replays = crash.Replays(pathlib.Path(place), random.Random(crash.SEED), symbols=6)
        replays.live_undisturbed()
        good = []
        for check in [*wholes.CHECKS, *damages.CHECKS, *logs.CHECKS, *others.CHECKS]:
            good.append(crash.tell(check.__doc__, functools.partial(check, replays)))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
