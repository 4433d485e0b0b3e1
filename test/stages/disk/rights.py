"""Directories without write permission: for a while under a run, or permanently for the verbs that only read."""

import contextlib
import http.client
import os
import re
import shutil
import subprocess

from harness import Skip
import look
from disks import Disk
from life import TIDEMARK, Life, nobody
from running import room_for
from verbs import split, tidemark


def lake_remounted(replays):
    """a lake that is mounted read-only under a run: told with the cure, and mounted writable it goes on to the same end"""
    data = replays.folder / "remounted/data"
    disk = Disk(data / "lake", room_for(replays, "lake"))
    with Life(data, *replays.words("3000"), "--retry-delay", "1s", "--exit-at-end") as one:
        one.wait_until(lambda: look.lake_is_whole(disk.place), "the first files are there")
        one.wait_until(lambda: locked_out(disk), "nothing is being written, so that it can be mounted again")
        tells_and_goes_on(replays, one, "Read-only file system; mount it writable", lambda: disk.mount_again("rw"))


def locked_out(disk):
    """Remounts it read-only. False if a file is open for writing, which the system refuses."""
    try:
        disk.mount_again("ro")
    except subprocess.CalledProcessError:
        return False
    return True


def tells_and_goes_on(replays, one, error, give_back):
    one.wait_until(lambda: any(error in told for _, told, _ in look.retries(one)), f"it tells: {error}")
    one.wait_until(lambda: look.readiness(one)[0] == 503, "/readyz says it")
    status, reason = look.readiness(one)
    assert reason.startswith("store: ") and error in reason, reason
    assert look.failing(one) == {"store"}, look.failing(one)
    look.log_is_whole(one.data)
    give_back()
    one.wait_until(lambda: "agent.recovered agent=store" in one.journal(), "the store goes on")
    with contextlib.suppress(OSError, http.client.HTTPException):  # it may be ending
        ready, why = look.readiness(one)
        assert ready == 200 or why == "ending", why
    one.wait_for_end()
    replays.compare(one.data)


def rights_taken_away(replays):
    """a lake whose folders lose the right to be written under a run: told with the cure, and with the rights it goes on"""
    place = replays.folder / "rights"
    place.mkdir()
    for path in (replays.folder, place, place.parent):
        path.chmod(0o755)
    who = nobody()
    try:
        subprocess.run([TIDEMARK, "--version"], check=True, capture_output=True, **who)
    except (OSError, subprocess.SubprocessError) as error:
        raise Skip(f"a user without rights cannot start the program here ({error})") from None
    if who:
        os.chown(place, who["user"], who["group"])
    data = place / "data"
    with Life(data, *replays.words("3000"), "--retry-delay", "1s", "--exit-at-end", **who) as one:
        one.wait_until(lambda: (data / "lake/bars").exists() and look.lake_is_whole(data / "lake"), "the first files are there")
        folders = [data / "lake", *(path for path in (data / "lake").rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        if not who and os.access(data / "lake/bars", os.W_OK):
            raise Skip("whoever runs this may write everywhere")

        def give_back():
            for folder in folders:
                folder.chmod(0o755)
        tells_and_goes_on(replays, one, "Permission denied; give this user the right to write there", give_back)


def reading_what_cannot_be_written(replays):
    """query, doctor, verify and backup read a directory that is read-only as a whole; whoever has to write says so at once"""
    for how, data in (("after its end", ended(replays)), ("after kill -9", killed(replays))):
        disk = Disk(replays.folder / f"read-only {how}/da?ta", room_for(replays, "") + 40)
        shutil.copytree(data, disk.place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
        disk.mount_again("ro")
        only_read(replays, disk.place, how)
        refused = tidemark("run", "--port", 0, "--data", disk.place)
        assert refused.returncode == 2 and "mount it writable" in refused.stderr, refused.stderr


def writing_where_it_is_forbidden(replays):
    """whoever has to write to a read-only directory says so at once, with the cure, and waits for nobody"""
    disk = Disk(replays.folder / "forbidden/data", room_for(replays, "lake") + 40)
    shutil.copytree(ended(replays) / "lake", disk.place / "lake")
    split(disk.place / "lake/bars")
    shutil.rmtree(next((disk.place / "lake/stock_trends").iterdir()))
    disk.mount_again("ro")
    for verb in (["import", replays.file], ["compact"], ["recompute", "--from", "2026-01-05", "--to", "2026-01-06"], ["verify", "--repair", "--without-log"]):
        said = tidemark(*verb, "--data", disk.place)
        if verb[0] == "verify":  # there is nothing to repair
            assert said.returncode == 0, said
            continue
        assert said.returncode == 1, (verb, said)
        assert "Read-only file system" in said.stderr and "mount it writable" in said.stderr, (verb, said.stderr)


def only_read(replays, data, how):
    rows = sum(day.num_rows for day in replays.lake["bars"].values())
    asked = tidemark("query", "--format", "csv", "SELECT count(*) AS rows FROM bars_all", "--data", data)
    assert asked.returncode == 0 and (how == "after kill -9" or asked.stdout.split() == ["rows", str(rows)]), (how, asked)
    doctor = tidemark("doctor", "--port", 0, "--data", data)
    assert re.search(r"ok +log +log\.db, .*whole", doctor.stdout), (how, doctor.stdout)
    assert re.search(r"FAIL +data directory", doctor.stdout), (how, doctor.stdout)
    verified = tidemark("verify", "--data", data)
    assert verified.returncode == 0, (how, verified.stdout, verified.stderr)
    copy = replays.folder / f"copy {how}"
    saved = tidemark("backup", copy, "--data", data)
    assert saved.returncode == 0, (how, saved.stderr)
    restored = copy.with_name(f"restored {how}")
    assert tidemark("restore", copy, "--data", restored).returncode == 0
    went_on = tidemark("run", "--port", 0, "--data", restored, *replays.words("max"), "--exit-at-end")
    assert went_on.returncode == 0, went_on.stderr
    replays.compare(restored)


def ended(replays):
    return replays.folder / "undisturbed/data"


def killed(replays):
    data = replays.folder / "killed/data"
    data.parent.mkdir()
    with Life(data, *replays.words("20000")) as one:
        one.wait_until(lambda: (data / "lake/bars").exists() and list((data / "lake/bars").rglob("*.parquet")), "the first files are there")
        one.kill()
    return data


def wal_without_its_memory(replays):
    """a WAL that cannot be read without writing beside it is told with the cure, and verify looks at the lake all the same"""
    data = replays.folder / "killed/data"
    disk = Disk(replays.folder / "memory/data", room_for(replays, "") + 40)
    shutil.copytree(data, disk.place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
    (disk.place / "log.db-shm").unlink()
    disk.mount_again("ro")
    for verb in (["verify"], ["backup", disk.place.with_name("copy")]):
        said = tidemark(*verb, "--data", disk.place)
        assert said.returncode in (1, 2), said
        assert "copy the folder to where it can be written" in said.stdout + said.stderr, said


CHECKS = [lake_remounted, rights_taken_away, reading_what_cannot_be_written, writing_where_it_is_forbidden, wal_without_its_memory]
WITHOUT_MOUNTS = [rights_taken_away]
