"""Damages the log of a run that has ended or was killed, in many ways, and restarts the run.

Damage of log.db must be reported with the file and a cure, and nothing may be touched. A cut or torn -wal is what a power cut leaves:
SQLite keeps the intact part, the feed brings the rest again, and the final state equals an undisturbed run. trials.py damages at random.
"""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402
import trials  # noqa: E402

TIDEMARK = os.environ.get("TIDEMARK") or str(pathlib.Path(__file__).parents[3] / "build/release/tidemark")
ENVIRONMENT = {"PATH": os.environ["PATH"]}
TOPICS = ["alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars", "alpaca_dead_letters"]


def command(*words):
    return [TIDEMARK, "run", "--port", "0", "--data", "data", "--store-every", "1s", *words, "bars.jsonl"]


def run(folder):
    return subprocess.run(command("--speed", "max", "--exit-at-end"), cwd=folder, env=ENVIRONMENT, capture_output=True, text=True,
                          timeout=90)


def begin(folder):
    folder.mkdir()
    with open(folder / "bars.jsonl", "wb") as bars:
        subprocess.run([TIDEMARK, "simulate", "--symbols", "50", "--minutes", "300", "--shuffle", "2m"], stdout=bars, check=True)
    return folder


def ended(folder):
    begin(folder)
    run(folder).check_returncode()
    return folder


def live_until_wal_has(folder, size):
    wal = folder / "data/log.db-wal"
    process = subprocess.Popen(command("--speed", "1500"), cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (wal.exists() and wal.stat().st_size > size) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    lived = process.poll() is None
    process.kill()
    process.wait()
    assert lived, "it ended before there was enough to damage"
    return wal.stat().st_size


def killed(folder):
    """A run killed in its middle, with commits only in the -wal, and no checkpoint since it started."""
    begin(folder)
    live_until_wal_has(folder, 4_000_000)
    with contextlib.closing(sqlite3.connect(folder / "data/log.db")) as log:
        log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert live_until_wal_has(folder, 1_500_000) < 1_000 * 16_384, "there may have been a checkpoint"
    return folder


def tables(data):
    with contextlib.closing(sqlite3.connect(data / "log.db")) as log:
        return {topic: log.execute(f"SELECT offset, kind, key, value, time FROM {topic} ORDER BY offset").fetchall() for topic in TOPICS}


def files(data):
    """The files worth keeping: without the shared memory and the lock file."""
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*")
            if path.is_file() and path.name not in ("log.db-shm", "tidemark.pid")}


def overwrite(path, share, length):
    at = int(path.stat().st_size * share)
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(b"\xff" * length)


def cut(path, share):
    os.truncate(path, int(path.stat().st_size * share))


DAMAGED_FILE = {
    "its first bytes": lambda log: overwrite(log, 0, 100),
    "its tables' names": lambda log: overwrite(log, 100 / log.stat().st_size, 8_000),
    "its middle": lambda log: overwrite(log, 0.3, int(log.stat().st_size * 0.4)),
    "half of it is missing": lambda log: cut(log, 0.5),
    "its last bytes are missing": lambda log: os.truncate(log, log.stat().st_size - 5_000),
}
DAMAGED_WAL = {
    "half of it is missing": lambda wal: cut(wal, 0.5),
    "it has no header": lambda wal: overwrite(wal, 0, 64),
    "it is torn in its middle": lambda wal: overwrite(wal, 0.5, 100),
    "it is gone": lambda wal: wal.unlink(),
}


def copied(folder, place):
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("*.sock"))
    return place / "data"


def a_damaged_file_is_told_and_left_alone(place):
    whole = ended(place / "whole")
    for what, damage in DAMAGED_FILE.items():
        data = copied(whole, place / "damaged")
        damage(data / "log.db")
        before = files(data)
        refused = run(data.parent)
        assert refused.returncode == 1, (what, refused.returncode, refused.stderr)
        assert "data/log.db is damaged: " in refused.stderr and "restore both from a backup" in refused.stderr, (what, refused.stderr)
        assert files(data) == before, f"{what}: something was touched"


def a_wal_without_its_file_is_left_alone(place):
    folder = killed(place / "killed")
    for what, damage in {"empty": lambda log: os.truncate(log, 0), "missing": lambda log: log.unlink()}.items():
        data = copied(folder, place / "damaged")
        damage(data / "log.db")
        before = files(data)
        refused = run(data.parent)
        assert refused.returncode == 2 and f"log.db is {what}" in refused.stderr, (what, refused.returncode, refused.stderr)
        assert files(data) == before, f"{what}: something was touched"


def what_a_torn_wal_has_lost_comes_again_or_is_told(place):
    right = tables(ended(place / "undisturbed") / "data")
    folder = killed(place / "killed")
    went_on = 0
    for what, damage in DAMAGED_WAL.items():
        data = copied(folder, place / "damaged")
        damage(data / "log.db-wal")
        before = files(data)
        again = run(data.parent)
        if again.returncode == 2:  # the lake has what the log has lost
            assert "log.db is older than data/lake" in again.stderr, (what, again.stderr)
            lake = {name: held for name, held in before.items() if name.endswith(".parquet")}
            assert {name: held for name, held in files(data).items() if name.endswith(".parquet")} == lake, f"{what}: the lake was touched"
            print(f"# {what}: the lake is ahead")
            continue
        assert again.returncode == 0, (what, again.returncode, again.stderr)
        found = tables(data)
        for topic, rows in right.items():
            assert found[topic] == rows, f"{what}: {topic} has {len(found[topic])} rows, {len(rows)} in the undisturbed run"
        went_on += 1
    print(f"# {went_on} of {len(DAMAGED_WAL)} went on")


for check in (a_damaged_file_is_told_and_left_alone, a_wal_without_its_file_is_left_alone,
              what_a_torn_wal_has_lost_comes_again_or_is_told):
    with tempfile.TemporaryDirectory(prefix="tidemark-damage-") as place:
        harness.tell(f"damage: {check.__name__.replace('_', ' ')}", check, pathlib.Path(place))
for check in (trials.checksums_are_what_is_described, trials.the_cures_work, trials.nothing_wrong_is_shown_as_right):
    with tempfile.TemporaryDirectory(prefix="tidemark-damage-") as place:
        harness.tell(f"damage: {check.__name__.replace('_', ' ')}", check, pathlib.Path(place), TIDEMARK)
harness.end()
