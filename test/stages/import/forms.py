"""`tidemark import` of other tools' files: columns, times and numbers in every form, read or refused with the cure.

The lake must then hold exactly the expected bars of each file; expected instants come from Python's zoneinfo."""

import datetime
import fcntl
import os
import pathlib
import struct
import subprocess
import sys
import termios
import time
import zoneinfo

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "lib"))

import harness  # noqa: E402
import history  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

TIDEMARK = os.environ["TIDEMARK"]
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def run(folder, file, *options):
    command = [TIDEMARK, "import", "--data", folder / "d", "--json", "--no-recompute", *options, file]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600)


def imported(folder, file, *options):
    """The lake's bars afterwards: (symbol, instant as text, open, close, volume), sorted; and the output."""
    ended = run(folder, file, *options)
    assert ended.returncode == 0, ended.stderr
    account = history.json_of(ended.stdout)
    assert account["rejected"] == 0 and account["imported"] == account["read"], account
    bars = [
        (bar.symbol, history.stamp(bar.time // 10**9), *(float(unit) / 1e9 for unit in (bar.open, bar.close, bar.volume))) for bar in history.in_lake(folder / "d").values()
    ]
    return sorted(bars), ended.stderr


def refused(folder, file, *options):
    ended = run(folder, file, *options)
    assert ended.returncode == 2 and not list((folder / "d").glob("lake/bars/*/*")), (ended.returncode, ended.stderr)
    return ended.stderr


def write(path, text):
    path.write_bytes(text.encode())
    return path


def rows(*lines):
    return "".join(f"{line}\n" for line in lines)


ONE = [("A", "2024-01-02T14:30:00Z", 10.0, 10.5, 100.0)]
WORDS = "Open,High,Low,Close,Volume"
PRICES = "10,11,9,10.5,100"
NAMED = ("--columns", "symbol=@A")


@harness.case("a time is read in every form that leaves no doubt", in_folder=True)
def _(folder):
    forms = [
        "2024-01-02T14:30:00Z", "2024.01.02 14:30", "2024/1/2 14:30:00", "2024-01-02  14:30:00", "2024-01-02 14:30:00+00", "2024-01-02 09:30:00-0500",
        "20240102 143000", "20240102;143000", "202401021430", "20240102143000", "2-Jan-2024 2:30 PM", '"Jan 2, 2024 14:30"', "1704205800", "1704205800.0",
        "1.7042058e+09", "1704205800000", "1704205800000000", "1704205800000000000", "2024-01-02 14:30:00 UTC",
    ]  # fmt: skip
    for number, form in enumerate(forms):
        file = write(folder / f"{number}.csv", rows(f"Date,{WORDS}", f"{form},{PRICES}"))
        assert imported(folder / str(number), file, *NAMED)[0] == ONE, form


@harness.case("months and days are told apart by the file, or it is refused with the cure, which works", in_folder=True)
def _(folder):
    american = write(folder / "us.csv", rows(f"Date,Time,{WORDS}", f"01/02/2024,14:30,{PRICES}", f"01/13/2024,14:30,{PRICES}"))
    assert [bar[1] for bar in imported(folder / "us", american, *NAMED)[0]] == ["2024-01-02T14:30:00Z", "2024-01-13T14:30:00Z"]
    german = write(folder / "de.csv", rows("Date;Open;High;Low;Close;Volume", "02.01.2024 14:30;10;11;9;10,5;100", "13.01.2024 14:30;10;11;9;10,5;100"))
    assert [bar[1:] for bar in imported(folder / "de", german, *NAMED)[0]] == [(day, 10.0, 10.5, 100.0) for day in ("2024-01-02T14:30:00Z", "2024-01-13T14:30:00Z")]
    either = write(folder / "either.csv", rows(f"Date,Time,{WORDS}", f"01/02/2024,14:30,{PRICES}"))
    assert "--time-format %m/%d/%Y or %d/%m/%Y" in refused(folder / "e", either, *NAMED)
    assert imported(folder / "e1", either, *NAMED, "--time-format", "%m/%d/%Y")[0] == ONE
    assert imported(folder / "e2", either, *NAMED, "--time-format", "%d/%m/%Y %H:%M")[0][0][1] == "2024-02-01T14:30:00Z"
    assert "fits none of its times" in refused(folder / "e3", either, *NAMED, "--time-format", "%Y-%m-%d")


@harness.case("every zone of the tz database counts, and times without one are told once", in_folder=True)
def _(folder):
    for name in ("Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tokyo"):
        zone = zoneinfo.ZoneInfo(name)
        locals_ = [datetime.datetime(year, month, 15, 10, 15) for year in (1975, 1999, 2016, 2026) for month in (1, 4, 7, 10)]
        file = write(folder / "z.csv", rows(f"timestamp,{WORDS}", *(f"{local:%Y-%m-%d %H:%M},{PRICES}" for local in locals_)))
        bars, said = imported(folder / name.replace("/", "-"), file, *NAMED, "--time-zone", name)
        assert [bar[1] for bar in bars] == sorted(history.stamp(int(local.replace(tzinfo=zone).timestamp())) for local in locals_), name
        assert "have no zone" not in said
    file = write(folder / "naive.csv", rows(f"timestamp,{WORDS}", f"2024-01-02 14:30,{PRICES}", f"2024-01-02 14:31,{PRICES}"))
    assert imported(folder / "naive", file, *NAMED)[1].count("have no zone and are read as UTC") == 1
    file = write(folder / "aware.csv", rows(f"timestamp,{WORDS}", f"2024-01-02T14:30:00Z,{PRICES}"))
    assert "have no zone" not in imported(folder / "aware", file, *NAMED)[1]
    assert "has no zone" not in run(folder / "no", file, "--time-zone", "Europe/Atlantis").stdout
    assert "--time-zone must be UTC" in refused(folder / "no", file, "--time-zone", "Europe/Atlantis")


@harness.case("the hour that comes twice is told by the order of rows, in CSV and Parquet, newest first too, on every thread", in_folder=True)
def _(folder):
    begin = int(datetime.datetime(2026, 10, 31, 12, tzinfo=datetime.timezone.utc).timestamp())
    instants = [begin + 60 * minute for minute in range(48 * 60)]
    local = [datetime.datetime.fromtimestamp(instant, NEW_YORK).replace(tzinfo=None) for instant in instants]
    symbols = [f"S{number:02}" for number in range(12)]
    table = [(symbol, at) for at in local for symbol in symbols]
    wanted = sorted((symbol, history.stamp(instant)) for instant in instants for symbol in symbols)

    def check(name, file):
        bars, _ = imported(folder / name, file, "--time-zone", "America/New_York", "--threads", "4")
        assert [bar[:2] for bar in bars] == wanted, name

    for name, order in (("forward", table), ("back", table[::-1])):
        check(name, write(folder / f"{name}.csv", rows(f"symbol,timestamp,{WORDS}", *(f"{symbol},{at:%Y-%m-%d %H:%M},{PRICES}" for symbol, at in order))))
    columns = {"symbol": [symbol for symbol, _ in table], "timestamp": pa.array([at for _, at in table], pa.timestamp("us"))}
    columns |= {name.lower(): [float(value)] * len(table) for name, value in zip(WORDS.split(","), PRICES.split(","))}
    pq.write_table(pa.table(columns), folder / "naive.parquet", row_group_size=5_000)
    check("parquet", folder / "naive.parquet")


@harness.case("bars that are called by their end begin a minute before it", in_folder=True)
def _(folder):
    file = write(folder / "end.csv", rows(f"Datetime,{WORDS}", f"2024-01-02 09:31:00,{PRICES}"))
    assert imported(folder / "d", file, *NAMED, "--time-zone", "America/New_York", "--bar-time", "end")[0] == ONE


@harness.case("two columns of Parquet are one time: text, date32 with time64 or text, a timestamp of midnight; what is no time of day is refused", in_folder=True)
def _(folder):
    days, texts = [datetime.date(2024, 1, 2)] * 2, ["14:30:00", "14:31:00"]
    clock = [datetime.time(14, 30), datetime.time(14, 31)]
    prices = {name.lower(): [float(value)] * 2 for name, value in zip(WORDS.split(","), PRICES.split(","))}
    dates = {
        "text": pa.array(["2024-01-02"] * 2), "slash": pa.array(["2024/01/02"] * 2), "date32": pa.array(days),
        "midnight": pa.array([datetime.datetime(2024, 1, 2)] * 2, pa.timestamp("ms")),
    }  # fmt: skip
    times = {"text": pa.array(texts), "time64": pa.array(clock, pa.time64("us")), "time32": pa.array(clock, pa.time32("ms"))}
    wanted = ONE + [("A", "2024-01-02T14:31:00Z", 10.0, 10.5, 100.0)]
    for date_name, date in dates.items():
        for time_name, time in times.items():
            for number, (first, second, options) in enumerate((("date", "time", ()), ("date", "minute", ()), ("D", "At", ("timestamp=D+At",)))):
                name = f"{date_name}-{time_name}-{number}"
                pq.write_table(pa.table({first: date, second: time, **prices}), folder / f"{name}.parquet")
                columns = ",".join(("symbol=@A", *options))
                assert imported(folder / name, folder / f"{name}.parquet", "--columns", columns)[0] == wanted, name
    local = pa.table({"date": dates["date32"], "time": times["time64"], **prices})
    pq.write_table(local, folder / "local.parquet")
    assert [bar[1] for bar in imported(folder / "local", folder / "local.parquet", *NAMED, "--time-zone", "America/New_York")[0]] == ["2024-01-02T19:30:00Z", "2024-01-02T19:31:00Z"]
    pq.write_table(pa.table({"date": dates["date32"], "time": pa.array([93000, 93100]), **prices}), folder / "number.parquet")
    assert "cannot be a date and its time of day" in refused(folder / "number", folder / "number.parquet", *NAMED)


@harness.case("Parquet's whole numbers and doubles are times by their digits, its index a time, its doubtful names judged by values", in_folder=True)
def _(folder):
    prices = {name.lower(): [float(value)] for name, value in zip(WORDS.split(","), PRICES.split(","))}
    makes = {
        "twelve": {"timestamp": [202401021430]}, "fourteen": {"t": [20240102143000]}, "seconds": {"time": [1704205800.0]}, "small": {"t": pa.array([1704205800], pa.int32())},
        "index": {"__index_level_0__": pa.array([datetime.datetime(2024, 1, 2, 14, 30)], pa.timestamp("ns"))}, "alpaca": {"T": ["b"], "t": ["2024-01-02T14:30:00Z"]},
        "status": {"s": ["ok"], "t": [1704205800]},
    }  # fmt: skip
    for name, columns in makes.items():
        pq.write_table(pa.table({**columns, **prices}), folder / f"{name}.parquet")
        assert imported(folder / name, folder / f"{name}.parquet", *NAMED)[0] == ONE, name
    assert "no column is recognized as symbol" in refused(folder / "no", folder / "status.parquet")


@harness.case("headers of all kinds are found, and what is doubtful is refused with the cure, which works", in_folder=True)
def _(folder):
    line = f"2024-01-02 14:30:00,{PRICES}"
    good = {
        "title": (rows("https://www.example.invalid/data", f"Date,{WORDS}", line), NAMED),
        "skipped": (rows(f"Date,{WORDS}", "a,b", f"Date,{WORDS}", line), (*NAMED, "--skip-lines", "2")),
        "excel": (rows("sep=;", f"Date;{WORDS.replace(',', ';')}", line.replace(",", ";")), NAMED),
        "yfinance": (rows("Price,Open,High,Low,Close,Volume", "Ticker,A,A,A,A,A", "Datetime,,,,,", line), ()),
        "pandas": (rows(f",{WORDS}", line), NAMED),
        "number": (rows(f"When,{WORDS}", line), ("--columns", "symbol=@A,timestamp=1")),
        "trailing": (rows(f"Date,{WORDS}", line + ","), NAMED),
        "trailing too": (rows(f"Date,{WORDS},", line + ","), NAMED),
        "alpaca": (rows("T,S,o,h,l,c,v,t", f"b,A,{PRICES},2024-01-02T14:30:00Z"), ()),
        "finnhub": (rows("o,h,l,c,v,s,t", f"{PRICES},ok,1704205800"), NAMED),
        "no volume": (rows("Date,Open,High,Low,Close", "2024-01-02 14:30:00,10,11,9,10.5"), ("--columns", "symbol=@A,volume=@100")),
        "two closes": (rows(f"Date,{WORDS},close", line + ",5"), ("--columns", "symbol=@A,close=Close")),
    }
    for name, (text, options) in good.items():
        assert imported(folder / name, write(folder / f"{name}.csv", text), *options)[0] == ONE, name
    doubtful = {
        "two closes": ((), "choose one, for example --columns close=Close"),
        "no volume": (NAMED, "volume=@0"),
        "finnhub": ((), "no column is recognized as symbol"),
        "number": (NAMED, "no column is recognized as timestamp; there are When, Open"),
    }
    for name, (options, said) in doubtful.items():
        options = options or (NAMED if name == "two closes" else ())
        assert said in refused(folder / f"{name} refused", folder / f"{name}.csv", *options), name
    nothing = write(folder / "nothing.csv", rows("some title", "1,2,3"))
    assert '--skip-lines N skips lines before it' in refused(folder / "nothing", nothing)


@harness.case("numbers of spreadsheets are read, scaled and refused", in_folder=True)
def _(folder):
    makes = {
        "thousands": (rows(f"Date,{WORDS}", '2024-01-02 14:30,"16,610.30","16,832.20","16,581.40","16,826.05",1.5K'), (), (16610.3, 16826.05, 1500.0)),
        "comma": (rows("Date;Open;High;Low;Close;Volume", "2024-01-02 14:30;138,52;139,10;137,90;138,80;1.250.000"), (), (138.52, 138.8, 1250000.0)),
        "said": (rows("Date;Open;High;Low;Close;Volume", "2024-01-02 14:30;1,125;1,250;1,125;1,250;1.000"), ("--decimal", ","), (1.125, 1.25, 1000.0)),
        "short": (rows(f"Date,{WORDS}", "2024-01-02 14:30,.91,1.,.9,1,1.21M"), (), (0.91, 1.0, 1210000.0)),
        "billionths": (rows(f"Date,{WORDS}", "2024-01-02 14:30,185050000000,186000000000,185000000000,185100000000,7"), ("--price-scale", "1e-9"), (185.05, 185.1, 7.0)),
    }
    for name, (text, options, wanted) in makes.items():
        assert imported(folder / name, write(folder / f"{name}.csv", text), *NAMED, *options)[0] == [("A", "2024-01-02T14:30:00Z", *wanted)], name
    said = refused(folder / "no", folder / "said.csv", *NAMED)
    assert "use --decimal , or --thousands ," in said, said
    pq.write_table(pa.table({"t": [1704205800], **{name: [10**10] for name in "ohlc"}, "v": [7]}), folder / "p.parquet")
    assert imported(folder / "p", folder / "p.parquet", *NAMED, "--price-scale", "1e-9")[0] == [("A", "2024-01-02T14:30:00Z", 10.0, 10.0, 7.0)]


@harness.case("a pipe that gives its header first is read like a file: the rows behind it settle what the header leaves open", in_folder=True)
def _(folder):
    command = [TIDEMARK, "import", "--data", folder / "d", "--json", "--no-recompute", *NAMED, "-"]
    running = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        for part in (rows(f"Date,{WORDS}"), rows(f"01/02/2024 14:30,{PRICES}"), rows(f"01/13/2024 14:30,{PRICES}")):
            running.stdin.write(part.encode())
            running.stdin.flush()
            deadline = time.monotonic() + 60
            while struct.unpack("i", fcntl.ioctl(running.stdin, termios.FIONREAD, b"\0" * 4))[0] > 0:  # until it has read this part
                assert time.monotonic() < deadline and running.poll() is None
                time.sleep(0.001)
        said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 0, said[1]
    assert sorted(history.stamp(at // 10**9) for _, at in history.in_lake(folder / "d")) == ["2024-01-02T14:30:00Z", "2024-01-13T14:30:00Z"]


@harness.case("JSON lines with numbers in strings, or numbers for times, are read by import", in_folder=True)
def _(folder):
    for name, line in {
        "strings": '{"symbol":"A","timestamp":"2024-01-02T14:30:00Z","open":"10","high":"11","low":"9","close":"10.5","volume":"100"}',
        "epochs": '{"symbol":"A","timestamp":1704205800000,"open":10,"high":11,"low":9,"close":10.5,"volume":100}',
    }.items():
        assert imported(folder / name, write(folder / f"{name}.jsonl", rows(line)))[0] == ONE, name


harness.end()
