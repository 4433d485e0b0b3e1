"""Files of the lake, damaged in every way: verify names each, moves it away, and restores what can be restored."""

import os
import shutil

import pyarrow
import pyarrow.compute
import pyarrow.parquet

from program import Report, contents, copied, files_of, tidemark


def cut(path, share):
    os.truncate(path, int(path.stat().st_size * share))


def flip(path, at):
    """Flips one bit; counted from the end if `at` is negative."""
    held = bytearray(path.read_bytes())
    held[at] ^= 4
    path.write_bytes(held)


def rewritten(path, change):
    """Rewrites the file with another program, with other rows or columns."""
    rows = pyarrow.parquet.read_table(path, partitioning=None)
    pyarrow.parquet.write_table(change(rows), path)


def footer_of(path):
    return int.from_bytes(path.read_bytes()[-8:-4], "little")


def doubled(path):
    kind, begin, end = path.stem.split("-")
    double = path.with_name(f"{kind}-{int(begin) + 1:012}-{int(end):012}.parquet")
    shutil.copy(path, double)
    return double


def to_another_day(path):
    folder = path.parent.with_name("dt=2026-01-09")
    folder.mkdir()
    path.rename(folder / path.name)


def statistics(path):
    """Makes the footer claim that symbols end earlier than they do, so that a reader would leave out the rest."""
    held = path.read_bytes()
    begin = len(held) - 8 - footer_of(path)
    footer = held[begin:]
    rows = pyarrow.parquet.read_table(path, partitioning=None)
    last = max(rows["symbol"].to_pylist()).encode()
    assert last in footer
    path.write_bytes(held[:begin] + footer.replace(last, b"A" * len(last)))


