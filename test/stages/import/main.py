"""`tidemark import` against contract/reference on the same records, bar by bar and trend by trend."""

import csv
import datetime
import gzip
import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
import zoneinfo
from decimal import Decimal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402
import history  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from history import lakes  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]
WINDOWS = lakes.Windows(300, 60, 120)


def command(data, *words):
    return [TIDEMARK, "import", "--data", data, "--json", *map(str, words)]


def run(data, *words, code=0):
    """The account of an import."""
    ended = subprocess.run(command(data, *words), capture_output=True, text=True, timeout=600)
    assert ended.returncode == code, f"ended with {ended.returncode}\n{ended.stderr}"
    if code:
        return ended.stderr
    account = history.json_of(ended.stdout)
    assert account["read"] == account["imported"] + account["superseded"] + account["identical"] + account["poorer"] + account["rejected"], account
    assert account["rejected"] == sum(account["reasons"].values()), account
    return account


def write(path, text):
    path.write_bytes(text.encode())
    return path


def check_bars(data, wanted):
    found = history.in_lake(data)
    for key in wanted.keys() | found.keys():
        assert found.get(key) == wanted.get(key), f"{key}\n  is        {found.get(key)}\n  should be {wanted.get(key)}"


def check_trends(data):
    """Checks that the trends are those of the lake's bars, in their first revision."""
    wanted, found = lakes.recomputed(data / "lake", WINDOWS), lakes.published(data / "lake")
    assert wanted == found, [key for day in wanted for key in wanted[day] if wanted[day][key] != found.get(day, {}).get(key)][:3]


