"""Kills `tidemark run` at random moments, restarts it on the same data, and compares the final state
with an undisturbed run and with the contract's reference.

    CRASH_KILLS   how many kills in all (30)
    CRASH_SEED    the seed, 1 by default: the same result for a commit, except for moments that depend on the machine
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "lib"), str(TEST / "lib/life")]

import harness  # noqa: E402
import life  # noqa: E402
from harness import Skip  # noqa: E402
from life import TIDEMARK, Life, Moments, nobody  # noqa: E402

KILLS = int(os.environ.get("CRASH_KILLS") or 30)

try:
    import pyarrow  # noqa: F401: evidence.py reads with it
except ImportError:
    pyarrow = None
else:
    import evidence
    from replays import SEED, Reference, Replays, account_of, arrivals_of
    from story import Story


def share(part):
    return max(1, round(KILLS * part))


def check_simulator(folder, chance):
    """the simulator's bars have no gap and no double over kills, and their trends are the reference's"""
    words = ["--feed", "simulator", "--symbols", "20", "--seed", "11", "--speed", "1200", "--store-every", "1s"]
    data = folder / "simulator" / "data"
    data.parent.mkdir()
    story = Story(Moments(chance, 1.0), words)
    assert not story.lives(data, share(0.15)), "a simulator has no end"
    with Life(data, *words) as one:
        before = account_of(one.status())["read"]
        one.wait_until(lambda: account_of(one.status())["read"] > before + 100, "more bars after the last restart")
        one.end()
    print(f"{story.summary()}; 1 data directory")

    log = evidence.read_log(data)
    bars = [row[3] for row in log["alpaca_trends"] if row[1] == b"data"]
    first = json.loads(bars[0])["timestamp"]
    market_words = ["--symbols", "20", "--seed", "11", "--start", first, "--minutes", str(len(bars) // 20 + 1)]
    right = subprocess.run([TIDEMARK, "simulate", *market_words], check=True, capture_output=True).stdout.splitlines()
    assert bars == right[:len(bars)], evidence.first_difference(bars, right[:len(bars)])
    check_minutes(log["alpaca_trends"])
    Reference(arrivals_of(log)).agrees_with(log)
    evidence.read_lake(data, log)


def check_minutes(arrivals):
    """Twenty bars of a minute, then the heartbeat at its end, then the next minute."""
    minute = None
    for index, (_, kind, _, value, when, _) in enumerate(arrivals):
        if index % 21 == 20:
            assert (kind, when) == (b"heartbeat", (minute + 60) * 1_000_000_000), f"offset {index}: {kind}, {when}"
            continue
        text = json.loads(value)["timestamp"]
        found = int(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp())
        if index % 21 == 0:
            assert minute is None or found == minute + 60, f"offset {index}: {text} does not follow"
            minute = found
        assert kind == b"data" and found == minute, f"offset {index}: {text}"


def check_second_process(folder, _):
    """a second process on the directory is refused with exit code 3 and the pid of the first, which goes on"""
    data = folder / "second" / "data"
    data.parent.mkdir()
    with Life(data, "--feed", "simulator") as first:
        first.url()
        second = subprocess.run([TIDEMARK, "run", "--port", "0", "--data", str(data)], capture_output=True, text=True,
                                timeout=life.PATIENCE, cwd=data.parent)
        assert second.returncode == 3, (second.returncode, second.stderr)
        assert re.search(rf"\b{first.process.pid}\b", second.stderr) and str(data) in second.stderr, second.stderr
        first.wait_until(lambda: first.status()["account"]["read"] > 0, "it goes on")
        first.kill()
    with Life(data, "--feed", "simulator") as third:  # a killed process leaves no lock
        third.url()
        third.end()


def check_read_only(folder, _):
    """a data directory that cannot be written is refused with exit code 2 and a sentence that names it"""
    place = folder / "read-only"
    place.mkdir()
    for path in (folder, place):
        path.chmod(0o755)
    try:
        subprocess.run([TIDEMARK, "--version"], check=True, capture_output=True, **nobody())
    except (OSError, subprocess.SubprocessError) as error:
        raise Skip(f"a user without rights cannot start the program here ({error})") from None
    owned = place / "owned"
    owned.mkdir()
    with Life(owned / "data", "--feed", "simulator") as one:
        one.url()
        one.end()
    if os.geteuid() != 0:
        for path in [place, *owned.rglob("*"), owned]:
            path.chmod(path.stat().st_mode & ~0o222)
    for data in (place / "new", owned / "data"):
        said = subprocess.run([TIDEMARK, "run", "--port", "0", "--data", str(data)], capture_output=True, text=True,
                              timeout=life.PATIENCE, cwd="/", **nobody())
        assert said.returncode == 2, (data, said.returncode, said.stderr)
        assert str(data) in said.stderr and re.search(r"[Pp]ermission denied|cannot", said.stderr), said.stderr
        assert "--data" in said.stderr or "right" in said.stderr or "denied" in said.stderr, said.stderr


def cases(replays, folder):
    """The cases that compare with the undisturbed run, and the independent ones."""
    compared = {
        Replays.planted.__doc__: replays.planted,
        "a replay at full speed survives kill -9: log, lake and account are those of the undisturbed run":
            lambda: replays.killed("max", share(0.3), 0.4),
        "a paced replay survives kill -9: log, lake and account are those of the undisturbed run":
            lambda: replays.killed("5000", share(0.25), 1.2),
        Replays.trimmed.__doc__: lambda: replays.trimmed(share(0.15)),
        Replays.compacted.__doc__: lambda: replays.compacted(share(0.15)),
    }
    alone = {check.__doc__: lambda check=check: check(folder, replays.chance) for check in (check_simulator, check_second_process, check_read_only)}
    return compared, alone


def main(folder):
    replays = Replays(folder, harness.chance(SEED))
    compared, alone = cases(replays, folder)
    harness.tell(Replays.undisturbed.__doc__, replays.undisturbed, always=harness.any_chosen(compared))
    for name, check in {**compared, **alone}.items():
        harness.tell(name, check)


if __name__ == "__main__":
    harness.in_folder("crash", main, reader=pyarrow, seeds=f"CRASH_SEED={SEED} CRASH_KILLS={KILLS}")
    harness.end()
