"""Small hostile streams, each from a seed, which the property cases feed to the reference and to the program.

`stream(seed)` gives (flags, [(file name, bytes), ...]). The same seed gives the same stream; a failure names its seed. A record
has at most one JSON fault (the golden case json-order shows which of several is named).

    generate.py SEED        writes the stream's flags to standard error and its bytes to standard output
"""

import datetime
import gzip
import random
import sys

SPECS = [  # size, slide, delay in seconds
    (300, 60, 120), (300, 60, 0), (60, 60, 120), (60, 60, 0), (120, 60, 30), (3, 1, 2), (1, 1, 0), (10, 5, 7), (600, 60, 3_600),
    (420, 60, 61), (21 * 60, 7 * 60, 45), (3_600, 3_600, 600), (90, 30, 1), (7, 7, 3), (1_000, 100, 250), (86_400, 3_600, 60),
]
STARTS = ["2025-01-02T14:30", "1970-01-01T00:00", "1970-01-02T00:03", "2024-02-29T23:55", "2261-12-31T12:00", "2000-01-01T00:00"]
SYMBOLS = ["A", "B", "a", "BRK.A", "BRK/B", "BTC/USD", "!", "~", '"', "\\", "x" * 32, "AAPL", "{", ","]
FEEDS = ["null", '"iex"', '"sip"', '""', '"\\u0069ex"', '"é"', '"\\ud83d\\ude00"', '"\\n"', '"a\\/b"', '"\\u0000"']


