"""The recorded cases of ../shared/data/cases, each with its own check of the commands' results and of the bars in the lake."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from decimal import Decimal

FOLDER = pathlib.Path(os.environ.get("TIDEMARK_SHARED") or pathlib.Path(__file__).resolve().parents[4] / "shared") / "data" / "cases"
CHECKS = {}


class Outcome:
    """The output of a case's commands, and the resulting lakes."""

    def __init__(self, text, root, name, bars_of):
        self.text, self.root, self.name, self.bars_of = text, root, name, bars_of
        self.codes = [int(line.rpartition("rc=")[2]) for line in text.splitlines() if "rc=" in line and line.rpartition("rc=")[2].isdigit()]

    def bars(self, which=""):
        return self.bars_of(self.root / f"{self.name}.data{which}" / "lake")

    def closes(self, symbol, which=""):
        return [bar[3] for (name, _), bar in sorted(self.bars(which).items()) if name == symbol]

    def times(self, symbol, which=""):
        return [time for name, time in sorted(self.bars(which)) if name == symbol]

    def rows(self):
        return [json.loads(line, parse_float=Decimal) for line in self.text.splitlines() if line.startswith("{")]

    def has(self, *words):
        return all(word in self.text for word in words)


def of_folder(name, sentence):
    def note(check):
        CHECKS[name] = sentence, check
        return check

    return note


def decimals(*texts):
    return [Decimal(text) for text in texts]


THREE = decimals("185.05", "185.10", "185.15")


@of_folder("32-daily-beside-minutes", "a daily bar beside minutes is refused, and the trends are the minutes' own")
def _(outcome):
    assert outcome.codes == [0, 1] and outcome.has("every 1d", "every 1m", "--interval"), outcome.text
    assert outcome.closes("AAPL") == THREE and "00:00" not in str(outcome.times("AAPL")), outcome.text


@of_folder("57-another-feed-over-the-lake", "a file of another feed than the lake's is refused")
def _(outcome):
    assert outcome.codes == [0, 1] and outcome.has("the feed iex", "the feed sip"), outcome.text
    assert {bar[7] for bar in outcome.bars().values()} == {"iex"}


@of_folder("01-investing-com", "the table of investing.com is read with its format said by the program, or refused aloud")
def _(outcome):
    if outcome.codes == [0]:
        assert outcome.closes("NDX") == decimals("16368.49", "16543.94", "16826.05"), outcome.text
    else:
        assert outcome.codes in ([1], [2]) and outcome.has("NDX.csv", "--time-format") and not outcome.bars(), outcome.text


@of_folder("02-yfinance-three-headers", "three lines of header are passed over")
def _(outcome):
    assert outcome.codes == [0] and outcome.closes("MSFT") == THREE, outcome.text
    assert outcome.times("MSFT")[0] == "2024-01-02T14:30:00Z"


@of_folder("08-unnamed-index", "a column without a name is found, or said by its number")
def _(outcome):
    assert 0 in outcome.codes and outcome.closes("TSLA") == THREE, outcome.text


@of_folder("09-alpaca-T-and-t", "T is the kind of a message, and t its time")
def _(outcome):
    assert outcome.codes == [0] and outcome.closes("AAPL") == THREE, outcome.text


@of_folder("10-alpaca-messages-recorded", "recorded messages of Alpaca are bars, for import and for trends")
def _(outcome):
    assert outcome.codes == [0, 0, 0] and outcome.closes("AAPL") == THREE and outcome.closes("MSFT") == THREE, outcome.text
    assert outcome.has('"symbol":"AAPL","window_start":"2024-01-02 14:30:00"'), outcome.text


@of_folder("12-finnhub-status-is-no-symbol", "there is no symbol called ok in silence")
def _(outcome):
    assert not outcome.closes("ok") and outcome.codes != [0], outcome.text


@of_folder("13-parquet-date-and-time", "date and time in two columns of Parquet are one time")
def _(outcome):
    times = [f"2024-01-02T14:3{minute}:00Z" for minute in range(6)]
    assert outcome.codes == [0, 0, 0], outcome.text
    assert outcome.times("text", ".text") == outcome.times("date32", ".date32") == outcome.times("text", ".said") == times


@of_folder("16-coins-below-a-cent", "prices below a cent keep their places")
def _(outcome):
    shib, pepe = outcome.rows()
    # Closes in 1e-9: 23919 24388 24857 25326 25795, whose average is the third.
    found = tuple(shib[name] for name in ("min_close", "avg_close", "max_close", "price_range"))
    assert found == tuple(decimals("0.000023919", "0.000024857", "0.000025795", "0.000001876")), shib
    # They rise evenly, so the average is in the middle of the range: 0.5 is NEUTRAL by 4.5, although the case's own
    # text expects BULLISH.
    assert shib["trend_signal"] == "NEUTRAL", shib
    for row in (shib, pepe):
        assert row["price_range"] > 0 and row["volatility"] > 0 and row["max_close"] > row["avg_close"] > row["min_close"] > 0, row


@of_folder("18-alpaca-crypto-no-trades", "a vwap of 0 is no price")
def _(outcome):
    rows = [row for row in outcome.rows() if row.get("window_start") == "2024-01-02 14:30:00"]
    # (2300.4 + 2300.6 + 2300.5) / 3
    assert len(rows) == 1 and rows[0]["avg_vwap"] == Decimal("2300.5") and abs(rows[0]["vwap_deviation_pct"]) < 1, outcome.text


