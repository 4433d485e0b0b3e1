"""Generated records in which exactness is decided: ties at the last place, extremes, duplicates, corrections, late bars, rubbish, heartbeats.

`records(seed, count)` gives lines as bytes. The same seed gives the same lines. Times move on slowly, so that most windows hold several bars.
"""

import datetime
import random

UNIT = 10**9
START = datetime.datetime(2025, 1, 2, 14, 30)
RUBBISH = [
    b"", b"x", b"[]", b"{}", b'"x"', b"\xff\xfe", b'{"symbol":"A"}', b'{"heartbeat":1}', b'{"a":1,"a":2}', b"{" * 70, b'{"a":' + b"[" * 70 + b"]" * 70 + b"}",
    b'{"symbol":"\\ud800","timestamp":"2025-01-02T14:30:00Z"}', b"NaN", b'{"symbol":"A","timestamp":"2025-02-30T00:00:00Z","open":1}', b" \t\r",
]


def decimal(units):
    sign, units = ("-" if units < 0 else ""), abs(units)
    return f"{sign}{units // UNIT}" + (f".{units % UNIT:09d}".rstrip("0") if units % UNIT else "")


class Market:
    def __init__(self, seed, symbols):
        self.rng = random.Random(seed)
        self.symbols = [f"{name}{number}" for number in range(symbols) for name in ("S", "BRK.", "x/")][:symbols]
        self.kinds = {symbol: self.rng.choice(("cents", "ties", "currency", "coin", "deviation", "signal", "huge", "pennies")) for symbol in self.symbols}
        self.sent = []

    def close(self, symbol):
        rng, kind = self.rng, self.kinds[symbol]
        if kind == "cents":
            return 175 * UNIT + rng.randrange(-500, 500) * 10**7
        if kind == "ties":  # halves of the last written place, in averages of two and four, and in deviations
            return 100 * UNIT + rng.randrange(-40, 40) * 50_000
        if kind == "currency":
            return 1_083_400_000 + rng.randrange(12) * 10_000
        if kind == "coin":
            return 12_340 + rng.randrange(1, 100) * rng.choice((1, 10, 100))
        if kind == "deviation":
            return 200 * UNIT + rng.choice((-1, 0, 1)) * 100_000
        if kind == "signal":  # averages exactly at 40 and 60 per cent of the range
            return 50 * UNIT + rng.choice((0, 4, 6, 10, 5)) * 10**8
        if kind == "huge":
            return 2**63 - 2 - rng.choice((0, 1, rng.randrange(10**9), rng.randrange(10**18)))
        return rng.randrange(1, 200_000)

    def bar(self, seconds):
        rng = self.rng
        symbol = rng.choice(self.symbols)
        close = self.close(symbol)
        open_ = close if rng.random() < 0.2 else max(1, min(2**63 - 2, self.close(symbol)))
        high, low = min(2**63 - 2, max(open_, close) + rng.randrange(1_000)), max(1, min(open_, close) - rng.randrange(1_000))
        fields = {"symbol": f'"{symbol}"', "timestamp": f'"{self.time(seconds)}"', "open": decimal(open_), "high": decimal(high),
                  "low": decimal(low), "close": decimal(close), "volume": self.volume()}
        if rng.random() < 0.9:
            fields["vwap"] = rng.choice((decimal(close), decimal((high + low) // 2), decimal(close), "0", "null", decimal(-close), "0.000000001"))
        if rng.random() < 0.3:
            fields["pct_change"] = rng.choice(("0.00005", "-0.00015", "null", "1.25", decimal(rng.randrange(-10**35, 10**35)), "999999999999999999999999999"))
        if rng.random() < 0.2:
            fields["price_change"] = rng.choice(("1", "null", "-0", "1e3"))
        if rng.random() < 0.4:
            fields["direction"] = rng.choice(('"up"', '"down"', '"flat"', "null"))
        if rng.random() < 0.3:
            fields["trade_count"] = rng.choice(("1", "7.0", "9223372036854775807", "null"))
        fields["feed"] = rng.choice(('"iex"', '"iex"', '"iex"', '"sip"', "null", '"é\\n"', '"\\u001f"'))
        return fields

    def volume(self):
        rng = self.rng
        return rng.choice((str(rng.randrange(10**6)), str(rng.randrange(10**6)), decimal(rng.randrange(10**12)), "999999999999999999", "0", "1.5E3",
                           "0.30000000000000004", decimal(rng.randrange(10**27))))

    def time(self, seconds):
        rng = self.rng
        time = START + datetime.timedelta(seconds=seconds)
        kind = rng.randrange(12)
        if kind == 0:
            return f"{time + datetime.timedelta(hours=5, minutes=45):%Y-%m-%dT%H:%M:%S}+05:45"
        if kind == 1:
            return f"{time - datetime.timedelta(hours=5):%Y-%m-%d %H:%M:%S}.000000001-0500"
        return f"{time:%Y-%m-%dT%H:%M:%S}" + rng.choice(("Z", "Z", "Z", "", ".5Z", ".999999999"))

    def again(self):
        fields = dict(self.rng.choice(self.sent[-40:]))
        if self.rng.random() < 0.6:
            name = self.rng.choice(("volume", "vwap", "feed", "pct_change", "direction"))
            changed = self.bar(0)
            if name in changed:
                fields[name] = changed[name]
            else:
                fields.pop(name, None)
        return fields

    def broken(self, fields):
        name = self.rng.choice(sorted(fields))
        fields = {**fields, name: self.rng.choice(("null", '"1"', "-1", "0", "true", "1e999", "9223372036.854775807", '"up"', "0.0000000004"))}
        if self.rng.random() < 0.2:
            del fields[name]
        return fields


class CommonMarket(Market):
    """What feeds usually send: plain numbers in the range of prices, UTC; with ties, duplicates, corrections and late bars all the same."""

    def __init__(self, seed, symbols):
        super().__init__(seed, symbols)
        self.kinds = {symbol: self.rng.choice(("cents", "ties", "currency", "coin", "deviation", "signal")) for symbol in self.symbols}

    def bar(self, seconds):
        fields = super().bar(seconds)
        plain = {"price_change": ("1", "null", "-0.25"), "pct_change": ("0.00005", "-0.00015", "null", "1.25"), "trade_count": ("1", "7", "null"),
                 "feed": ('"iex"', '"iex"', '"sip"', "null")}
        return fields | {name: self.rng.choice(texts) for name, texts in plain.items() if name in fields}

    def volume(self):
        return self.rng.choice((str(self.rng.randrange(10**6)), decimal(self.rng.randrange(10**12)), "0"))

    def time(self, seconds):
        return f"{START + datetime.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}" + self.rng.choice(("Z", "Z", ".5Z"))


def joined(fields):
    return ("{" + ",".join(f'"{name}":{text}' for name, text in fields.items()) + "}").encode()


def records(seed, count, symbols=8, rubbish=0.06, heartbeats=0.02, kind=Market):
    market, rng = kind(seed, symbols), random.Random(seed + 1)
    seconds = 0
    for _ in range(count):
        seconds += rng.choice((0, 0, 60, 60, 60, 5)) if rng.random() < 3 / symbols else 0
        roll = rng.random()
        if roll < rubbish / 2:
            yield rng.choice(RUBBISH)
        elif roll < rubbish:
            yield joined(market.broken(market.bar(seconds)))
        elif roll < rubbish + heartbeats:
            yield f'{{"heartbeat":"{market.time(seconds - rng.choice((0, 60, 120)))}"}}'.encode()
        elif roll < rubbish + heartbeats + 0.12 and market.sent:
            yield joined(market.again())
        else:
            fields = market.bar(seconds - rng.choice((0, 0, 0, 30, 60, 150, 400)))
            market.sent.append(fields)
            yield joined(fields)
