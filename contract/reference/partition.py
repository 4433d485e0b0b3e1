"""Clauses 3, 4.6, 4.7 and 8.1 to 8.3: the watermark, the windows, their steps, and the outcome of each record."""

import copy

from exact_number import UNIT
from indicators import Series, Step
from judging import Bar, Heartbeat, judge
from record_json import Reject
from writing import dead_letter, trend, written_bar


class Window:
    """A window of one symbol: its bars by time, and how many records each bar has had."""

    def __init__(self):
        self.bars = {}
        self.records = {}

    def put(self, bar):
        self.bars[bar.time] = bar
        self.records[bar.time] = self.records.get(bar.time, 0) + 1

    @property
    def revision(self):
        return sum(self.records.values())


class Partition:
    """Takes records in arrival order and appends the results to `trends`, `late`, `rejects`, `bars`."""

    def __init__(self, size=300, slide=60, delay=120, updates=False, indicators=False):
        day = 86_400
        if slide < 1 or size < slide or size % slide or size > 90 * day or not 0 <= delay <= 90 * day:
            raise ValueError("size must be a multiple of slide, both size and delay at most 90 days (3.1)")
        self.size, self.slide, self.delay = size * UNIT, slide * UNIT, delay * UNIT
        self.updates = updates
        self.series = {} if indicators else None  # symbol -> Series
        self.watermark = None  # below every time
        self.heartbeat = None  # the largest so far
        self.finals = {}  # symbol -> the largest end of a window that gave a final
        self.open = {}  # end -> symbol -> Window, only windows that hold bars
        self.trends, self.late, self.rejects, self.bars = [], [], [], []
        self.stats = dict.fromkeys(("read", "accepted", "duplicate", "corrected", "late", "rejected"), 0)

    def take(self, record, source, position, original=None):
        try:
            value = judge(record)
            if isinstance(value, Bar) and self.heartbeat is not None and value.time > self.heartbeat + 3_600 * UNIT:
                raise Reject("ahead_of_heartbeat", "timestamp")
        except Reject as reject:
            self.count("rejected")
            self.rejects.append(dead_letter(reject, source, position, record if original is None else original))
            return
        self.observe(value.time)
        self.close_passed()
        if isinstance(value, Heartbeat):
            self.heartbeat = value.time if self.heartbeat is None else max(self.heartbeat, value.time)
        else:
            self.count(self.admit(value, record))

    def count(self, outcome):
        self.stats["read"] += 1
        self.stats[outcome] += 1

    def observe(self, time):
        if self.watermark is None or time - self.delay > self.watermark:
            self.watermark = time - self.delay

    def lower(self, time):
        """The control record of a log that lowers the watermark (3.2)."""
        if self.watermark is not None:
            self.watermark = min(self.watermark, time)
        if self.heartbeat is not None:
            self.heartbeat = min(self.heartbeat, time + self.delay)
        held = [(symbol, window.bars[time], window.records[time]) for windows in self.open.values() for symbol, window in windows.items()
                for time in window.bars]
        for symbol, bar, records in held:
            for end in self.open_ends(symbol, bar.time):
                window = self.open.setdefault(end, {}).setdefault(symbol, Window())
                window.bars[bar.time], window.records[bar.time] = bar, records

    def close_passed(self):
        for end in sorted(self.open):
            if end <= self.watermark:
                self.close(end)

    def close(self, end):
        windows = self.open.pop(end)
        for symbol in sorted(windows):  # symbols are ASCII: this is the order of their bytes
            self.finals[symbol] = max(end, self.finals.get(symbol, end))
            self.write(symbol, end, windows[symbol], "final", self.stepped(symbol, end, windows[symbol]))

    def stepped(self, symbol, end, window):
        """The symbol's series after the step of a window that gives its final (8.1), if indicators are asked for."""
        if self.series is None:
            return None
        series = self.series.setdefault(symbol, Series())
        self.push(series, symbol, end, window)
        return series

    def push(self, series, symbol, end, window):
        bars = [bar for time, bar in window.bars.items() if time >= end - self.slide]
        if bars:
            series.push(Step(symbol, end - self.slide, bars))

    def previewed(self, symbol, end):
        """The series as it would be if the symbol's open windows up to this one closed as they stand (8.3)."""
        if self.series is None:
            return None
        series = copy.deepcopy(self.series.get(symbol, Series()))
        for each in sorted(self.open):
            if each <= end and symbol in self.open[each]:
                self.push(series, symbol, each, self.open[each][symbol])
        return series

    def admit(self, bar, record):
        """The outcome of a valid bar, as its name in the account."""
        ends = self.open_ends(bar.symbol, bar.time)
        if not ends:
            self.late.append(record + b"\n")
            return "late"
        # If any window holds the bar's identity, the last one does, because it closes last.
        holder = self.open.get(ends[-1], {}).get(bar.symbol)
        held = holder.bars.get(bar.time) if holder else None
        if held == bar:
            return "duplicate"
        for end in ends:
            self.open.setdefault(end, {}).setdefault(bar.symbol, Window()).put(bar)
        self.bars.append(written_bar(bar))
        if self.updates:
            for end in ends:
                self.write(bar.symbol, end, self.open[end][bar.symbol], "update", self.previewed(bar.symbol, end))
        return "accepted" if held is None else "corrected"

    def open_ends(self, symbol, time):
        """The ends of the symbol's windows that contain the time and are open (3.2, 3.3), in order."""
        last_start = time // self.slide * self.slide
        starts = range(last_start, time - self.size, -self.slide)
        ends = sorted(start + self.size for start in starts if start + self.size > self.watermark)
        return [end for end in ends if symbol not in self.finals or end > self.finals[symbol]]

    def write(self, symbol, end, window, status, series):
        bars = list(window.bars.values())
        self.trends.append(trend(symbol, end - self.size, end, bars, status, window.revision, series))

    def finish(self):
        """The end of a bounded input (3.14)."""
        if self.open:
            self.observe(max(self.open) + self.delay)
            self.close_passed()
