"""Writes a lake with the program and reads it with pyarrow, DuckDB, `tidemark query`, Spark and Hive's DDL.

All must see the columns that docs/lake.md promises and exactly the rows that the contract's reference computes. Then every
question of docs/questions.md is asked and its answer compared (expected.py), and every question of docs/hiveql.md is compared with Spark's answer.
"""

import datetime
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import expected  # noqa: E402
import harness  # noqa: E402
import market  # noqa: E402
from readers import READERS, Hive, Spark, ask, has_java, prefer_java_17  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]


def same(found, wanted):
    """Compares values: computed doubles may differ in the last bits, everything else must be equal, types included."""
    if isinstance(wanted, float):
        return isinstance(found, (float, Decimal)) and math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    return found == wanted


def check_rows(found, wanted):
    for number, (row, right) in enumerate(zip(found, wanted)):
        if len(row) != len(right) or not all(map(same, row, right)):
            raise AssertionError(f"row {number}\n  is        {tuple(row)}\n  should be {tuple(right)}")
    if len(found) != len(wanted):
        raise AssertionError(f"{len(found)} rows, should be {len(wanted)}")


def compare(reader, lake, wanted):
    """Compares all columns in order and all rows: doubles bit by bit, decimals digit by digit."""
    columns, rows = reader.read(lake, "stock_trends")
    assert tuple(columns[:-1]) == expected.TREND_COLUMNS, columns
    assert columns[-1][0] == "dt", columns
    assert all(str(row[-1]) == row[1][:10] for row in rows), "dt is not the date of window_start"
    key = [name for name, _ in columns].index
    order = lambda row: (row[key("window_end")], row[key("symbol")])  # noqa: E731
    found, right = sorted((row[:-1] for row in rows), key=order), sorted(wanted.trends, key=order)
    assert len(found) == len(right), f"{len(found)} trends, should be {len(right)}"
    for row, should in zip(found, right):
        assert row == tuple(should), f"\n  is        {row}\n  should be {tuple(should)}"

    columns, rows = reader.read(lake, "bars")
    assert tuple(columns[:-1]) == expected.BAR_COLUMNS, columns
    at = [name for name, _ in columns].index("position")
    rows = sorted(rows, key=lambda row: row[at])
    # A position is an offset in the topic, where rejected records have offsets, too, so only the order counts.
    found = [(*row[:at], place, *row[at + 1 : -1], str(row[-1])) for place, row in enumerate(rows)]
    assert len(found) == len(wanted.bars_all), f"{len(found)} bars, should be {len(wanted.bars_all)}"
    for row, should in zip(found, wanted.bars_all):
        assert row == tuple(should), f"\n  is        {row}\n  should be {tuple(should)}"


def questions_of(page):
    """[(heading, SQL)]"""
    text = (expected.REPOSITORY / page).read_text()
    return re.findall(r"### ([^\n]*)\n(?:(?!###).)*?```sql\n(.*?)```", text, re.S)


def ask_as_spark(spark, lake, sql):
    """The table of Hive's DDL, queried by Spark with the same SQL; dates are texts in JSON."""
    right = [tuple(str(v) if isinstance(v, datetime.date) else v for v in row) for row in spark.session.sql(sql).collect()]
    assert right, "the market has nothing to answer with"
    check_rows(ask(lake, sql), right)


