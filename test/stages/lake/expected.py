"""The expected contents of the lake for the market, and the answers to docs/questions.md, computed by the contract's reference.

Numbers of bars are exact decimals; those of trends are the doubles nearest to the written decimals (contract 4.2).
"""

import datetime
import json
import math
import pathlib
import statistics
import sys
from collections import defaultdict, namedtuple
from decimal import Decimal

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "contract/reference"))
import tidemark_reference as reference  # noqa: E402

EPOCH = datetime.datetime(1970, 1, 1)

TREND_COLUMNS = (  # the columns of stock_trends in Hive, then the additional ones
    ("symbol", "string"),
    ("window_start", "string"),
    ("window_end", "string"),
    ("avg_close", "double"),
    ("max_close", "double"),
    ("min_close", "double"),
    ("avg_volume", "double"),
    ("volatility", "double"),
    ("avg_vwap", "double"),
    ("avg_pct_change", "double"),
    ("buy_pressure", "double"),
    ("bar_count", "bigint"),
    ("price_range", "double"),
    ("vwap_deviation_pct", "double"),
    ("trend_signal", "string"),
    ("revision", "bigint"),
    ("feed", "string"),
)
BAR_COLUMNS = (
    ("symbol", "string"),
    ("timestamp", "timestamp"),
    ("open", "decimal(19,9)"),
    ("high", "decimal(19,9)"),
    ("low", "decimal(19,9)"),
    ("close", "decimal(19,9)"),
    ("vwap", "decimal(19,9)"),
    ("volume", "decimal(27,9)"),
    ("price_change", "decimal(38,9)"),
    ("pct_change", "decimal(38,9)"),
    ("direction", "string"),
    ("trade_count", "bigint"),
    ("feed", "string"),
    ("verdict", "string"),
    ("late", "boolean"),
    ("position", "bigint"),
    ("timestamp_ns", "bigint"),
    ("imported", "bigint"),
)

Trend = namedtuple("Trend", [name for name, _ in TREND_COLUMNS])
Bar = namedtuple("Bar", [name for name, _ in BAR_COLUMNS] + ["dt"])


def exact(units):
    return None if units is None else Decimal(units).scaleb(-9)