@of_folder("20-twelve-digits", "twelve and fourteen digits are a date, or are refused: never 1976")
def _(outcome):
    assert "1976" not in str(outcome.bars()), outcome.text
    for name, code in zip(("twelve", "fourteen"), outcome.codes):
        assert outcome.closes(name) == (THREE if code == 0 else []), outcome.text
        assert code != 0 or outcome.times(name)[0] == "2024-01-02T14:30:00Z", outcome.text


@of_folder("23-zstd-and-zip", "Zstandard and a ZIP archive are read")
def _(outcome):
    assert outcome.codes == [0, 0] and len(outcome.bars()) == 3 and "\x1b" not in outcome.text, outcome.text


@of_folder("24-utf16-and-marks", "marks of byte order lose no bar, and UTF-16 is read or named")
def _(outcome):
    assert outcome.codes[:2] == [0, 0] and outcome.closes("ZZZ") == THREE and outcome.closes("BOM") == THREE, outcome.text
    assert outcome.closes("U16") == THREE if outcome.codes[2] == 0 else outcome.has("UTF-16"), outcome.text
    assert outcome.has('"read":3,"accepted":3'), outcome.text


@of_folder("25-stamped-at-the-end", "there is a way to say that bars are called by their end")
def _(outcome):
    assert outcome.has("--bar-time"), outcome.text


@of_folder("27-american-dates", "American dates are read, or refused with the cure")
def _(outcome):
    if outcome.codes == [0]:
        assert outcome.times("SPX") == [f"2023-09-22T09:3{minute}:00Z" for minute in range(3)], outcome.text
    else:
        assert outcome.codes in ([1], [2]) and outcome.has("SPX.csv", "--time-format") and not outcome.bars(), outcome.text


@of_folder("31-json-strings-and-epochs", "numbers in strings and epochs of JSON lines are read by import, and told by trends")
def _(outcome):
    assert outcome.codes[:2] == [0, 0] and outcome.closes("BTCUSDT") == THREE and outcome.closes("AAPL") == THREE, outcome.text
    assert outcome.has("wrong_type"), outcome.text


@of_folder("40-separator-at-the-end", "a separator at the end of a row is no cell")
def _(outcome):
    assert outcome.codes == [0, 0] and outcome.closes("TRL") == THREE and outcome.closes("TRR") == THREE, outcome.text


@of_folder("48-decimal-comma", "no price is wrong by its comma")
def _(outcome):
    assert outcome.closes("SAP") in ([], decimals("138.80", "136.50"), decimals("138.80", "138.80", "136.50", "136.50")), outcome.text
    assert outcome.closes("SAP") or outcome.codes == [1, 1], outcome.text


@of_folder("50-rest-answers", "whole REST answers are read, or called what they are")
def _(outcome):
    alpaca, polygon, freqtrade = outcome.codes
    assert alpaca == 0 and polygon == 0 and outcome.closes("AAPL") == THREE, outcome.text
    assert freqtrade == 0 or outcome.has("symbol"), outcome.text


@of_folder("51-line-before-the-header", "a line before the header is passed over, or there is a way told")
def _(outcome):
    assert outcome.codes[1] == 0 and outcome.closes("SEP") == THREE, outcome.text
    if outcome.codes[0] == 0:
        assert outcome.closes("BTC/USD") == decimals("44192.0", "44200.1"), outcome.text
    else:
        assert outcome.has("columns") and not outcome.closes("BTC/USD"), outcome.text


@of_folder("52-filter-over-csv", "trends and run say that a file of CSV holds no record")
def _(outcome):
    assert outcome.has("tidemark trends:", "rejected", "CSV"), outcome.text


@of_folder("64-first-of-two-columns", "two columns that could be the close are not chosen between in silence")
def _(outcome):
    assert outcome.codes != [0] or outcome.has("close"), outcome.text
    assert outcome.closes("X") in ([], decimals("10.5")), outcome.text


@of_folder("66-no-volume-column", "a missing volume is told with the way to say it")
def _(outcome):
    assert outcome.codes[0] != 0 and outcome.has("volume=@0") and outcome.codes[1] == 0, outcome.text
    assert [bar[4] for bar in outcome.bars().values()] == decimals("0", "0"), outcome.text


@of_folder("73-sorted-by-symbol", "who reads a file sorted by symbol is told what is left out, and how to sort it")
def _(outcome):
    assert outcome.has("--sort"), outcome.text


@of_folder("80-currency-signal-turns-round", "five places are enough to be bearish")
def _(outcome):
    rows = outcome.rows()
    # (1.266852 - 1.26680) / 0.00014 = 0.371
    assert len(rows) == 1 and rows[0]["trend_signal"] == "BEARISH" and rows[0]["avg_close"] == Decimal("1.266852"), outcome.text


def run_case(tidemark, name, check, bars_of):
    with tempfile.TemporaryDirectory(prefix="tidemark-shared-case-") as scratch:
        root = pathlib.Path(scratch)
        shutil.copytree(FOLDER / name, root / name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TIDEMARK")}
        environment |= {"T": str(tidemark), "D": str(root / f"{name}.data"), "LC_ALL": "C.UTF-8"}
        ended = subprocess.run(["bash", "cmd"], cwd=root / name, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        check(Outcome(ended.stdout.decode(errors="replace"), root, name, bars_of))


def checks(tidemark, chosen, bars_of):
    """(name, sentence, function) of each case; one that skips if the data are missing."""
    if not FOLDER.is_dir():
        yield "shared", "the recorded cases", lambda: "needs ../shared/data/cases"
        return
    for name, (sentence, check) in sorted(CHECKS.items()):
        if not chosen or any(f"shared/{name}".startswith(word) for word in chosen):
            yield f"shared/{name}", sentence, lambda name=name, check=check: run_case(tidemark, name, check, bars_of)
