"""The lake as pyarrow reads it, and the results of contract/semantics.md §6 for its bars, by the reference."""

import json
import os
import pathlib
import subprocess
import sys
from collections import namedtuple
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "contract/reference"))
import contract_one  # noqa: E402
import tidemark_reference as reference  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]
SECOND = 10**9
DAY = 86_400 * SECOND
ENDLESS = 90 * 86_400  # the longest delay, so that nothing is late

Windows = namedtuple("Windows", "size slide delay")  # seconds
TEXTS = ("symbol", "window_start", "window_end", "trend_signal", "feed")
WHOLE = ("bar_count", "revision")


def rows(lake, table):
    """(dt, file, row) of every row of a table, in the order of files and rows."""
    found = []
    for path in sorted((lake / table).glob("dt=*/*.parquet")):
        found += [(path.parent.name[3:], path.name, row) for row in pq.ParquetFile(path).read().to_pylist()]
    return found


def codecs(lake):
    """Of all columns of all files."""
    files = [pq.ParquetFile(path).metadata for path in lake.rglob("*.parquet")]
    return {file.row_group(group).column(column).compression for file in files for group in range(file.num_row_groups)
            for column in range(file.num_columns)}


def rank(bar):
    return bar["position"], bar.get("imported") or 0


def latest_bars(lake):
    """6.3: the latest bar of each identity."""
    latest = {}
    for _, _, bar in rows(lake, "bars"):
        key = bar["symbol"], bar["timestamp_ns"]
        if key not in latest or rank(bar) >= rank(latest[key]):
            latest[key] = bar
    return sorted(latest.values(), key=lambda bar: (bar["timestamp_ns"], bar["symbol"]))


def as_record(bar):
    """A bar of the lake as a JSON record with the same fields and exact decimals."""
    time = bar["timestamp"]
    fields = {"symbol": bar["symbol"], "timestamp": f"{time:%Y-%m-%dT%H:%M:%S}.{bar['timestamp_ns'] % SECOND:09}Z"}
    names = ("open", "high", "low", "close", "volume", "vwap", "price_change", "pct_change", "direction", "trade_count", "feed")
    fields |= {name: bar[name] for name in names}
    return text(fields).encode()


def text(fields):
    return "{" + ",".join(f"{json.dumps(k)}:{format(v, 'f') if isinstance(v, Decimal) else json.dumps(v)}" for k, v in fields.items()) + "}"


def double(text):
    return None if text is None else float(text)


class Partition(reference.Partition):
    """The reference's partition, which also keeps contract 1's results for each window."""

    def __init__(self, *windows):
        super().__init__(*windows)
        self.of_contract_1 = []

    def write(self, symbol, end, window, status, series=None):
        super().write(symbol, end, window, status, series)
        bars = list(window.bars.values())
        columns = {name: double(text) for name, text in contract_one.compared(bars).items()}
        self.of_contract_1.append(columns | {"avg_vwap": {double(text) for text in contract_one.average_vwaps(bars)}})


def every_window(lake, windows):
    """6.4: (row of stock_trends, row of contract 1) of each window over the lake's bars; the revision is the number of bars."""
    partition = Partition(windows.size, windows.slide, ENDLESS)
    for bar in latest_bars(lake):
        partition.take(as_record(bar), "lake", 0)
    partition.finish()
    assert partition.stats["read"] == partition.stats["accepted"], partition.stats
    return [(as_lake(json.loads(line)), of_1) for line, of_1 in zip(partition.trends, partition.of_contract_1, strict=True)]


def by_day(rows):
    """day → (symbol, window_start) → row."""
    days = {}
    for key, row in rows:
        days.setdefault(key[1][:10], {})[key] = row
    return days


def key_of(row):
    return row["symbol"], row["window_start"]


def recomputed(lake, windows):
    """6.4: day → (symbol, window_start) → row."""
    return by_day((key_of(row), row) for row, _ in every_window(lake, windows))