def ask_while_running(data):
    """Checks that each answer has every window once, and that a window that was seen stays."""
    command = [TIDEMARK, "run", "--data", data, "--port", "0", "--symbols", "50", "--speed", "600", "--store-every", "1s"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline, seen, growths = time.monotonic() + 90, 0, 0
        while growths < 5:
            assert time.monotonic() < deadline, f"the lake has grown {growths} times only"
            assert running.poll() is None, running.stderr.read().decode()
            if not (data / "lake" / "bars").exists():
                time.sleep(0.1)
                continue
            sql = "SELECT count(*), count(DISTINCT (symbol, window_start)) FROM stock_trends"
            ((rows, windows),) = ask(data / "lake", sql)
            assert rows == windows >= seen, (rows, windows, seen)
            growths += rows > seen
            seen = rows
        running.terminate()
        assert running.wait(timeout=60) == 0, running.stderr.read().decode()
    finally:
        running.kill()
        running.communicate()


def main(folder):
    lines = market.records()
    wanted = expected.Expected(lines)
    lake = folder / "data" / "lake"
    write(lake, lines, wanted)
    prefer_java_17()
    no_java = has_java()
    spark = None if no_java else Spark(folder)
    read(lake, wanted, spark, no_java)
    read_compacted(lake, wanted, spark, no_java)
    answer_questions(folder, lake, wanted)
    read_older(folder, lake, wanted)


def write(lake, lines, wanted):
    @harness.case("the market has everything in it that a lake must keep")
    def _():
        assert all(wanted.stats[name] > 0 for name in wanted.stats), wanted.stats
        assert len({bar.dt for bar in wanted.bars}) == 2
        assert {trend.trend_signal for trend in wanted.trends} == {"BULLISH", "NEUTRAL", "BEARISH"}
        assert any(bar.timestamp_ns % 1000 for bar in wanted.bars) and any(bar.vwap is None for bar in wanted.bars)

    @harness.case("the program writes the lake and ends by itself", always=True)
    def _():
        command = [TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--data", lake.parent, "--port", "0", "--exit-at-end"]
        running = subprocess.Popen([*command, "--store-every", "1s"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for part in range(4):  # that there is something to merge
            running.stdin.write("".join(line + "\n" for line in lines[part * len(lines) // 4 : (part + 1) * len(lines) // 4]))
            running.stdin.flush()
            deadline = time.monotonic() + 60
            while part < 3 and len(list(lake.glob("bars/*/*.parquet"))) <= part:
                assert time.monotonic() < deadline and running.poll() is None
                time.sleep(0.1)
        _, said = running.communicate(timeout=120)
        assert running.returncode == 0, f"ended with {running.returncode}\n{said}"
        hidden = [file for file in lake.rglob(".*") if file.name not in (".publishing", ".restating")]  # the locks
        assert not hidden, hidden


def read(lake, wanted, spark, no_java):
    for name, reader in READERS.items():
        harness.case(f"{name} reads the columns and rows of the contract")(lambda reader=reader: compare(reader(), lake, wanted))
    for name, reader in {"Spark": lambda: spark, "Spark over Hive's DDL": lambda: Hive(spark)}.items():
        harness.case(f"{name} reads the columns and rows of the contract")(
            lambda reader=reader: no_java or compare(reader(), lake, wanted)
        )

    for question, sql in questions_of("docs/hiveql.md"):
        harness.case(f"in HiveQL, as Spark answers it: {question}")(lambda sql=sql: no_java or ask_as_spark(spark, lake, sql))


def read_compacted(lake, wanted, spark, no_java):
    merged = []

    @harness.case("compaction leaves one file of each day", always=True)
    def _():
        merged.extend(day for day in lake.glob("*/dt=*") if len(list(day.iterdir())) > 1)
        before = {table: len(list((lake / table).glob("dt=*/*"))) for table in ("bars", "stock_trends")}
        assert min(before.values()) >= 4, before
        compacted = subprocess.run([TIDEMARK, "compact", "--data", lake.parent], capture_output=True, text=True, timeout=120)
        assert compacted.returncode == 0, compacted.stderr
        for table in before:
            assert all(len(list(day.iterdir())) == 1 for day in (lake / table).glob("dt=*")), compacted.stdout

    @harness.case("a compacted day is sorted by symbol and time")
    def _():
        import pyarrow.parquet

        keys_of = {"bars": ("symbol", "timestamp_ns", "position"), "stock_trends": ("symbol", "window_start")}
        assert {day.parent.name for day in merged} == set(keys_of)
        for day in merged:
            (file,) = day.iterdir()
            keys = [tuple(row[name] for name in keys_of[day.parent.name]) for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()]
            assert keys == sorted(keys) and len(keys) > 1, file

    for name, reader in READERS.items():
        harness.case(f"{name} reads the same after compaction")(lambda reader=reader: compare(reader(), lake, wanted))
    harness.case("Spark reads the same after compaction")(lambda: no_java or compare(spark, lake, wanted))


def answer_questions(folder, lake, wanted):
    @harness.case("questions are answered while the program publishes")
    def _():
        ask_while_running(folder / "busy")

    asked = questions_of("docs/questions.md")

    @harness.case("every question of docs/questions.md has an answer to compare with, and the other way round")
    def _():
        assert [question for question, _ in asked] == list(expected.ANSWERS), set(expected.ANSWERS) ^ {q for q, _ in asked}

    for question, sql in asked:

        @harness.case(question)
        def _(question=question, sql=sql):
            right = expected.ANSWERS[question](wanted)
            assert right, "the market has nothing to answer with"
            check_rows([as_wanted(row, right[0]) for row in ask(lake, sql)], right)


def read_older(folder, lake, wanted):
    @harness.case("rows of contract 1, rounded to four places, are told apart from windows that late bars would change")
    def _():
        question = "Which published windows would late bars change?"
        changed = {row[:2] for row in expected.ANSWERS[question](wanted)}
        rounded = write_as_contract_1(lake, folder / "older") - changed
        answer = ask(folder / "older" / "lake", dict(questions_of("docs/questions.md"))[question])
        assert len(rounded) > 50, rounded
        assert {row[:2]: row[-1] for row in answer} == dict.fromkeys(rounded, "other contract") | dict.fromkeys(changed, "changed data"), answer

    @harness.case("windows that are still open, and so have no row yet, are none that late bars would change")
    def _():
        question = "Which published windows would late bars change?"
        last = sorted(row.window_end for row in wanted.trends)[-200]
        write_without_trends_after(last, lake, folder / "running")
        changed = {row[:2] for row in expected.ANSWERS[question](wanted)}
        published = {(row.symbol, row.window_start) for row in wanted.trends if row.window_end <= last}
        answer = ask(folder / "running" / "lake", dict(questions_of("docs/questions.md"))[question])
        assert {tuple(row[:2]) for row in answer} == changed & published, answer

    @harness.case("a lake of contract 1 that lacks a newer column is read, verified, backed up, recomputed and merged; one of contract 2 is refused")
    def _():
        lacks_a_newer_column(lake, folder / "lacking")


def lacks_a_newer_column(lake, data):
    """The bars of contract 1 have no column `imported`, as before there were imports; and one day may mix both."""

    def ended(verb, *words, code=0):
        said = subprocess.run([TIDEMARK, verb, *words], capture_output=True, text=True, timeout=120)
        assert said.returncode == code, (verb, said)
        return said.stdout + said.stderr

    def bars():
        return ask(data / "lake", "SELECT * EXCLUDE (imported) FROM bars ORDER BY ALL"), ask(data / "lake", "SELECT count(*), count(imported) FROM bars_all")

    shutil.copytree(lake.parent, data)
    before = bars()
    files = sorted((data / "lake").glob("bars/*/*.parquet"))
    write_without(files[0], "imported", 1)
    assert bars() == before
    ended("verify", "--data", data)
    ended("backup", data.with_suffix(".backup"), "--data", data)
    days = [file.parent.name.removeprefix("dt=") for file in files]
    made = [json.loads(ended("recompute", "--data", data, "--day", day, "--dry-run", "--json")) for day in days]
    of_whole_lake = [json.loads(ended("recompute", "--data", lake.parent, "--day", day, "--dry-run", "--json")) for day in days]
    assert [{**one, "seconds": 0} for one in made] == [{**one, "seconds": 0} for one in of_whole_lake], (made, of_whole_lake)
    split(files[0])
    ended("compact", "--data", data)
    assert len(list(files[0].parent.iterdir())) == 1 and bars() == before
    import pyarrow.parquet

    (whole,) = files[0].parent.iterdir()
    assert pyarrow.parquet.ParquetFile(whole).metadata.metadata[b"tidemark.contract"] == b"1", "the oldest of what was merged"
    ended("verify", "--data", data)

    write_without(files[1], "imported", 2)
    assert "it has no column imported" in ended("verify", "--data", data, code=1)


def write_without(file, name, contract):
    """The file without that column, as a program of that contract; one of contract 1 names none."""
    import pyarrow.parquet

    table = pyarrow.parquet.ParquetFile(file).read().drop_columns([name])
    table = table.replace_schema_metadata({"tidemark.contract": str(contract)} if contract > 1 else None)
    pyarrow.parquet.write_table(table, file, compression="zstd", write_page_checksum=True)


def split(file):
    """Two files of one: the second half of its offsets as this program writes them, with all columns."""
    import pyarrow.compute
    import pyarrow.parquet

    first, last = map(int, re.findall(r"[0-9]+", file.stem))
    table = pyarrow.parquet.ParquetFile(file).read()
    middle = (first + last) // 2
    is_early = pyarrow.array([position < middle for position in table["position"].to_pylist()])
    late = table.filter(pyarrow.compute.invert(is_early))
    late = late.append_column("imported", pyarrow.nulls(len(late), pyarrow.int64())).replace_schema_metadata({"tidemark.contract": "2"})
    pyarrow.parquet.write_table(late, file.with_name(f"bars-{middle:0{len(file.stem.split('-')[1])}}-{last:0{len(file.stem.split('-')[2])}}.parquet"), compression="zstd")
    pyarrow.parquet.write_table(table.filter(is_early), file.with_name(f"bars-{first:0{len(file.stem.split('-')[1])}}-{middle:0{len(file.stem.split('-')[2])}}.parquet"), compression="zstd")
    file.unlink()


def write_without_trends_after(end, lake, data):
    """A copy whose last windows have not closed yet."""
    import pyarrow.parquet

    shutil.copytree(lake.parent, data)
    for file in (data / "lake").glob("stock_trends/*/*.parquet"):
        table = pyarrow.parquet.ParquetFile(file).read()
        pyarrow.parquet.write_table(table.filter([text <= end for text in table["window_end"].to_pylist()]), file)


def write_as_contract_1(lake, data):
    """A copy whose trends have four places, as before contract 2. Returns the windows that this has changed."""
    import pyarrow.compute
    import pyarrow.parquet

    shutil.copytree(lake.parent, data)
    changed = set()
    for file in (data / "lake").glob("stock_trends/*/*.parquet"):
        table = pyarrow.parquet.ParquetFile(file).read()
        before = table.to_pylist()
        for name in ("avg_close", "max_close", "min_close"):
            column = pyarrow.compute.round(table[name], ndigits=4, round_mode="half_towards_infinity")
            table = table.set_column(table.column_names.index(name), name, column)
        changed |= {(row["symbol"], row["window_start"]) for row, was in zip(table.to_pylist(), before) if row != was}
        pyarrow.parquet.write_table(table.replace_schema_metadata(None), file)
    return changed


def as_wanted(row, right):
    """Times are texts in JSON."""
    return tuple(
        datetime.datetime.fromisoformat(value) if isinstance(should, datetime.datetime) else value
        for value, should in zip(row, right)
    )


with tempfile.TemporaryDirectory(prefix="tidemark-lake-") as folder:
    main(pathlib.Path(folder))
harness.end()
