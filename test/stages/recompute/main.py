"""`tidemark recompute` against contract/reference on the lake's bars, row by row.

The program itself writes the lakes, from streams with everything in them. Files as an import would leave them are added
with pyarrow. No expected value comes from the code under test."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402
import lakes  # noqa: E402
import market  # noqa: E402
from lakes import Change, Windows  # noqa: E402

SPECS = [Windows(300, 60, 120), Windows(300, 60, 120), Windows(3600, 900, 0), Windows(20, 20, 60), Windows(2 * 86_400, 86_400, 3_600)]
ALL = ("--from", "2026-03-01", "--to", "2026-03-31")


def check_restated(data, windows, *how):
    """Recomputes everything and compares all rows and all counts. Returns the sum of the changes."""
    lake = data / "lake"
    before, made, of_1 = lakes.published(lake), lakes.recomputed(lake, windows), lakes.of_contract_1(lake, windows)
    said = {line["day"]: line for line in lakes.recompute(data, *ALL, *how)}
    after = lakes.published(lake)
    total = Change(0, 0, 0, 0, 0)
    for day in sorted(before.keys() | made.keys()):
        wanted, change = lakes.restated(before.get(day, {}), made.get(day, {}), of_1.get(day))
        found = after.get(day, {})
        for key in wanted.keys() | found.keys():
            assert found.get(key) == wanted.get(key), f"{key}\n  is        {found.get(key)}\n  should be {wanted.get(key)}"
        line = said.pop(day)
        assert Change(*(line[name] for name in Change._fields)) == change, (line, change)
        assert line["windows"] == len(wanted), line
        total = Change(*map(sum, zip(total, change)))
    assert all(line["windows"] == 0 for line in said.values()), said
    return total


def replacements(rng, lake, number, position):
    """Some bars of a lake as an import has them, and some new ones, by day."""
    days = {}
    for bar in rng.sample(lakes.latest_bars(lake), 40):
        changed = {**bar, "verdict": "accepted", "late": False, "position": position}
        changed["close"] = rng.choice((bar["open"], bar["high"], bar["low"]))
        changed["feed"] = rng.choice((bar["feed"], "file"))
        if rng.random() < 0.5:
            changed["symbol"] = rng.choice(market.SYMBOLS + ("NEW",))
        days.setdefault(f"{changed['timestamp']:%Y-%m-%d}", {})[changed["symbol"], changed["timestamp_ns"]] = changed
    for day, bars in days.items():
        lakes.write_import(lake, day, number, list(bars.values()))


@harness.case("where nothing was late, nothing changes: not a row, not a file", in_folder=True)
def _(data):
    windows = SPECS[0]
    lakes.run(data, market.in_order(1, 240), windows)
    before = lakes.files(data / "lake")
    total = check_restated(data, windows)
    assert total.unchanged > 1000 and total == Change(0, 0, 0, total.unchanged, 0), total
    assert lakes.files(data / "lake") == before


for seed, spec in enumerate(SPECS):

    @harness.case(f"late bars, corrections and imports: windows of {spec.size} s every {spec.slide} s, stream {seed}", in_folder=True)
    def _(data, seed=seed, spec=spec):
        lakes.run(data, market.hostile(seed, 1200), spec)
        late = check_restated(data, spec)
        assert spec.size > 86_400 or late.changed + late.new > 0, late
        files = lakes.files(data / "lake")
        assert check_restated(data, spec)[:3] == (0, 0, 0), "the second time nothing changes"
        assert lakes.files(data / "lake") == files
        rng = random.Random(seed)
        # Outranking everything; outranked by everything; outranking everything by the number of the import.
        for number, position in ((1, 10_000), (2, -1), (3, 10_000)):
            replacements(rng, data / "lake", number, position)
        assert sum(check_restated(data, spec, "--threads", "3")[:3]) > 0


@harness.case("a window whose bars are gone loses its row, a damaged row is made again", in_folder=True)
def _(data):
    windows, lake = SPECS[0], data / "lake"
    lakes.run(data, market.in_order(2, 60), windows)
    (file,) = (lake / "bars").glob("dt=2026-03-07/*.parquet")
    table = pq.read_table(file)
    pq.write_table(table.filter([symbol != "Z" for symbol in table["symbol"].to_pylist()]), file)
    (file,) = (lake / "stock_trends").glob("dt=2026-03-07/*.parquet")
    table = pq.read_table(file)
    pq.write_table(table.slice(1).set_column(3, "avg_close", table["max_close"].slice(1)), file)
    total = check_restated(data, windows)
    assert total.removed > 60 and total.new == 1 and total.changed > 0, total


def write_as_contract_1(lake, windows):
    """Rewrites every row of the lake by contract 1, in files that name no contract. Returns the number of changed rows."""
    of_1, changed = lakes.of_contract_1(lake, windows), 0
    for file in lake.glob("stock_trends/dt=*/*.parquet"):
        table = pq.ParquetFile(file).read()
        rows = []
        for index, row in enumerate(table.to_pylist()):
            first = of_1[row["window_start"][:10]][row["symbol"], row["window_start"]]
            averages = sorted(first["avg_vwap"], key=lambda value: (value is None, value))  # one for each number of zero vwaps
            # Contract 1 derived the other columns from rounded numbers, and the clause does not compare them.
            derived = {"price_range": first["max_close"] - first["min_close"], "vwap_deviation_pct": 0.125, "trend_signal": "NEUTRAL"}
            rows.append({**row, **first, **derived, "avg_vwap": averages[index % len(averages)]})
            changed += rows[-1] != row
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema.remove_metadata()), file)
    return changed


@harness.case("rows of contract 1 are written anew, keep their revision, and are counted apart from changed data", in_folder=True)
def _(data):
    windows, lake = SPECS[0], data / "lake"
    lakes.run(data, market.in_order(12, 120), windows)
    revisions = {key: row["revision"] for rows in lakes.published(lake).values() for key, row in rows.items()}
    rows = write_as_contract_1(lake, windows)
    assert rows > 500, rows
    planned = lakes.recompute(data, *ALL, "--dry-run")
    total = check_restated(data, windows)
    assert total == Change(0, 0, 0, total.unchanged, rows), (total, rows)
    assert sum(line["other_contract"] for line in planned) == rows, planned
    assert revisions == {key: row["revision"] for days in lakes.published(lake).values() for key, row in days.items()}
    assert check_restated(data, windows) == Change(0, 0, 0, total.unchanged + rows, 0), "the second time nothing changes"

    # Now the bars of one minute differ, too: their windows are changed data, the others only of another contract.
    write_as_contract_1(lake, windows)
    bars = [bar for bar in lakes.latest_bars(lake) if bar["symbol"] == "Z"]
    bar = bars[len(bars) // 2]
    said = {**bar, "volume": bar["volume"] + 1_000, "verdict": "accepted", "late": False, "position": 10_000}
    lakes.write_import(lake, f"{bar['timestamp']:%Y-%m-%d}", 1, [said])
    total = check_restated(data, windows)
    assert total.changed == 5 and total.other_contract > 500, total


@harness.case("a bar of which only the vwap is corrected is changed data, not another contract", in_folder=True)
def _(data):
    windows, lake = SPECS[0], data / "lake"
    # Whole cents, for which both contracts agree.
    lakes.run(data, [market.in_cents(minute) for minute in range(30)], windows)
    (bar, *_) = [bar for bar in lakes.latest_bars(lake) if bar["timestamp"].minute == 15]
    said = {**bar, "vwap": bar["vwap"] + 1, "verdict": "accepted", "late": False, "position": 10_000}
    lakes.write_import(lake, f"{bar['timestamp']:%Y-%m-%d}", 1, [said])
    total = check_restated(data, windows)
    assert total == Change(0, 5, 0, total.unchanged, 0) and total.unchanged > 20, total


@harness.case("--dry-run says the same and changes nothing", in_folder=True)
def _(data):
    lakes.run(data, market.hostile(7, 600), SPECS[0])
    before = lakes.files(data / "lake")
    planned = lakes.recompute(data, *ALL, "--dry-run")
    assert lakes.files(data / "lake") == before
    done = lakes.recompute(data, *ALL)
    for line in planned + done:
        line.pop("seconds"), line.pop("dry_run")
    assert planned == done and any(line["changed"] for line in done), (planned, done)


@harness.case("a lake without a log is made anew with the windows that are set", in_folder=True)
def _(data):
    lakes.run(data, market.hostile(8, 600), SPECS[0])
    for file in data.glob("log.db*"):
        file.unlink()
    windows = Windows(600, 300, 0)
    lakes.recompute(data, *ALL, "--size", "10m", "--slide", "5m")
    assert lakes.published(data / "lake") and check_restated(data, windows, "--size", "10m", "--slide", "5m")[:3] == (0, 0, 0)


@harness.case("other windows than the log's are told, and taken when they are said", in_folder=True)
def _(data):
    lakes.run(data, market.in_order(9, 30), SPECS[0])
    said = subprocess.run([lakes.TIDEMARK, "recompute", "--data", data, *ALL, "--size", "10m", "--slide", "5m"], capture_output=True, text=True)
    assert said.returncode == 0 and "the log makes those of --size 5m --slide 1m" in said.stderr, said
    assert {row["window_end"][14:16] for rows in lakes.published(data / "lake").values() for row in rows.values()} <= {
        f"{minute:02}" for minute in range(0, 60, 5)
    }


@harness.case("a day is refused while the log has more to say about it", in_folder=True)
def _(data):
    command = [lakes.TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--data", data, "--port", "0", "--store-every", "1s"]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        running.stdin.write("".join(f"{line}\n" for line in market.in_order(3, 30)))
        running.stdin.flush()
        deadline = time.monotonic() + 60
        while not list(data.glob("lake/stock_trends/*/*.parquet")):
            assert time.monotonic() < deadline and running.poll() is None
            time.sleep(0.1)
        while "not yet in the lake" in (sentence := lakes.refused(data, "--day", "2026-03-07")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert "is still open in the log" in sentence, sentence
        # A day that neither the log nor the lake has.
        assert "the lake has nothing of these days" in lakes.refused(data, "--day", "2026-03-09")
        # The market passes to the next day, so the first one is closed and may be recomputed beside the run.
        running.stdin.write(market.record(random.Random(1), int(market.START.timestamp() + 40_000) * 10**9, "AAPL") + "\n")
        running.stdin.flush()
        while True:
            said = subprocess.run([lakes.TIDEMARK, "recompute", "--data", data, "--day", "2026-03-07"], capture_output=True, text=True)
            if said.returncode == 0:
                break
            assert time.monotonic() < deadline, said.stderr
            time.sleep(0.1)
        assert " 0 new, 0 changed, 0 removed" in said.stdout, said.stdout
        running.terminate()
        assert running.wait(timeout=60) == 0, running.stderr.read()
    finally:
        running.kill()
        running.communicate()


@harness.case("a damaged file is named, and nothing is replaced", in_folder=True)
def _(data):
    lakes.run(data, market.hostile(4, 600), SPECS[0])
    for table, name in (("bars", "close"), ("stock_trends", "avg_close")):
        file = sorted((data / "lake" / table).glob("dt=2026-03-07/*.parquet"))[0]
        whole = file.read_bytes()
        group = pq.ParquetFile(file).metadata.row_group(0)
        column = next(group.column(i) for i in range(group.num_columns) if group.column(i).path_in_schema == name)
        middle = column.data_page_offset + column.total_compressed_size - 5
        for damaged in (whole[:-9], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], b"", b"no parquet"):
            file.write_bytes(damaged)
            before = lakes.files(data / "lake")
            sentence = lakes.refused(data, "--day", "2026-03-07")
            assert str(file) in sentence and "damaged" in sentence, sentence
            assert lakes.files(data / "lake") == before
        file.write_bytes(whole)
    stranger = data / "lake" / "bars" / "dt=2026-03-07" / "part-0.parquet"
    stranger.write_bytes(b"")
    assert str(stranger) in lakes.refused(data, "--day", "2026-03-07")
    stranger.unlink()
    check_restated(data, SPECS[0])


@harness.case("what else lies in a day's folder stays there", in_folder=True)
def _(data):
    lakes.run(data, market.hostile(5, 600), SPECS[0])
    note = data / "lake" / "stock_trends" / "dt=2026-03-07" / "README.txt"
    note.write_text("mine")
    assert lakes.recompute(data, "--day", "2026-03-07")[0]["changed"] > 0
    assert note.read_text() == "mine"


def state(data):
    """Every row of both tables that readers see."""
    lake = data / "lake"
    seen = [sorted((dt, tuple(row.items())) for dt, _, row in lakes.rows(lake, "stock_trends"))]
    return seen + [sorted((bar["position"], tuple(bar.items())) for _, _, bar in lakes.rows(lake, "bars"))]


@harness.case("killed at any moment, a day is as it was or as it should be, and what was begun is taken away", in_folder=True)
def _(data):
    original, work = data / "original", data / "work"
    for part in range(4):  # four files of each day
        lakes.run(original, market.hostile(40, 800)[part * 200 : part * 200 + 200], SPECS[0])
    before = state(original)
    shutil.copytree(original, work)
    lakes.recompute(work, *ALL)
    after = state(work)
    assert before[0] != after[0] and before[1] == after[1]
    rng, outcomes = random.Random(1), set()
    for verb in (["recompute", *ALL], ["compact"]):
        for _ in range(25):
            shutil.rmtree(work)
            shutil.copytree(original, work)
            process = subprocess.Popen([lakes.TIDEMARK, *verb, "--data", work], stdout=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.005, 0.06))
            process.kill()
            process.wait()
            trends, bars = state(work)
            assert bars == before[1]
            days = [{row[0] for row in rows} for rows in (before[0], after[0])]
            for day in days[0] | days[1]:
                seen, was, should = ([row for row in rows if row[0] == day] for rows in (trends, before[0], after[0]))
                assert seen == was or (seen == should and verb[0] == "recompute"), day
            finished = subprocess.run([lakes.TIDEMARK, *verb, "--data", work], stdout=subprocess.DEVNULL)
            assert finished.returncode == 0
            outcomes.add((verb[0], process.returncode))
            if verb[0] == "compact":
                assert state(work) == before
                assert all(len(list(day.glob("*.parquet"))) == 1 for day in (work / "lake").glob("*/dt=*"))
            else:
                assert state(work) == after
            lakes.run(work, [], SPECS[0])
            assert not list((work / "lake" / ".anew").glob("*")), "a run takes away what was begun"
    assert {code for _, code in outcomes} >= {-9}, outcomes


@harness.case("questions are answered while days are exchanged again and again", in_folder=True)
def _(data):
    lakes.run(data, market.in_order(11, 60), SPECS[0])
    sizes = ("5m", "10m")
    counts = set()
    for size in sizes:
        lakes.recompute(data, *ALL, "--size", size, "--slide", "5m")
        counts.add(sum(len(rows) for rows in lakes.published(data / "lake").values()))
    assert len(counts) == 2
    busy = subprocess.Popen(
        f"while :; do for size in {' '.join(sizes)}; do"
        f' "{lakes.TIDEMARK}" recompute --data "{data}" {" ".join(ALL)} --size $size --slide 5m || exit; done; done',
        shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    try:
        seen = set()
        for _ in range(40):
            asked = [lakes.TIDEMARK, "query", "--data", data, "--format", "csv", "SELECT count(*) FROM stock_trends"]
            said = subprocess.run(asked, capture_output=True, text=True, timeout=60)
            assert said.returncode == 0, said.stderr
            seen.add(int(said.stdout.splitlines()[1]))
        assert busy.poll() is None and seen <= counts and len(seen) == 2, (seen, counts)
    finally:
        os.killpg(busy.pid, signal.SIGKILL)
        busy.wait()


harness.end()