def digest(data):
    """The hashes of all files that readers see."""
    sums = {}
    for path in sorted((data / "lake").glob("*/*/*")):
        sums[str(path.relative_to(data))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sums


def leftovers(data):
    return [path.name for path in (data / "lake" / ".imports").iterdir() if path.suffix != ".json" and not path.name.endswith(".rejects.jsonl")]


@harness.case("JSON lines with everything in them: bars, account, dead letters and trends are those of the reference", in_folder=True)
def _(folder):
    lines = history.hostile(history.walk())
    latest, superseded, reasons, read = history.judged(lines)
    file = folder / "bars.jsonl.gz"
    file.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    account = run(folder / "d", file, "--rejects", folder / "rejects.jsonl", "--threads", 3)
    assert (account["read"], account["imported"], account["superseded"], account["reasons"]) == (read, len(latest), superseded, reasons), account
    check_bars(folder / "d", latest)
    check_trends(folder / "d")
    partition = history.reference.run([(str(file), file.read_bytes())], delay=lakes.ENDLESS)
    assert (folder / "rejects.jsonl").read_text() == "".join(r if isinstance(r, str) else r.decode() for r in partition.rejects)


@harness.case("several files, any order: of the same bar the last one read counts, whatever --threads", in_folder=True)
def _(folder):
    bars = history.walk(minutes=2_000)
    random.Random(3).shuffle(bars)
    again = [{**bar, "volume": Decimal(7)} for bar in bars[::3]]
    one = write(folder / "1.jsonl", "".join(history.as_json(bar) + "\n" for bar in bars))
    two = write(folder / "2.jsonl", "".join(history.as_json(bar) + "\n" for bar in again))
    seen = []
    for threads in (1, 2, 5):
        data = folder / f"d{threads}"
        account = run(data, one, two, "--threads", threads)
        assert (account["imported"], account["superseded"]) == (len(bars), len(again)), account
        seen.append({name: sum_ for name, sum_ in digest(data).items() if "/bars/" in name})
    assert seen[0] == seen[1] == seen[2]
    check_bars(folder / "d1", history.judged([history.as_json(bar) for bar in bars + again])[0])


@harness.case("the same import twice changes nothing; another one outranks what was there, and says which windows changed", in_folder=True)
def _(folder):
    data, bars = folder / "d", history.walk()
    file = write(folder / "a.jsonl", "".join(history.as_json(bar) + "\n" for bar in bars))
    run(data, file)
    before = digest(data)
    account = run(data, file)
    assert (account["imported"], account["identical"], account["days"]) == (0, len(bars), 0), account
    assert digest(data) == before and not leftovers(data)
    published = lakes.published(data / "lake")
    changed = {**bars[40], "close": bars[40]["low"], "volume": Decimal("0.000000001")}
    account = run(data, write(folder / "b.jsonl", history.as_json(changed) + "\n"))
    assert account["imported"] == 1 and account["import"] == 3, account
    check_bars(data, history.judged([history.as_json(bar) for bar in [*bars, changed]])[0])
    made, after = lakes.recomputed(data / "lake", WINDOWS), lakes.published(data / "lake")
    for day in made:
        assert after[day] == lakes.restated(published[day], made[day])[0]


NAMES = [("Ticker", "symbol"), ("Date", "timestamp"), ("Open", "open"), ("High", "high"), ("Low", "low"), ("Close", "close"), ("Volume", "volume"), ("VWAP", "vwap"), ("Trades", "trade_count")]


@harness.case("CSV of every make gives the bars of JSON lines", in_folder=True)
def _(folder):
    bars = history.walk()
    wanted = history.judged([history.as_json(bar) for bar in bars])[0]
    makes = {
        "crlf": history.as_csv(bars, NAMES),
        "quoted": history.as_csv(bars, NAMES, end="\n", quoting=csv.QUOTE_ALL),
        "semicolon": history.as_csv(bars, NAMES, ";"),
        "tab": history.as_csv(bars, NAMES, "\t"),
        "mark": "\ufeff" + history.as_csv(bars, list(reversed(NAMES)), "|"),
        "epoch": history.as_csv(bars, [(c, f) for c, f in NAMES if c != "Date"] + [("t", lambda bar: history.judging.instant_of(bar["timestamp"]) // 10**6)]),
    }
    for name, text in makes.items():
        run(folder / name, write(folder / f"{name}.csv", text))
        check_bars(folder / name, wanted)
    check_trends(folder / "crlf")


@harness.case("CSV of one symbol a file: from its name, as a value, without a header", in_folder=True)
def _(folder):
    bars = history.walk(symbols=("BRK.B",))
    wanted = history.judged([history.as_json(bar) for bar in bars])[0]
    text = history.as_csv(bars, NAMES[1:])
    run(folder / "1", "--symbol-from-name", write(folder / "BRK.B.csv", text))
    run(folder / "2", "--columns", "symbol=@BRK.B", write(folder / "x.csv", text))
    body = text.split("\r\n", 1)[1]
    columns = "symbol=@BRK.B,timestamp=1,open=2,high=3,low=4,close=5,volume=6,vwap=7,trade_count=8"
    run(folder / "3", "--no-header", "--columns", columns, write(folder / "y.csv", body))
    for name in "123":
        check_bars(folder / name, wanted)


@harness.case("times of New York are those of the tz database, 1970 to 2037", in_folder=True)
def _(folder):
    zone = zoneinfo.ZoneInfo("America/New_York")
    hour, wanted, rows = datetime.timedelta(hours=1), {}, []

    def is_asked_for(day):
        """Every day in the long run; else the days around clock changes and two of each month, because each day is a file."""
        around = {(day + datetime.timedelta(days=days)).replace(tzinfo=zone).utcoffset() for days in (-2, 3)}
        return len(around) > 1 or day.day in (1, 15) or os.environ.get("TIDEMARK_FULL")

    local = datetime.datetime(1970, 1, 1, 0, 30)
    while local.year < 2038:
        if not is_asked_for(local):
            local = local.replace(hour=0) + 24 * hour
            continue
        there = local.replace(tzinfo=zone)  # the first of two instants (fold 0)
        exists = there.astimezone(datetime.timezone.utc).astimezone(zone).replace(tzinfo=None) == local
        rows.append({"symbol": "T", "timestamp": f"{local:%Y-%m-%d %H:%M}"})
        if exists:
            wanted[int(there.timestamp())] = True
        else:
            wanted.setdefault("skipped", []).append(local)
        local += hour * (1 if local.month in (1, 2, 3, 4, 10, 11) else 7)
    skipped = len(wanted.pop("skipped"))
    text = "symbol,timestamp,open,high,low,close,volume\n" + "".join(f"T,{row['timestamp']},1,1,1,1,1\n" for row in rows)
    account = run(folder / "d", "--time-zone", "America/New_York", "--no-recompute", "--allow-rejects", write(folder / "t.csv", text))
    assert skipped > 50 and account["reasons"] == {"bad_timestamp": skipped}, account
    files = (folder / "d" / "lake" / "bars").glob("*/*.parquet")
    found = {ns // 10**9 for file in files for ns in pq.ParquetFile(file).read(columns=["timestamp_ns"])["timestamp_ns"].to_pylist()}
    assert found == wanted.keys()


@harness.case("Parquet of every make gives the bars of JSON lines", in_folder=True)
def _(folder):
    bars = history.walk()
    wanted = history.judged([history.as_json(bar) for bar in bars])[0]
    at = [datetime.datetime.fromisoformat(bar["timestamp"].replace("Z", "+00:00")) for bar in bars]
    prices = {name: [bar[name] for bar in bars] for name in ("open", "high", "low", "close", "vwap", "volume")}
    doubles = {name: pa.array([None if v is None else float(v) for v in values]) for name, values in prices.items()}
    decimals = {name: pa.array(values, pa.decimal128(38, 12)) for name, values in prices.items()}
    small = {name: pa.array(values, pa.decimal128(18, 9)) for name, values in prices.items() if name != "volume"}
    symbols, counts = pa.array([bar["symbol"] for bar in bars]), pa.array([bar["trade_count"] for bar in bars], pa.int32())
    unit = lambda name: pa.array(at, pa.timestamp(name, tz="UTC"))  # noqa: E731
    makes = {
        "doubles": {"ticker": symbols.dictionary_encode(), "window_start": pa.array([int(t.timestamp()) * 10**9 for t in at]), **doubles, "transactions": counts},
        "decimals": {"symbol": symbols, "timestamp": unit("ns"), **decimals, "trade_count": counts},
        "millis": {"S": symbols, "t": unit("ms"), **doubles, "n": counts.cast(pa.uint64())},
        "naive": {"symbol": symbols, "datetime": pa.array([t.replace(tzinfo=None) for t in at], pa.timestamp("us")), **small, "volume": decimals["volume"], "trades": counts},
        "text": {"symbol": symbols, "date": pa.array([bar["timestamp"] for bar in bars]), **decimals, "trade_count": counts.cast(pa.float64())},
    }
    for name, columns in makes.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet", row_group_size=137, compression="snappy")
        run(folder / name, folder / f"{name}.parquet")
        check_bars(folder / name, wanted)
    pq.write_table(pa.table(makes["doubles"]), folder / "old.parquet", use_deprecated_int96_timestamps=True, store_decimal_as_integer=True, version="1.0")
    pq.write_table(pa.table(makes["naive"]), folder / "int96.parquet", use_deprecated_int96_timestamps=True, store_decimal_as_integer=True)
    for name in ("old", "int96"):
        run(folder / f"d-{name}", folder / f"{name}.parquet")
        check_bars(folder / f"d-{name}", wanted)


@harness.case("doubles are the shortest decimals that read back as they, and what is no number is rejected by its row", in_folder=True)
def _(folder):
    chance = random.Random(5)
    values = [chance.uniform(0.001, 10.0 ** chance.randrange(0, 9)) for _ in range(4_000)] + [0.1, 0.30000000000000004, 1e-9, 5e-324, 123456.7891]
    values += [round(chance.uniform(1, 1_000), chance.randrange(0, 7)) for _ in range(4_000)]
    bars = [{"symbol": "D", "timestamp": history.stamp(history.MONDAY + i), **dict.fromkeys(("open", "high", "low", "close"), repr(v)), "volume": "1"} for i, v in enumerate(values)]
    lines = ["{" + ",".join(f'"{k}":{v}' if k not in ("symbol", "timestamp") else f'"{k}":"{v}"' for k, v in bar.items()) + "}" for bar in bars]
    latest, _, reasons, _ = history.judged(lines)
    values += [float("nan"), float("inf")]
    at = [datetime.datetime.fromtimestamp(history.MONDAY + i, datetime.timezone.utc) for i in range(len(values))]
    column = pa.array(values)
    table = {"symbol": pa.array(["D"] * len(values)), "t": pa.array(at), **dict.fromkeys(("o", "h", "l", "c"), column), "v": pa.array([1] * len(values))}
    pq.write_table(pa.table(table), folder / "d.parquet")
    account = run(folder / "d", folder / "d.parquet", "--no-recompute")
    assert account["reasons"] == {**reasons, "wrong_type": 2}, (account, reasons)
    check_bars(folder / "d", latest)
    rejects = [history.json_of(line) for line in pathlib.Path(account["rejects"]).read_text().splitlines()]
    assert [r["position"] for r in rejects][-2:] == [len(values) - 1, len(values)] and '"open":"NaN"' in rejects[-2]["record"], rejects[-2:]


@harness.case("a lake imported into another one is the same lake", in_folder=True)
def _(folder):
    run(folder / "1", write(folder / "a.jsonl", "".join(f"{line}\n" for line in history.hostile(history.walk()))))
    account = run(folder / "2", *sorted((folder / "1" / "lake" / "bars").glob("*/*.parquet")))
    assert account["rejected"] == 0
    check_bars(folder / "2", history.in_lake(folder / "1"))
    assert lakes.published(folder / "1" / "lake") == lakes.published(folder / "2" / "lake")


@harness.case("--strict imports nothing when there is a reject; a wrong file is told before anything is done", in_folder=True)
def _(folder):
    data, bars = folder / "d", history.walk(minutes=5)
    good = write(folder / "good.jsonl", "".join(history.as_json(bar) + "\n" for bar in bars))
    bad = write(folder / "bad.jsonl", history.as_json(bars[0]) + "\n{\n")
    said = run(data, "--strict", good, bad, code=1)
    assert "1 of 17 records are rejected (--strict)" in said and "bad_json" in said, said
    assert not digest(data) and not leftovers(data)
    assert "no-such" in run(data, good, folder / "no-such.csv", code=2)
    assert "no column is recognized as symbol; there are Date, Open" in run(data, write(folder / "x.csv", history.as_csv(bars, NAMES[1:])), code=2)
    broken = folder / "broken.parquet"
    pq.write_table(pa.table({"symbol": ["A"] * 9}), broken)
    broken.write_bytes(broken.read_bytes()[:-9])
    assert "broken.parquet" in run(data, good, broken, code=1)
    assert not digest(data) and not leftovers(data)
    assert run(data, "--strict", good)["imported"] == len(bars)


def big_file(folder, days=6, symbols=40):
    names = [f"S{i:02}" for i in range(symbols)]
    path = folder / "big.jsonl"
    simulated = [TIDEMARK, "simulate", "--symbols", ",".join(names), "--minutes", str(days * 1440), "--start", "2026-01-05T00:00:00Z", "--output", path]
    subprocess.run(simulated, check=True)
    return path, days * 1440 * symbols


def count_bars(data):
    return sum(pq.ParquetFile(file).metadata.num_rows for file in (data / "lake" / "bars").glob("*/*.parquet"))


@harness.case("killed at any moment, an import is there as a whole or not at all, and the next one makes it whole", in_folder=True)
def _(folder):
    path, count = big_file(folder)
    begin = time.monotonic()
    run(folder / "right", path)
    took, right = time.monotonic() - begin, digest(folder / "right")
    chance, ends = random.Random(9), set()
    attempts = 16 if os.environ.get("TIDEMARK_FULL") else 8
    for attempt in range(3 * attempts):
        if attempt >= attempts and len(ends) > 1:
            break
        data = folder / "killed"
        shutil.rmtree(data, ignore_errors=True)
        running = subprocess.Popen(command(data, path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep((attempt % attempts + chance.random()) / attempts * 1.1 * took)  # a moment in each part of it
        running.kill()
        running.wait()
        found = count_bars(data) if (data / "lake" / "bars").exists() else 0
        is_half_shown = any((data / "lake").glob(".imports/*.showing")) if data.exists() else False
        assert found in (0, count) or is_half_shown, found
        ends.add((found > 0, is_half_shown))
        begin = time.monotonic()
        account = run(data, path)
        took = max(took, time.monotonic() - begin)  # the machine may be slower now
        assert account["imported"] + account["identical"] == count, account
        assert count_bars(data) == count and not leftovers(data)
        sums = digest(data)
        assert {name for name in sums} == {name for name in right}, sums.keys() ^ right.keys()
        assert {n: s for n, s in sums.items() if "stock_trends" in n} == {n: s for n, s in right.items() if "stock_trends" in n}
    assert len(ends) > 1, f"killed always at the same point: {ends}"


@harness.case("Ctrl-C ends an import with 130 and leaves nothing", in_folder=True)
def _(folder):
    path, count = big_file(folder)
    for attempt in range(10):
        data = folder / f"d{attempt}"
        running = subprocess.Popen(command(data, path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while not (data / "lake" / ".imports").exists() and running.poll() is None:
            time.sleep(0.001)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=600)[1]
        if running.returncode == 0 or "the import is whole" in said:  # too late, so repeat
            assert count_bars(data) == count
            continue
        assert running.returncode == 130 and "nothing is imported" in said, (running.returncode, said)
        assert not digest(data) and not leftovers(data)
        return None
    raise AssertionError("always too late")


@harness.case("beside a running instance: old days come in, its own go on, and days it is not done with are left and named", in_folder=True)
def _(folder):
    data, bars = folder / "d", history.walk(minutes=300)
    running = subprocess.Popen(
        [TIDEMARK, "run", "--data", data, "--port", "0", "--symbols", "20", "--speed", "600", "--store-every", "1s"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 60
        while not list((data / "lake" / "bars").glob("*/*.parquet")):
            assert time.monotonic() < deadline and running.poll() is None
            time.sleep(0.1)
        account = run(data, write(folder / "a.jsonl", "".join(history.as_json(bar) + "\n" for bar in bars)))
        assert (account["imported"], account["days_left"]) == (len(bars), []), account
        live = [row for _, _, row in lakes.rows(data / "lake", "bars") if row["imported"] is None]
        newest = max(live, key=lambda row: row["timestamp_ns"])
        # Its market passes ten minutes a second, so its day is certainly not over.
        later = newest["timestamp"] + datetime.timedelta(hours=12)
        today = {**bars[0], "symbol": "NEW", "timestamp": f"{later:%Y-%m-%dT%H:%M:%SZ}"}
        account = run(data, write(folder / "b.jsonl", history.as_json(today) + "\n"))
        assert account["imported"] == 1 and account["days_left"], account
        running.terminate()
        assert running.wait(timeout=60) == 0, running.stderr.read().decode()
    finally:
        running.kill()
        running.communicate()
    found = history.in_lake(data)
    wanted = history.judged([history.as_json(bar) for bar in [*bars, today]])[0]
    assert {key: bar for key, bar in found.items() if key in wanted} == wanted
    imported = [row for _, _, row in lakes.rows(data / "lake", "bars") if row["imported"]]
    assert len(imported) == len(bars) + 1 and all(row["position"] >= 0 for row in imported)
    days = {day: rows for day, rows in lakes.recomputed(data / "lake", WINDOWS).items() if day <= "2026-01-05"}
    published = lakes.published(data / "lake")
    assert all({key: row for key, row in published[day].items() if key in rows} == rows for day, rows in days.items())


@harness.case("real bars of two years, against the reference", in_folder=True)
def _(folder):
    shared = pathlib.Path(os.environ.get("TIDEMARK_SHARED", pathlib.Path(__file__).resolve().parents[4] / "shared")) / "data"
    files = [shared / "bars_equity_1min.jsonl.gz", shared / "bars_crypto_1min.jsonl.gz"]
    if not all(file.exists() for file in files):
        return "needs the bars of ../shared/data"
    lines = [line.decode() for file in files for line in gzip.open(file).read().splitlines()]
    account = run(folder / "d", *files)
    latest = history.judged(lines)[0]
    assert account["rejected"] == 0 and account["imported"] == len(latest), account
    check_bars(folder / "d", latest)
    check_trends(folder / "d")


harness.end()