# The damage → a part of the report.
DAMAGES = {
    "half of it is missing": (lambda path: cut(path, 0.5), "Parquet magic bytes not found"),
    "its last byte is missing": (lambda path: os.truncate(path, path.stat().st_size - 1), "Parquet magic bytes not found"),
    "it is empty": (lambda path: cut(path, 0), "Parquet file size is 0 bytes"),
    "it is no Parquet at all": (lambda path: path.write_text("no Parquet " * 100), "Parquet magic bytes not found"),
    "its first byte": (lambda path: flip(path, 0), "it does not begin as a Parquet file"),
    "a bit of a page": (lambda path: flip(path, path.stat().st_size // 2), "CRC checksum verification failed"),
    "a bit at the footer's begin": (lambda path: flip(path, -8 - footer_of(path)), ""),
    "a bit of the footer's length": (lambda path: flip(path, -8), ""),
    "what readers skip rows by": (statistics, "the statistics of its column symbol are not those of its rows"),
    "it lacks a column": (lambda path: rewritten(path, lambda rows: rows.drop_columns(["feed"])), "it has no column feed"),
    "it has a column more": (lambda path: rewritten(path, lambda rows: rows.append_column("x", rows["symbol"])), "columns that are not the lake's"),
    "a column of another type": (lambda path: rewritten(path, lambda rows: rows.set_column(
        0, "symbol", pyarrow.array(range(rows.num_rows)))), "its column symbol is of another type"),
    "it lies in another day's folder": (to_another_day, "a row of it belongs to 2026-01-0"),
}


def victim(data, table):
    return max(files_of(data, table), key=lambda path: path.stat().st_size)


def each_is_named_and_repaired(replays):
    """a damaged file of the lake is named with the reason; --set-aside moves it away, --repair makes its rows again"""
    for table in ("bars", "stock_trends"):
        for what, (damage, reason) in list(DAMAGES.items())[:: 1 if table == "bars" else 4]:
            data = copied(replays.folder / "undisturbed/data", replays.folder / "damaged")
            path = victim(data, table)
            damage(path)
            told(replays, data, path, f"{table}, {what}", reason)
    for table in ("bars", "stock_trends"):
        data = copied(replays.folder / "undisturbed/data", replays.folder / "damaged")
        told(replays, data, doubled(victim(data, table)), f"{table}, it is there twice", "its offsets are in the name of")
        data = copied(replays.folder / "undisturbed/data", replays.folder / "damaged")
        foreign = victim(data, table).with_name("mine.parquet")
        shutil.copy(victim(data, table), foreign)
        told(replays, data, foreign, f"{table}, a foreign file", "it has no name of the lake")


def told(replays, data, path, what, reason):
    before = contents(data)
    report = Report(data)
    assert not report.whole, what
    named = report.names(path.name) or report.names("dt=2026-01-09")
    assert any(reason in said for said in named), (what, report.damaged)
    assert contents(data) == before, f"{what}: verify has changed something"
    human = tidemark("verify", "--data", data)
    assert human.returncode == 1 and path.name in human.stdout and "▸" in human.stdout, human.stdout

    moved = copied(data, replays.folder / "moved")
    Report(moved, "--set-aside")
    asked = tidemark("query", "SELECT count(*), min(symbol), max(close) FROM bars_all", "--data", moved)
    assert asked.returncode == 0, (what, asked.stderr)
    asked = tidemark("query", "SELECT count(*), min(symbol), max(avg_close) FROM stock_trends", "--data", moved)
    assert asked.returncode == 0, (what, asked.stderr)
    aside = [found for found in (moved / "set-aside").rglob("*.parquet")]
    assert [found.name for found in aside] == report_names(report), (what, aside, report.damaged)
    for found in aside:
        original = before["lake/" + str(found.relative_to(next((moved / "set-aside").iterdir())))]
        assert found.read_bytes() == original, what
    note = next((moved / "set-aside").glob("*/NOTE")).read_text()
    assert path.name in note, note

    place = moved if "bars" in str(path) else data  # first set aside, then repair; or both at once
    repaired = Report(place, "--repair")
    assert repaired.whole, (what, repaired.damaged)
    again = Report(place)
    assert again.whole and not again.damaged, (what, again.damaged)
    replays.compare(place)


def report_names(report):
    return sorted({where.rsplit("/", 1)[1] for where, _, _ in report.damaged if where.endswith(".parquet")})


def a_lost_file_is_found(replays):
    """a file that is gone, or has fewer rows than it had, is missed while the log holds its rows"""
    for table in ("bars", "stock_trends"):
        data = copied(replays.folder / "undisturbed/data", replays.folder / "lost")
        victim(data, table).unlink()
        report = Report(data)
        assert any("are not in the lake" in what for what in report.names(table)), report.damaged
        assert Report(data, "--repair").whole
        replays.compare(data)
    data = copied(replays.folder / "undisturbed/data", replays.folder / "lost")
    path = victim(data, "bars")
    rewritten(path, lambda rows: rows.slice(1))
    report = Report(data)
    assert any("1 rows" in what for what in report.names("bars")), report.damaged
    data = copied(replays.folder / "undisturbed/data", replays.folder / "lost")
    shutil.rmtree(data / "lake")
    report = Report(data)
    assert len(report.damaged) >= 4, report.damaged
    assert Report(data, "--repair").whole
    replays.compare(data)


def what_nobody_holds(replays):
    """rows that the log has forgotten: what is lost is said, and how it comes back; recompute makes trends of bars"""
    data = copied(replays.folder / "undisturbed/data", replays.folder / "forgotten")
    assert tidemark("compact", "--data", data).returncode == 0
    (data / "log.db").unlink()
    (bars,) = [path for path in files_of(data, "bars") if "dt=2026-01-05" in str(path)]
    (trends,) = [path for path in files_of(data, "stock_trends") if "dt=2026-01-05" in str(path)]
    kept = {path: path.read_bytes() for path in (bars, trends)}
    flip(bars, bars.stat().st_size // 2)
    flip(trends, trends.stat().st_size // 2)
    report = Report(data, "--repair", "--without-log")
    assert not report.whole, "nobody has the bars"
    cures = {where.rsplit("/", 1)[1]: cure for where, _, cure in report.damaged}
    assert f"bring lake/bars/dt=2026-01-05/{bars.name} back from a backup" in cures[bars.name], cures
    assert "`tidemark recompute --day 2026-01-05`" in cures[trends.name], cures
    bars.write_bytes(kept[bars])  # as the cure says
    made = tidemark("recompute", "--day", "2026-01-05", "--data", data)
    assert made.returncode == 0, made.stderr
    assert Report(data, "--without-log").whole


def a_bit_anywhere(replays):
    """a bit that falls over anywhere in a file is found, or changes no row for any reader"""
    data = replays.folder / "bits/data"
    for table in ("bars", "stock_trends"):
        source = victim(replays.folder / "undisturbed/data", table)
        folder = data / "lake" / table / source.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        held = source.read_bytes()
        right = pyarrow.parquet.read_table(source, partitioning=None)
        kind, begin, end = source.stem.split("-")
        size = int(end) - int(begin)
        footer = footer_of(source)
        places = {*range(0, len(held), len(held) // 80), *range(len(held) - 8 - footer, len(held), max(1, footer // 200))}
        names = {}
        for number, at in enumerate(sorted(places)):
            path = folder / f"{kind}-{number * size:012}-{(number + 1) * size:012}.parquet"
            path.write_bytes(held)
            flip(path, at)
            names[path.name] = (at, path)
        report = Report(data, "--without-log")
        silent = [(at, path) for name, (at, path) in names.items() if not report.names(name)]
        for at, path in silent:
            assert pyarrow.parquet.read_table(path, partitioning=None).equals(right), f"{table}: byte {at} of {len(held)}"
        print(f"# {table}: {len(places)} bits, {len(places) - len(silent)} named, {len(silent)} that change nothing")
        assert len(silent) < len(places) // 2
        shutil.rmtree(folder)


CHECKS = [each_is_named_and_repaired, a_lost_file_is_found, what_nobody_holds, a_bit_anywhere]