def of_contract_1(lake, windows):
    """6.5: day → (symbol, window_start) → the columns that identify a row of contract 1; for avg_vwap, the possible values."""
    return by_day((key_of(row), {**of_1, **{name: row[name] for name in ("symbol", "window_start", "window_end", "bar_count", "feed")}})
                  for row, of_1 in every_window(lake, windows))


def as_lake(trend):
    """A trend of the contract as a row of stock_trends, with doubles for all columns but texts and counts."""
    del trend["status"]
    return {k: v if v is None or k in TEXTS or k in WHOLE else float(v) for k, v in trend.items()}


def published(lake):
    """day → (symbol, window_start) → row; each once."""
    days = {}
    for dt, name, row in rows(lake, "stock_trends"):
        key = row["symbol"], row["window_start"]
        assert row["window_start"][:10] == dt, (dt, name, row)
        assert key not in days.setdefault(dt, {}), f"twice in the lake: {key}"
        days[dt][key] = row
    return days


Change = namedtuple("Change", "new changed removed unchanged other_contract")


def says(old, first):
    """Whether the row is that of contract 1 for the same bars."""
    return all(old[name] in value if name == "avg_vwap" else old[name] == value for name, value in first.items())


def restated(before, made, of_1=None):
    """6.5: the expected rows and the changes. `before`, `made` and `of_1` (of_contract_1) are those of one day."""
    after, new, changed, other = {}, 0, 0, 0
    for key, row in made.items():
        old, first = before.get(key), (of_1 or {}).get(key)
        if old is None:
            new += 1
            after[key] = row
        elif {**old, "revision": 0} == {**row, "revision": 0}:
            after[key] = old
        elif first and says(old, first):
            other += 1
            after[key] = {**row, "revision": old["revision"]}
        else:
            changed += 1
            after[key] = {**row, "revision": old["revision"] + 1}
    removed = len(before.keys() - made.keys())
    return after, Change(new, changed, removed, len(made) - new - changed - other, other)


def run(data, lines, windows, *more):
    """Runs the program on these records to its end."""
    command = [TIDEMARK, "run", "--feed", "stdin", "--max-ahead", "off", "--data", data, "--port", "0", "--exit-at-end", "--store-every", "1s"]
    command += ["--size", f"{windows.size}s", "--slide", f"{windows.slide}s", "--delay", f"{windows.delay}s", *more]
    ended = subprocess.run(command, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, f"ended with {ended.returncode}\n{ended.stderr}"


def recompute(data, *arguments):
    """The lines of --json."""
    said = subprocess.run([TIDEMARK, "recompute", "--data", data, "--json", *arguments], capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def refused(data, *arguments):
    """The error message of a refusal."""
    said = subprocess.run([TIDEMARK, "recompute", "--data", data, *arguments], capture_output=True, text=True, timeout=120)
    assert said.returncode in (1, 2) and not said.stdout, said
    return said.stderr


def write_import(lake, dt, number, bars):
    """Writes the file that an import would leave, with pyarrow and the types of docs/lake.md."""
    decimal = pa.decimal128
    types = {
        "symbol": pa.string(), "timestamp": pa.timestamp("us"), **dict.fromkeys(("open", "high", "low", "close", "vwap"), decimal(19, 9)),
        "volume": decimal(27, 9), "price_change": decimal(38, 9), "pct_change": decimal(38, 9), "direction": pa.string(),
        "trade_count": pa.int64(), "feed": pa.string(), "verdict": pa.string(), "late": pa.bool_(), "position": pa.int64(),
        "timestamp_ns": pa.int64(), "imported": pa.int64(),
    }
    folder = lake / "bars" / f"dt={dt}"
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist([{**bar, "imported": number} for bar in bars], schema=pa.schema(list(types.items())))
    pq.write_table(table, folder / f"import-{number:06}-000000.parquet", compression="zstd")


def files(lake):
    """Every file that a reader sees, with the attributes that show whether it was touched."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in lake.glob("*/dt=*/*")}
