"""A window's sums as its trend: each value as the text that the contract writes (contract 4)."""

from pyspark.sql import functions as f

from tidemark_spark.exact import floor_quotient, joined, rounded_quotient, small_quotient, wide, with_places
from tidemark_spark.windows import BASE

COLUMNS = (
    "symbol window_start window_end avg_close max_close min_close avg_volume volatility avg_vwap avg_pct_change buy_pressure bar_count price_range "
    "vwap_deviation_pct trend_signal revision feed"
).split()
TEXTS = {"symbol", "window_start", "window_end", "trend_signal", "feed"}
WHOLE = {"bar_count", "revision"}
PLACES_OF_PRICES = ("avg_close", "max_close", "min_close", "volatility", "avg_vwap", "price_range")
FOUR_PLACES = ("avg_pct_change", "buy_pressure", "vwap_deviation_pct")
G = BASE**2  # of the three limbs of a variance


def trends(windows, spec):
    """One row a window: COLUMNS as text, and `partition` and `ends` (seconds) to sort by."""
    sums = windows.selectExpr("*", "least(9, greatest(4, 2 + close_decimals)) AS p", "volume_decimals AS v", "0 AS whole", "4 AS four")
    sums = with_columns(
        sums,
        closes=joined(("c2", "c1", "c0"), BASE), volumes=joined(("v3", "v2", "v1", "v0"), 10**9), vwaps=joined(("w1", "w0"), 10**9),
        price_unit=power_of_ten("9 - p"), volume_unit=power_of_ten("9 - v"),
        **variance(),
    )
    sums = with_columns(with_volatility(sums), pct_sign=sign_of_changes())
    counts = with_columns(
        sums,
        avg_close=small_quotient("closes", wide("n * price_unit")),
        max_close=wide("highest div price_unit"), min_close=wide("lowest div price_unit"), price_range=wide("(highest - lowest) div price_unit"),
        avg_volume=rounded_quotient("volumes", wide("n * volume_unit")),
        avg_vwap=f"CASE WHEN m > 0 THEN {small_quotient('vwaps', wide('m * price_unit'))} END",
        avg_pct_change=average_change(),
        buy_pressure=wide("(2 * up * 10000 + n) div (2 * n)"),
        vwap_deviation_pct=deviation(),
        trend_signal=signal(),
    )
    texts = {name: with_places(name, "p") for name in PLACES_OF_PRICES} | {name: with_places(name, "four") for name in FOUR_PLACES}
    texts |= {
        "symbol": "symbol", "window_start": time_text(f"window_end - {spec.size}L"), "window_end": time_text("window_end"),
        "avg_volume": with_places("avg_volume", "v"), "bar_count": "CAST(n AS STRING)", "trend_signal": "trend_signal",
        "revision": "CAST(revision AS STRING)", "feed": "CASE WHEN feeds = n AND first_feed = last_feed THEN first_feed END",
    }
    return counts.selectExpr("partition", "window_end AS ends", *[f"{texts[name]} AS {name}" for name in COLUMNS])


def with_columns(frame, **columns):
    return frame.withColumns({name: f.expr(text) for name, text in columns.items()})


def power_of_ten(exponent):
    return "element_at(array(" + ", ".join(f"{10**k}L" for k in range(10)) + f"), {exponent} + 1)"


def time_text(seconds):
    day = f"CAST({seconds} - pmod({seconds}, 86400L) AS BIGINT) div 86400L"
    two = lambda text: f"lpad(CAST({text} AS STRING), 2, '0')"  # noqa: E731
    rest = f"pmod({seconds}, 86400L)"
    clock = f"{two(f'{rest} div 3600')}, ':', {two(f'{rest} div 60 % 60')}, ':', {two(f'{rest} % 60')}"
    return f"concat(CAST(date_from_unix_date(CAST({day} AS INT)) AS STRING), ' ', {clock})"


# ---- averages


def sign_of_changes():
    high, low = wide("CAST(p3 AS DECIMAL(38, 0)) * 1000000000 + p2"), wide("CAST(p1 AS DECIMAL(38, 0)) * 1000000000 + p0")
    return f"CASE WHEN {high} + {floor_quotient(low, wide('1000000000000000000L'))} < 0 THEN -1 ELSE 1 END"


def average_change():
    """avg_pct_change in 1e-4: the sum may have 41 digits, so it is divided in two halves of base 10**18."""
    half = wide("1000000000000000000L")
    high = wide("2 * pct_sign * (CAST(p3 AS DECIMAL(38, 0)) * 1000000000 + p2)")
    low = wide("2 * pct_sign * (CAST(p1 AS DECIMAL(38, 0)) * 1000000000 + p0) + n * 100000")
    by = wide("n * 200000")
    carried = wide(f"{high} + {floor_quotient(low, half)}")
    first = floor_quotient(carried, by)
    second = floor_quotient(wide(f"pmod({carried}, {by}) * {half} + pmod({low}, {half})"), by)
    short = small_quotient(wide("CAST(p1 AS DECIMAL(38, 0)) * 1000000000 + p0"), wide("n * 100000L"))
    long = wide(f"pct_sign * ({first} * {half} + {second})")
    return f"CASE WHEN p3 = 0 AND p2 = 0 AND abs(p1) < 100000000000000L THEN {short} ELSE {long} END"


