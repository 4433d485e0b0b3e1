"""`tidemark run` at full speed on a full disk: first it reports that, then it gets space piece by piece, so that it reaches the
end of the disk at many points."""

import http.client
import os
import re
import resource
import shutil
import subprocess

import look
from disks import Disk
from life import PATIENCE, TIDEMARK, Life

RETRY = ["--retry-delay", "1s"]


def room_for(replays, part):
    """The bytes that a part of the undisturbed directory takes, in whole megabytes with some spare."""
    whole = replays.folder / "undisturbed/data" / part
    return sum(path.stat().st_size for path in [whole, *whole.rglob("*")] if path.is_file()) // (1 << 20) + 40


def says_full(error):
    return "free some space there" in error and ("full" in error or "No space left on device" in error)


def goes_on(replays, life, disk, agents, pieces):
    """Waits for trouble, checks everything, frees space, and repeats until no ballast is left."""
    seen = rounds = 0
    while True:
        told = life.wait_until(lambda: look.retries(life)[seen:] or life.has_ended(), "it tries again, or has done all")
        if told is True:
            break
        seen += len(told)
        for agent, error, wait in told:
            assert says_full(error), error
            assert wait >= 500, (agent, error, wait)  # at least half of --retry-delay, so no agent spins
        if rounds == 0:
            look_at_trouble(life, agents)
        rounds += 1
        if not disk.throw_out(pieces):
            break
    assert rounds > 1, "the disk was never full, or stayed so"
    disk.throw_out()
    journal = life.wait_for_end()
    recovered = set(re.findall(r"agent\.recovered agent=(\w+)", journal))
    assert recovered >= agents & {agent for agent, _, _ in look.retries(life)}, recovered
    replays.compare(life.data)
    print(f"# full {rounds} times, {len(look.retries(life))} tries")


def look_at_trouble(life, agents):
    """Once it is stuck: which agents report it, and whether everything is intact."""
    def is_told():
        waiting = look.failing(life) & agents
        status, reason = look.readiness(life)
        return status == 503 and says_full(reason) and any(f"{agent}: " in reason for agent in waiting)

    life.wait_until(is_told, f"/metrics and /readyz say which of {agents} fails, and why")
    assert life.status()["account"]["read"] >= 0, "the page answers"
    look.log_is_whole(life.data)
    look.lake_is_whole(life.data / "lake")


def words(replays):
    return [*replays.words("max"), *RETRY, "--exit-at-end"]


def everything_on_the_full_disk(replays):
    """log and lake on a full disk: told, whole, and in the end the same as undisturbed"""
    disk = Disk(replays.folder / "all/data", room_for(replays, ""))
    disk.fill(2 << 20)
    with Life(disk.place, *words(replays)) as one:
        goes_on(replays, one, disk, {"ingest", "analyze", "store"}, 6)


def lake_on_the_full_disk(replays):
    """only the lake's disk is full: the page stays live, the store tells and waits, in the end the lake is the same"""
    data = replays.folder / "lake/data"
    disk = Disk(data / "lake", 4, 512 << 10)
    disk.fill(64 << 10)
    with Life(data, *words(replays)) as one:
        one.wait_until(lambda: look.retries(one), "the store tells")
        assert {agent for agent, _, _ in look.retries(one)} == {"store"}, look.retries(one)
        one.wait_until(lambda: one.status()["feed"]["state"] == "ended", "the feed is read to its end all the same")
        goes_on(replays, one, disk, {"store"}, 1)


def lake_behind_a_link(replays):
    """the same with a lake that is a symbolic link to another disk"""
    data = replays.folder / "link/data"
    disk = Disk(replays.folder / "link/other", 4, 512 << 10)
    (disk.place / "lake").mkdir()
    data.mkdir()
    (data / "lake").symlink_to(disk.place / "lake")
    disk.fill(64 << 10)
    with Life(data, *words(replays)) as one:
        goes_on(replays, one, disk, {"store"}, 1)
    assert (data / "lake").is_symlink()


def log_on_the_full_disk(replays):
    """only the log's disk is full, and its WAL cannot grow: told, whole, and in the end the same"""
    disk = Disk(replays.folder / "log/data", room_for(replays, "log.db"))
    (replays.folder / "log/lake").mkdir()
    (disk.place / "lake").symlink_to(replays.folder / "log/lake")
    disk.fill(1 << 20)
    with Life(disk.place, *words(replays)) as one:
        goes_on(replays, one, disk, {"ingest", "analyze"}, 6)


def limit_of_file_size(replays):
    """a limit of the files' size, which needs no disk: told with its cure, and raised it goes on to the same end"""
    data = replays.folder / "limit/data"
    data.parent.mkdir()
    limit = 3 << 20
    few = limited_to(limit)
    with Life(data, *words(replays), preexec_fn=few) as one:
        told = one.wait_until(lambda: look.retries(one), "it tells of the limit")
        for _, error, _ in told:
            assert "File too large; raise the limit of a file's size (ulimit -f)" in error, error
        look.log_is_whole(data)
        while not one.has_ended():
            limit += 4 << 20
            resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            seen = len(look.retries(one))
            one.wait_until(lambda: len(look.retries(one)) > seen or has_read_all(one), "it meets the next limit")
            if has_read_all(one):
                break
        if not one.has_ended():
            resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        one.wait_for_end()
    replays.compare(data)


def has_read_all(life):
    """The process may end during the request."""
    if life.has_ended():
        return True
    try:
        return life.status()["feed"]["state"] == "ended"
    except (OSError, http.client.HTTPException):
        return False


def limited_to(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def full_at_the_start(replays):
    """a disk that is full at the very start: exit code 1 and a sentence with the cure; with room it starts"""
    disk = Disk(replays.folder / "start/data", 80)
    disk.fill(0)
    for _ in range(2):  # the second time some files exist
        refused = start(disk.place)
        assert refused.returncode == 1, (refused.returncode, refused.stderr)
        assert says_full(refused.stderr) and str(disk.place) in refused.stderr, refused.stderr
    disk.throw_out()
    with Life(disk.place, *words(replays)) as one:
        one.wait_for_end()
    replays.compare(disk.place)


def full_at_a_later_start(replays):
    """a full disk at the start upon a directory that holds something: told with exit code 1, nothing changes, with room it goes on"""
    disk = Disk(replays.folder / "later/data", room_for(replays, ""))
    shutil.copytree(replays.folder / "undisturbed/data", disk.place, dirs_exist_ok=True)
    before = look.everything(disk.place)
    disk.fill(0)
    refused = start(disk.place)
    assert refused.returncode == 1 and says_full(refused.stderr), (refused.returncode, refused.stderr)
    after = look.everything(disk.place)
    assert {name: held for name, held in after.items() if held} == before, look.changes(before, after)
    disk.throw_out()
    again = start(disk.place, *replays.words("max"), "--exit-at-end")
    assert again.returncode == 0, again.stderr
    replays.compare(disk.place)


def start(data, *words):
    return subprocess.run([TIDEMARK, "run", "--port", "0", "--data", str(data), *words], capture_output=True, text=True,
                          timeout=PATIENCE, cwd=data.parent, env={"PATH": os.environ["PATH"]})


CHECKS = [everything_on_the_full_disk, lake_on_the_full_disk, lake_behind_a_link, log_on_the_full_disk, limit_of_file_size,
          full_at_the_start, full_at_a_later_start]
WITHOUT_MOUNTS = [limit_of_file_size]