class Stream:
    def __init__(self, seed, count=None):
        self.rng = random.Random(seed)
        rng = self.rng
        self.count = count or rng.choice((3, 20, 60, 150))
        self.size, self.slide, self.delay = rng.choice(SPECS)
        self.start = rng.choice(STARTS)
        self.symbols = rng.sample(SYMBOLS, rng.choice((1, 1, 2, 3, 6)))
        self.prices = rng.choice(("usual", "usual", "currency", "coin", "penny", "huge", "wild"))
        self.volumes = rng.choice(("whole", "fractional"))
        self.step = max(1, rng.choice((1, self.slide // 2, self.slide, self.size // 3)))  # seconds between bars
        self.spread = rng.choice((0, self.step * 2, self.delay + self.step, (self.delay + self.size) * 2))  # of disorder
        self.hostility = rng.choice((0, 0.1, 0.4))
        self.beats = rng.choice((0, 0, 0.05, 0.2))
        self.now = 0
        self.sent = []

    # --- texts

    def seconds(self, seconds):
        """A timestamp so many seconds after the start, in a random notation."""
        rng = self.rng
        minute_of_start = int(self.start[11:13]) * 60 + int(self.start[14:16])
        whole = minute_of_start * 60 + max(seconds, -minute_of_start * 60)
        offset = rng.choice((0, 0, 0, 0, 300, -300, 345, 1_439, -1_439)) if not self.start.startswith(("1970-01-01", "2261")) else 0
        day, rest = divmod(whole + offset * 60, 86_400)
        date = self.date(day)
        text = f"{date}{rng.choice('TTT ')}{rest // 3_600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
        text += rng.choice(("", "", "", ".0", ".000000000", ".5", ".999999999", ".000000001", ".25"))
        if offset:
            sign = "+" if offset > 0 else "-"
            return text + f"{sign}{abs(offset) // 60:02d}{rng.choice((':', ''))}{abs(offset) % 60:02d}"
        return text + rng.choice(("Z", "Z", "", "+00:00", "-0000"))

    def date(self, days):
        """The start's date plus some days (by the standard library's calendar, which is not the reference's)."""
        return (datetime.date.fromisoformat(self.start[:10]) + datetime.timedelta(days=days)).isoformat()

    def number(self, units):
        """A number of units (1e-9) in a random notation."""
        rng = self.rng
        sign, digits = ("-" if units < 0 else ""), abs(units)
        whole, rest = divmod(digits, 10**9)
        plain = f"{sign}{whole}" + (f".{rest:09d}".rstrip("0") if rest else "")
        kind = rng.randrange(10)
        if kind == 0:
            return f"{sign}{digits}{rng.choice('eE')}-{rng.choice(('', '0', '00'))}9"
        if kind == 1:
            return f"{sign}{digits // 10**9}.{rest:09d}" + rng.choice(("", "4", "49999999999999999999", "0000000000", "3e0", "0e+0"))
        if kind == 2 and digits:
            return f"{sign}0.{digits}e{len(str(digits)) - 9}"
        if kind == 3 and rest == 0:
            return plain + rng.choice((".0", ".00", "e0", "E+0", "e-0"))
        return plain

    def price(self):
        rng = self.rng
        if self.prices == "penny":
            return rng.randrange(1, 200_000)
        if self.prices == "currency":  # five decimals, as EUR/USD; close together, so that signals fall on their borders
            return 1_083_400_000 + rng.randrange(12) * 10_000
        if self.prices == "coin":  # six to nine decimals
            return 12_340 + rng.randrange(1, 100) * rng.choice((1, 10, 10, 100, 1_000))
        if self.prices == "huge":
            return 9_223_372_036_854_775_806 - rng.choice((0, 1, rng.randrange(10**9), rng.randrange(10**18)))
        if self.prices == "wild":
            return rng.choice((1, 10**4, 5 * 10**4, 10**9, rng.randrange(1, 10**12), rng.randrange(1, 9_223_372_036_854_775_806)))
        return 100 * 10**9 + rng.randrange(-5_000, 5_000) * rng.choice((50_000, 100_000, 10_000_000))

    def volume(self):
        rng = self.rng
        if self.volumes == "whole":
            return rng.randrange(10**6) * 10**9
        return rng.choice((0, rng.randrange(10**15), rng.randrange(10**6) * 10**9, rng.randrange(100) * 10**8, rng.randrange(10**27)))

    def bar(self, symbol=None, time=None):
        rng = self.rng
        prices = sorted(self.price() for _ in range(4))
        open_, close = rng.sample(prices[1:3], 2)
        if rng.random() < 0.2:
            open_ = close
        text = {name: self.number(units) for name, units in
                (("open", open_), ("high", prices[3]), ("low", prices[0]), ("close", close))}
        text["volume"] = self.number(self.volume())
        if rng.random() < 0.8:
            text["vwap"] = rng.choice(("null", self.number(close), self.number(-close), self.number(rng.randrange(-10**5, 10**5)),
                                       self.number(prices[0]), "0", "-0.0"))
        if rng.random() < 0.3:
            text["price_change"] = rng.choice(("null", self.number(rng.randrange(-10**12, 10**12)), "-0", "1e26"))
        if rng.random() < 0.5:
            text["pct_change"] = rng.choice(("null", self.number(rng.randrange(-10**10, 10**10)), self.number(rng.randrange(-10**36, 10**36)),
                                             self.number(rng.randrange(-2, 3) * 50_000)))
        if rng.random() < 0.4:
            text["direction"] = rng.choice(("null", '"up"', '"down"', '"flat"', '"\\u0075p"'))
        if rng.random() < 0.3:
            text["trade_count"] = rng.choice(("null", "0", "7", "7.0", "70e-1", "9223372036854775807"))
        if rng.random() < 0.5:
            text["feed"] = rng.choice(FEEDS)
        if rng.random() < 0.2:
            text["ingested_at"] = rng.choice(('"2025-01-02"', "null", "[1,{}]", '{"open":1}', "1e999999999"))
        if rng.random() < 0.1:
            text["étrange\\n"] = '"\\ud800"'
        text["symbol"] = self.quoted(symbol or rng.choice(self.symbols))
        text["timestamp"] = f'"{time or self.seconds(self.now + rng.randrange(-self.spread, 1))}"'
        return text

    def quoted(self, symbol):
        rng = self.rng
        return '"' + "".join(f"\\u{ord(c):04x}" if rng.random() < 0.02 else "\\" + c if c in '"\\' else c for c in symbol) + '"'

    def joined(self, text):
        rng = self.rng
        names = list(text)
        if rng.random() < 0.3:
            rng.shuffle(names)
        else:
            names.sort(key=lambda name: ("symbol", "timestamp").index(name) if name in ("symbol", "timestamp") else 9)
        comma, colon = rng.choice(((",", ":"), (",", ":"), (", ", ": "), (" ,\t", " \r: ")))
        return "{" + comma.join(f'"{name}"{colon}{text[name]}' for name in names) + "}"

    # --- lines

    def hostile(self):
        """A line with a fault, or a strange but valid one."""
        rng = self.rng
        text = self.bar()
        line = self.joined(text)
        kind = rng.randrange(13)
        if kind == 0:
            return line[: rng.randrange(len(line))]
        if kind == 1:
            at = rng.randrange(len(line.encode()))
            return line.encode()[:at] + bytes([rng.choice((0, 1, 0x22, 0x2C, 0x5C, 0x7B, 0x7D, 0x80, 0xC3, 0xE2, 0xED, 0xFF))]) + line.encode()[at:]
        if kind == 2:
            del text[rng.choice(sorted(text))]
            return self.joined(text)
        if kind == 3:
            text[rng.choice(sorted(text))] = rng.choice(("null", "true", '"10"', "[]", "{}", "-1", "0", "0.0000000004", '"up"', "1e999999999", "0.5", "-1e30"))
            return self.joined(text)
        if kind == 4:
            return line[:-1] + ',"' + rng.choice(("open", "\\u006fpen", "x", "symbol")) + '":1}'
        if kind == 5:
            depth = rng.choice((62, 63, 64, 65, 500))
            return line[:-1] + ',"deep":' + "[" * depth + "]" * depth + "}"
        if kind == 6:
            text["low"], text["high"] = text["high"], text["low"]
            return self.joined(text)
        if kind == 7:
            text[rng.choice(("open", "close"))] = rng.choice((text["high"], text["low"], "1", "1e9"))
            return self.joined(text)
        if kind == 8:
            return rng.choice(("", " ", "\r", "\t\r\r", "[]", "7", '"x"', "null", "\ufeff", "{}", "x", '{"heartbeat":1}', '{"heartbeat":"x"}',
                               '{"heartbeat":"2025-01-02T14:30:00Z","source":false}'))
        if kind == 9:
            text["timestamp"] = rng.choice(('"2025-02-29T00:00:00Z"', '"2025-01-02T24:00:00Z"', '"1969-12-31T23:59:59Z"', '"2262-01-01T00:00:00Z"',
                                            '"2025-01-02T14:30:00.1234567891Z"', '"2025-01-02"', '"2025-01-02T14:30:00+24:00"'))
            return self.joined(text)
        if kind == 10:
            size = rng.choice((65_535, 65_536, 65_537))
            filled = line[:-1] + ',"pad":""}'
            return filled[:-2] + rng.choice("x[{") * (size - len(filled.encode())) + filled[-2:]
        if kind == 11:
            text["open"] = text["high"] = text["low"] = text["close"] = self.number(
                rng.choice((1, 9_223_372_036_854_775_806, 9_223_372_036_854_775_807, 0, 10**19)))
            return self.joined(text)
        return " \t" + line + "\r \t"

    def lines(self):
        rng = self.rng
        for _ in range(self.count):
            steps = (0, 0, 0, self.step, self.step, self.step, self.size * 2 if rng.random() < 0.1 else self.step)
            self.now += rng.choice(steps) if self.step else rng.random() < 0.1
            roll = rng.random()
            if roll < self.hostility / 2:
                yield self.hostile()
            elif roll < self.hostility and self.sent:
                yield self.again()
            elif rng.random() < self.beats:
                yield '{"heartbeat":"%s"}' % self.seconds(self.now - rng.choice((0, 0, self.step, self.delay, 4_000)))
            else:
                text = self.bar()
                self.sent.append(text)
                yield self.joined(text)

    def again(self):
        """An earlier bar, unchanged or with one changed field."""
        rng = self.rng
        text = dict(rng.choice(self.sent[-12:]))
        if rng.random() < 0.5:
            changed = self.bar()
            name = rng.choice(("volume", "vwap", "pct_change", "direction", "trade_count", "feed"))
            if name in changed:
                text[name] = changed[name]
            else:
                text.pop(name, None)
        return self.joined(text)

    def data(self):
        rng = self.rng
        lines = [line if isinstance(line, bytes) else line.encode() for line in self.lines()]
        ends = [rng.choice((b"\n", b"\n", b"\n", b"\r\n")) for _ in lines]
        data = b"".join(line + end for line, end in zip(lines, ends))
        return data[:-1] if rng.random() < 0.3 else data

    def flags(self):
        rng = self.rng
        flags = ["--size", f"{self.size}s", "--slide", f"{self.slide}s", "--delay", f"{self.delay}s"]
        flags += (["--updates"] if rng.random() < 0.3 else []) + (["--keep-open"] if rng.random() < 0.2 else [])
        flags += ["--sort"] if rng.random() < 0.2 else []
        return flags + (["--indicators"] if rng.random() < 0.3 else [])


def stream(seed, count=None, crowd=None):
    """(flags of `tidemark trends`, [(file name, its bytes), ...]), with `count` lines and `crowd` symbols if given."""
    made = Stream(seed, count)
    if crowd:  # many symbols in the same few minutes
        made.symbols = [f"S{i}" for i in range(crowd)]
        made.size, made.slide, made.delay, made.step, made.spread = 300, 60, 120, 0, 400
    flags, data = made.flags(), made.data()
    kind = made.rng.randrange(6)
    if kind == 0:
        return flags, [("-", data)]
    if kind == 1:
        cut = made.rng.randrange(len(data) + 1)
        return flags, [("one.jsonl", data[:cut]), ("two.jsonl.gz", gzip.compress(data[cut:]))]
    return flags, [("one.jsonl", data)]


if __name__ == "__main__":
    FLAGS, INPUTS = stream(int(sys.argv[1]))
    print(*FLAGS, *(name for name, _ in INPUTS), file=sys.stderr)
    for _, content in INPUTS:
        sys.stdout.buffer.write(content)