class Recorder(reference.Partition):
    """The reference's partition, which also keeps each bar with its verdict and position."""

    def __init__(self):
        super().__init__()
        self.judged = []

    def admit(self, bar, record):
        verdict = super().admit(bar, record)
        if verdict != "duplicate":
            time = EPOCH + datetime.timedelta(microseconds=bar.time // 1000)
            self.judged.append(
                Bar(
                    symbol=bar.symbol, timestamp=time, open=exact(bar.open), high=exact(bar.high), low=exact(bar.low),
                    close=exact(bar.close), vwap=exact(bar.vwap), volume=exact(bar.volume),
                    price_change=exact(bar.price_change), pct_change=exact(bar.pct_change), direction=bar.direction,
                    trade_count=bar.trade_count, feed=bar.feed, verdict=verdict, late=verdict == "late",
                    position=len(self.judged), timestamp_ns=bar.time, imported=None, dt=str(time.date()),
                )
            )
        return verdict


class Expected:
    """trends and bars_all in the order of creation; position counts the judged bars."""

    def __init__(self, lines):
        partition = Recorder()
        for number, line in enumerate(lines, start=1):
            partition.take(line.encode(), "market", number)
        partition.finish()
        rows = [json.loads(line) for line in partition.trends]
        doubles = {name for name, type_ in TREND_COLUMNS if type_ == "double"}
        self.trends = [
            Trend(**{
                name: float(row[name]) if name in doubles and row[name] is not None else row[name] for name in Trend._fields
            })
            for row in rows
        ]
        self.bars_all = partition.judged
        latest = {}
        for bar in self.bars_all:
            latest[bar.symbol, bar.timestamp_ns] = bar
        self.bars = sorted(latest.values(), key=lambda bar: (bar.symbol, bar.timestamp_ns))
        self.stats = partition.stats

    def trends_of(self):
        found = defaultdict(list)
        for trend in sorted(self.trends, key=lambda trend: (trend.symbol, trend.window_end)):
            found[trend.symbol].append(trend)
        return found

    def bars_by(self, key):
        found = defaultdict(list)
        for bar in self.bars:
            found[key(bar)].append(bar)
        return found


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def window_time(text):
    return datetime.datetime.fromisoformat(text)


# ---------------------------------------------------------------------------------------------------------------------
# One function for each question, by its heading. Rows are tuples, in order.

ANSWERS = {}


def answers(question):
    def keep(function):
        ANSWERS[question] = function
        return function

    return keep


@answers("What are the latest windows?")
def _(lake):
    last = [trends[-1] for trends in lake.trends_of().values()]
    return [(t.symbol, t.window_start, t.window_end, t.avg_close, t.buy_pressure, t.trend_signal) for t in last]


@answers("Which symbol was the most bullish in the last hour?")
def _(lake):
    since = max(window_time(t.window_end) for t in lake.trends) - datetime.timedelta(hours=1)
    rows = []
    for symbol, trends in lake.trends_of().items():
        recent = [t for t in trends if window_time(t.window_end) > since]
        bullish = sum(t.trend_signal == "BULLISH" for t in recent)
        pressure = round(mean(t.buy_pressure for t in recent), 4)
        rows.append((symbol, bullish, len(recent), round(100 * bullish / len(recent), 1), pressure))
    return sorted(rows, key=lambda row: (-row[3], -row[4], row[0]))


@answers("How volatile is each symbol?")
def _(lake):
    rows = []
    for symbol, trends in lake.trends_of().items():
        known = [t for t in trends if t.volatility is not None]
        rows.append((
            symbol,
            round(mean(t.volatility for t in known), 9),
            max(t.volatility for t in known),
            round(100 * mean(t.volatility / t.avg_close for t in known), 4),
        ))
    return sorted(rows, key=lambda row: -row[3])


@answers("Where did the price leave its VWAP by more than 0.1 %?")
def _(lake):
    far = [t for t in lake.trends if t.vwap_deviation_pct is not None and abs(t.vwap_deviation_pct) > 0.1]
    far.sort(key=lambda t: (-abs(t.vwap_deviation_pct), t.symbol, t.window_start))
    return [(t.symbol, t.window_start, t.avg_close, t.avg_vwap, t.vwap_deviation_pct) for t in far[:20]]


@answers("How much is there of each symbol?")
def _(lake):
    return [
        (symbol, len(trends), trends[0].window_start, trends[-1].window_end) for symbol, trends in lake.trends_of().items()
    ]


@answers("When did the signal turn?")
def _(lake):
    return [
        (symbol, after.window_end, before.trend_signal, after.trend_signal)
        for symbol, trends in lake.trends_of().items()
        for before, after in zip(trends, trends[1:])
        if before.trend_signal != after.trend_signal
    ]


@answers("How are the signals spread?")
def _(lake):
    return [
        (symbol, *(sum(t.trend_signal == signal for t in trends) for signal in ("BULLISH", "NEUTRAL", "BEARISH")))
        for symbol, trends in lake.trends_of().items()
    ]


@answers("What followed a bullish window?")
def _(lake):
    begins = {(t.symbol, t.window_start): t for t in lake.trends}
    rows = []
    for symbol, trends in lake.trends_of().items():
        pairs = [(t, begins.get((symbol, t.window_end))) for t in trends if t.trend_signal == "BULLISH"]
        pairs = [(now, later) for now, later in pairs if later]
        if pairs:
            moves = [100 * (later.avg_close / now.avg_close - 1) for now, later in pairs]
            rows.append((symbol, len(pairs), sum(move > 0 for move in moves), round(mean(moves), 4)))
    return rows


@answers("What were the exact high and low of each day?")
def _(lake):
    days = lake.bars_by(lambda bar: (bar.dt, bar.symbol))
    return [(dt, symbol, max(b.high for b in bars), min(b.low for b in bars)) for (dt, symbol), bars in sorted(days.items())]


@answers("What are the bars of a longer interval?")
def _(lake):
    def half_hour(bar):
        return bar.symbol, bar.timestamp.replace(minute=bar.timestamp.minute // 30 * 30, second=0, microsecond=0)

    return [
        (
            symbol, begins, bars[0].open, max(b.high for b in bars), min(b.low for b in bars), bars[-1].close,
            sum(b.volume for b in bars), len(bars),
        )
        for (symbol, begins), bars in sorted(lake.bars_by(half_hour).items())
    ]


@answers("What moved the most over a day?")
def _(lake):
    rows = []
    for (dt, symbol), bars in lake.bars_by(lambda bar: (bar.dt, bar.symbol)).items():
        first, last = bars[0].open, bars[-1].close
        rows.append((dt, symbol, first, last, round(100 * (float(last) / float(first) - 1), 4)))
    return sorted(rows, key=lambda row: (-abs(row[4]), row[0], row[1]))


@answers("What was the volume-weighted average price of a day?")
def _(lake):
    rows = []
    for (dt, symbol), bars in sorted(lake.bars_by(lambda bar: (bar.dt, bar.symbol)).items()):
        known = [b for b in bars if b.vwap is not None]
        price = sum(b.vwap * b.volume for b in known) / sum(b.volume for b in known)
        rows.append((dt, symbol, float(round(price, 9)), len(known)))
    return rows


@answers("Where was the volume unusual?")
def _(lake):
    rows = []
    for symbol, bars in sorted(lake.bars_by(lambda bar: bar.symbol).items()):
        for i in range(20, len(bars)):
            usual = sum(b.volume for b in bars[i - 20 : i]) / 20
            if bars[i].volume > 2 * usual:
                rows.append((symbol, bars[i].timestamp, bars[i].volume, float(round(usual, 4))))
    return rows


@answers("Do two symbols move together?")
def _(lake):
    moves = {}
    for symbol, bars in lake.bars_by(lambda bar: bar.symbol).items():
        moves[symbol] = {b.timestamp_ns: float(b.close) / float(a.close) - 1 for a, b in zip(bars, bars[1:])}
    rows = []
    for one in sorted(moves):
        for other in sorted(moves):
            if one < other:
                both = sorted(moves[one].keys() & moves[other].keys())
                correlation = statistics.correlation([moves[one][t] for t in both], [moves[other][t] for t in both])
                rows.append((one, other, len(both), round(correlation, 4)))
    return rows


@answers("Where are bars missing?")
def _(lake):
    return [
        (symbol, a.timestamp, b.timestamp, (b.timestamp - a.timestamp) // datetime.timedelta(minutes=1) - 1)
        for symbol, bars in sorted(lake.bars_by(lambda bar: bar.symbol).items())
        for a, b in zip(bars, bars[1:])
        if b.timestamp - a.timestamp > datetime.timedelta(minutes=1)
    ]


@answers("Which bars came late?")
def _(lake):
    return [(b.symbol, b.timestamp, b.close, b.volume) for b in lake.bars_all if b.late]


@answers("What was corrected, from what to what?")
def _(lake):
    known, rows = {}, []
    for b in lake.bars_all:
        was = known.get((b.symbol, b.timestamp_ns))
        known[b.symbol, b.timestamp_ns] = b
        if was:
            rows.append(
                (b.symbol, b.timestamp, b.verdict, was.high, b.high, was.close, b.close, was.volume, b.volume)
            )
    return rows


@answers("Which published windows would late bars change?")
def _(lake):
    # The reference's results for the day if every bar comes once, in its latest version, in order of time.
    again = Recorder()
    for bar in sorted(lake.bars, key=lambda bar: bar.timestamp_ns):
        again.take(record_of(bar), "lake", 0)
    again.finish()
    published = {(t.symbol, t.window_start): t for t in lake.trends}
    rows = []
    for line in again.trends:
        now = json.loads(line)
        was = published.get((now["symbol"], now["window_start"]))
        prices = ("avg_close", "max_close", "min_close")
        if was is None:
            continue  # no row of it was published
        if was.bar_count != now["bar_count"] or any(getattr(was, name) != now[name] for name in prices):
            rows.append(
                (was.symbol, was.window_start, was.bar_count, now["bar_count"], was.avg_close, now["avg_close"], "changed data")
            )
    return sorted(rows)


def record_of(bar):
    nanoseconds = bar.timestamp_ns % 10**9
    prices = ",".join(f'"{name}":{getattr(bar, name)}' for name in ("open", "high", "low", "close", "volume"))
    vwap = "null" if bar.vwap is None else bar.vwap
    time = f"{bar.timestamp:%Y-%m-%dT%H:%M:%S}.{nanoseconds:09}Z"
    return f'{{"symbol":"{bar.symbol}","timestamp":"{time}",{prices},"vwap":{vwap}}}'.encode()


@answers("Does every bar count up?")
def _(lake):
    groups = defaultdict(list)
    for b in lake.bars_all:
        groups[b.feed or "(none)", b.verdict].append(b.timestamp)
    return [(feed, verdict, len(times), min(times), max(times)) for (feed, verdict), times in sorted(groups.items())]