def deviation():
    """4.4: (m * closes - n * vwaps) / (n * vwaps) * 100, rounded to 1e-4."""
    under = wide("abs(n * vwaps)")
    over = wide("CASE WHEN vwaps < 0 THEN -1 ELSE 1 END * (m * closes - n * vwaps) * 1000000")
    return f"CASE WHEN m > 0 AND vwaps <> 0 THEN {rounded_quotient(over, under)} END"


def signal():
    """4.5, in whole numbers."""
    above, range_ = wide("10 * (closes - n * CAST(lowest AS DECIMAL(38, 0)))"), wide("n * CAST(highest - lowest AS DECIMAL(38, 0))")
    return f"CASE WHEN {above} > 6 * {range_} THEN 'BULLISH' WHEN {above} < 4 * {range_} THEN 'BEARISH' ELSE 'NEUTRAL' END"


# ---- volatility (4.3)


def variance():
    """n * sum(x * x) - sum(x)**2 as d2 * G**2 + d1 * G + d0, before carries. Each fits 38 digits for MAX_BARS bars."""
    n, c2, c1, c0 = (wide(name) for name in ("n", "c2", "c1", "c0"))
    return {
        "d2": wide(f"{n} * q4 - {c2} * {c2}"),
        "d1": wide(f"{n} * ({wide('q3')} * {BASE} + q2) - (2 * {c2} * {c1} * {BASE} + 2 * {c2} * {c0} + {c1} * {c1})"),
        "d0": wide(f"{n} * ({wide('q1')} * {BASE} + q0) - (2 * {c1} * {c0} * {BASE} + {c0} * {c0})"),
    }


def with_volatility(sums):
    """The k nearest to the square root: a double gives a candidate, whole numbers prove it or move it.

    Of any 2k - 1 <= 2y < 2k + 1 exactly one k holds for the exact y = sqrt(N / D) / unit, which is compared squared: 4 N >= (2k + 1)**2 unit**2 D.
    """
    base = wide(f"{G}L")
    one = with_columns(sums, carry=floor_quotient("d0", base), d0=f"pmod(d0, {base})")
    two = with_columns(one, middle=wide("d1 + carry"))
    three = with_columns(two, d2=wide(f"d2 + {floor_quotient('middle', base)}"), d1=f"pmod(middle, {base})", pairs="n * (n - 1)")
    double = "(CAST(d2 AS DOUBLE) * 1e28D + CAST(d1 AS DOUBLE) * 1e14D + CAST(d0 AS DOUBLE))"
    guess = f"CASE WHEN n > 1 THEN CAST(round(sqrt({double} / pairs) / price_unit) AS BIGINT) END"
    guessed = with_columns(three, guess=guess)
    # A double is off by more than one beyond 15 digits: one step of Newton's method from the exact remainder.
    left = compared(guessed, left="2 * CAST(guess AS DECIMAL(38, 0)) * price_unit")
    step = "CAST(round((left_high * 1e28D + left_middle * 1e14D) / (8D * guess * pairs * price_unit * price_unit)) AS BIGINT)"
    refined = with_columns(left, k=f"CASE WHEN guess < 10000000000000L THEN guess ELSE guess + {step} END")
    twice = "(2 * CAST(k AS DECIMAL(38, 0)) {} 1) * price_unit"
    tried = compared(refined, above=twice.format("+"), below=twice.format("-"))
    proven = "CASE WHEN k IS NULL THEN NULL WHEN above_high >= 0 THEN k + 1 WHEN k > 0 AND below_high < 0 THEN k - 1 ELSE k END"
    return with_columns(tried, volatility=wide(proven))


def compared(frame, **roots):
    """Adds NAME_high and NAME_middle of 4 N - q**2 D after carries, for each q of `roots`. Its sign is that of NAME_high."""
    base = wide(f"{G}L")

    def step(frame, texts):
        return with_columns(frame, **{f"{name}_{key}": text(name) for name in roots for key, text in texts.items()})

    frame = with_columns(frame, **{f"{name}_q": wide(text) for name, text in roots.items()})
    frame = step(frame, {"q1": lambda name: wide(f"{name}_q div {base}"), "q0": lambda name: wide(f"{name}_q % {base}")})
    frame = step(frame, {"r0": lambda name: wide(f"4 * d0 - {name}_q0 * {name}_q0 * pairs")})
    carry = lambda name, limb: floor_quotient(f"{name}_{limb}", base)  # noqa: E731
    frame = step(frame, {"r1": lambda name: wide(f"4 * d1 - 2 * {name}_q1 * {name}_q0 * pairs + {carry(name, 'r0')}")})
    return step(frame, {
        "high": lambda name: wide(f"4 * d2 - {name}_q1 * {name}_q1 * pairs + {carry(name, 'r1')}"),
        "middle": lambda name: f"pmod({name}_r1, {base})",
    })
