"""The verbs that write, with less space than they need: each attempt ends with an error and changes nothing; with enough space the result is
the same as on a large disk."""

import os
import pathlib
import shutil
import subprocess

import pyarrow
import pyarrow.parquet

import look
from disks import Disk
from life import PATIENCE, TIDEMARK
from market import quiet_market
from running import room_for, says_full


def tidemark(*words, **options):
    return subprocess.run([TIDEMARK, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE,
                          env={"PATH": os.environ["PATH"]}, **options)


def rows_of(table):
    """All rows in the files of a table, sorted."""
    files = sorted(path for path in pathlib.Path(table).rglob("*.parquet") if not path.name.startswith("."))
    rows = pyarrow.concat_tables([pyarrow.parquet.read_table(path, partitioning=None) for path in files])
    return rows.sort_by([(name, "ascending") for name in rows.column_names if name != "late"])


def until_there_is_room(disk, held, *words, allowed=lambda said, before, after: False):
    """Tries with more and more space, at first with none. A failed attempt changes no data, except for
    `allowed`. Returns the number of failures."""
    room, failures = 0, 0
    while True:
        disk.throw_out()
        disk.fill(room)
        before = look.everything(held)
        said = tidemark(*words)
        if said.returncode == 0:
            assert failures, "it needed no room"
            return failures
        assert said.returncode == 1, (said.returncode, said.stderr)
        assert says_full(said.stderr), said.stderr
        after = look.everything(held)
        assert after == before or allowed(said.stderr, before, after), (said.stderr, look.changes(before, after))
        if pathlib.Path(held, "lake").exists():
            look.lake_is_whole(pathlib.Path(held, "lake"))
        failures += 1
        room = max(2 * room, 16 << 10)
        assert room < 1 << 30, said.stderr


def same_lake(data, right):
    for table in ("stock_trends", "bars"):
        assert rows_of(data / "lake" / table).equals(rows_of(right / "lake" / table)), table


def importing(replays):
    """an import on a full disk is whole or nothing of it is there, and says which"""
    place = replays.folder / "import"
    place.mkdir()
    (place / "bars.jsonl").write_bytes(b"\n".join(quiet_market(TIDEMARK, 40, 1_500, "0s", 5)) + b"\n")
    right = place / "right"
    assert tidemark("import", place / "bars.jsonl", "--data", right).returncode == 0
    disk = Disk(place / "data", 80)

    def is_told(said, before, after):
        """The import was already committed, and reports so, when space ran out for the recompute."""
        return "the import is whole" in said and any(name.startswith("lake/.imports/") for name in look.changes(before, after)) \
            or "the import is whole" in said and any("stock_trends" in name for name in look.changes(before, after))

    failures = until_there_is_room(disk, disk.place, "import", place / "bars.jsonl", "--data", disk.place, allowed=is_told)
    print(f"# {failures} tries were too early")
    left = [path for path in (disk.place / "lake/.imports").iterdir() if not path.name.endswith(".json")]
    assert not left, left
    found, should = rows_of(disk.place / "lake/stock_trends"), rows_of(right / "lake/stock_trends")
    assert found.equals(should), "the trends"


def recomputing(replays):
    """recompute on a full disk leaves the day as it was, or makes it anew"""
    data = replays.folder / "recompute/data"
    disk = Disk(data, room_for(replays, "lake") + 40)
    shutil.copytree(replays.folder / "undisturbed/data/lake/bars", data / "lake/bars")
    right = replays.folder / "recompute/right"
    shutil.copytree(data / "lake", right / "lake")
    day = ["--day", "2026-01-05"]
    assert tidemark("recompute", *day, "--data", right).returncode == 0
    print(f"# {until_there_is_room(disk, data, 'recompute', *day, '--data', data)} tries were too early")
    same_lake(data, right)


def compacting(replays):
    """compact on a full disk leaves the day as it was, or merges it"""
    data = replays.folder / "compact/data"
    disk = Disk(data, room_for(replays, "lake") + 40)
    shutil.copytree(replays.folder / "undisturbed/data/lake", data / "lake")
    split(data / "lake/stock_trends")
    right = replays.folder / "undisturbed/data"
    print(f"# {until_there_is_room(disk, data, 'compact', '--data', data)} tries were too early")
    assert len(list((data / "lake/stock_trends").rglob("*.parquet"))) < 3 * len(list((data / "lake/stock_trends").iterdir()))
    same_lake(data, right)


def split(table):
    """Splits each file into three, with valid names of the lake."""
    for path in sorted(table.rglob("*.parquet")):
        kind, begin, end = path.stem.split("-")
        rows = pyarrow.parquet.read_table(path, partitioning=None)
        begin, third = int(begin), rows.num_rows // 3
        path.unlink()
        for number in range(3):
            piece = rows.slice(number * third, third if number < 2 else None)
            first, last = begin + number * third, int(end) if number == 2 else begin + (number + 1) * third
            pyarrow.parquet.write_table(piece, path.with_name(f"{kind}-{first:012}-{last:012}.parquet"))


def backing_up(replays):
    """a backup to a full disk leaves nothing that could be taken for one, and restore to a full disk neither"""
    data = replays.folder / "undisturbed/data"
    disk = Disk(replays.folder / "backup/there", room_for(replays, "") + 40)
    words = ["backup", disk.place / "monday", "--data", data]
    print(f"# {until_there_is_room(disk, disk.place, *words)} tries were too early")
    assert tidemark("restore", "--check", disk.place / "monday").returncode == 0
    other = Disk(replays.folder / "backup/again", room_for(replays, "") + 40)
    words = ["restore", disk.place / "monday", "--data", other.place / "data"]
    print(f"# {until_there_is_room(other, other.place, *words)} tries were too early")
    replays.compare(other.place / "data")


CHECKS = [importing, recomputing, compacting, backing_up]
