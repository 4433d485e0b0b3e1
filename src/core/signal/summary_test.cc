// A window's sums → its trend (contract/semantics.md §4): hand-made windows, and the deviation against whole numbers.
#include "core/signal/summary.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

constexpr std::int64_t dollar = 1'000'000'000;
constexpr std::int64_t largest_price = 9'223'372'036'854'775'806;

Sums closes(const std::vector<std::int64_t>& nanos) {
  Sums sums;
  for (const std::int64_t close : nanos) {
    BarValues bar;
    bar.close = Price{close};
    sums.add(bar, 0);
  }
  return sums;
}

std::int64_t deviation(const Sums& sums) {
  return rounded_deviation(sums.bar_count, sums.close_sum, sums.close_square_sum);
}

std::vector<std::int64_t> many(std::int64_t count, std::int64_t close, std::vector<std::int64_t> more = {}) {
  more.insert(more.end(), static_cast<std::size_t>(count), close);
  return more;
}

struct Deviation {
  const char* when;
  std::vector<std::int64_t> closes;  // 1e-9
  std::int64_t units;                // 1e-4
};
// Expected: the largest r with ((2r − 1) / 2)² ≤ Fraction(n·Q − S·S, n·(n − 1)·10**10), by Python's fractions.
const std::vector<Deviation> deviations{
    {"two equal closes", {175'300'000'000, 175'300'000'000}, 0},
    {"two closes a dollar apart: 1/sqrt(2)", {dollar, 2 * dollar}, 7'071},
    {"a usual window", {175'300'000'000, 175'420'000'000, 175'380'000'000, 175'100'000'000, 175'990'000'000}, 3'323},
    {"penny prices", {1, 2, 3, 4, 5}, 0},
    {"the tie goes up: 0.00005", {100'000'000, 100'050'000, 100'100'000}, 1},
    {"a hair below the tie", {100'000'000, 100'049'999, 100'099'998}, 0},
    {"the next tie goes up: 0.00015", {100'000'000, 100'150'000, 100'300'000}, 2},
    {"two closes, a hair below half a unit", {100'000, 170'710}, 0},
    {"two closes, a hair above half a unit", {100'000, 170'711}, 1},
    {"the largest and the smallest price", {1, largest_price}, 65'219'089'126'664},
    {"a thousand of each", many(1'000, 1, many(1'000, largest_price)), 46'128'393'724'578},
    {"neighbours of the largest", {largest_price, largest_price - 1, largest_price - 2}, 0},
    {"ten thousand of the largest, one unit apart", many(9'999, largest_price, {largest_price - 1}), 0},
};

TEST(RoundedDeviation, IsRoundedOnceFromTheExactRoot) {
  for (const Deviation& row : deviations) EXPECT_EQ(deviation(closes(row.closes)), row.units) << row.when;
}

// The definition itself in 256 bits, by halving: r is the answer if (2r − 1)²·n(n − 1)·10^10 ≤ 4·(n·Q − S²), and r + 1 is not.
std::int64_t slow_deviation(const Sums& sums) {
  const auto n = static_cast<UInt128>(sums.bar_count);
  const UInt256 squares{sums.close_square_sum.low(), static_cast<UInt128>(sums.close_square_sum.high())};
  const auto total = static_cast<UInt128>(sums.close_sum);
  const UInt256 fourfold = (multiply(squares, n) - multiply(total, total)).shifted_left(2);
  std::uint64_t good = 0, bad = std::uint64_t{1} << 50;
  while (bad - good > 1) {
    const std::uint64_t middle = good + (bad - good) / 2;
    const UInt128 odd = static_cast<UInt128>(middle) * 2 - 1;
    if (multiply(multiply(odd * odd, n * (n - 1)), 10'000'000'000u) <= fourfold)
      good = middle;
    else
      bad = middle;
  }
  return static_cast<std::int64_t>(good);
}

TEST(RoundedDeviation, IsTheRootOfWholeNumbers) {
  Random random(5);
  for (int round = 0; round < 3'000; ++round) {
    const std::int64_t base =
        1 + static_cast<std::int64_t>(random.next() % 9'223'372'036'854'775'806u >> random.next() % 63);
    const std::uint64_t reach = 1 + (random.next() >> random.next() % 64) % 9'000'000'000'000'000'000u;
    std::vector<std::int64_t> nanos;
    for (std::uint64_t count = 2 + random.next() % (round % 50 == 0 ? 3'000 : 20); count > 0; --count) {
      const auto step = static_cast<std::int64_t>(random.next() % reach);
      nanos.push_back(base > step ? base - step : 1 + step);
    }
    const Sums sums = closes(nanos);
    ASSERT_EQ(deviation(sums), slow_deviation(sums)) << "round " << round;
  }
}

// Three closes d apart deviate by d. Where d lies just on a half of a unit, a guess by a double falls on either side of it.
TEST(RoundedDeviation, TiesOfLargePricesGoUp) {
  Random random(6);
  for (int round = 0; round < 5'000; ++round) {
    const auto units = static_cast<std::int64_t>(random.next() % 46'000'000'000'000);
    const std::int64_t d = units * 100'000 + 50'000;
    ASSERT_EQ(deviation(closes({1, 1 + d, 1 + 2 * d})), units + 1) << units;
    ASSERT_EQ(deviation(closes({1, d, 2 * d - 1})), units) << units;
  }
}

// Sums as of windows with more bars than fit in a test: n bars at 1 and n at the largest price.
TEST(RoundedDeviation, HoldsForMillionsOfBars) {
  Sums sums = closes({1, largest_price});
  for (int doubling = 0; doubling < 26; ++doubling) {
    const Sums half = sums;
    sums.merge(half);
    ASSERT_EQ(deviation(sums), slow_deviation(sums)) << sums.bar_count << " bars";
  }
}

struct Mean {
  Int128 sum;
  std::int64_t count, units;
};
constexpr std::array means{
    Mean{175'300'000'000, 1, 1'753'000},
    Mean{50'000, 1, 1},
    Mean{49'999, 1, 0},
    Mean{-50'000, 1, -1},
    Mean{-49'999, 1, 0},
    Mean{100'000, 2, 1},
    Mean{99'999, 2, 0},
    Mean{400'000, 3, 1},
    Mean{0, 7, 0},
    Mean{static_cast<Int128>(largest_price) * 1'000'000, 1'000'000, 92'233'720'368'548},
};

TEST(RoundedMean, IsRoundedOnce) {
  for (const Mean& row : means) EXPECT_EQ(rounded_mean(row.sum, row.count), row.units);
}

struct OneBar {
  std::int64_t close = dollar;
  OptionalPrice vwap;
  Int128 volume = 0;
  Int128 pct_change = 0;
  Direction direction = Direction::Flat;
};

Trend summary_of(const std::vector<OneBar>& bars) {
  WindowState state;
  state.symbol = SymbolName("AAPL");
  for (const OneBar& bar : bars) {
    BarValues values;
    values.close = Price{bar.close};
    values.vwap = bar.vwap;
    values.volume.nanos = bar.volume;
    values.pct_change.nanos = bar.pct_change;
    values.direction = bar.direction;
    state.sums.add(values, 0);
  }
  Trend trend;
  summarize(state, TrendStatus::Final, trend);
  return trend;
}

TEST(Summarize, FillsEveryNumber) {
  const Trend trend = summary_of({
      {100 * dollar, Price{101 * dollar}, static_cast<Int128>(10) * dollar, dollar / 2, Direction::Up},
      {102 * dollar, OptionalPrice{}, static_cast<Int128>(15) * dollar, -dollar / 4, Direction::Down},
      {104 * dollar, Price{102 * dollar}, static_cast<Int128>(12) * dollar, dollar / 10, Direction::Up},
  });
  EXPECT_EQ(trend.symbol, "AAPL");
  EXPECT_EQ(trend.avg_close, 1'020'000);  // 306 / 3
  EXPECT_EQ(trend.max_close, 1'040'000);
  EXPECT_EQ(trend.min_close, 1'000'000);
  EXPECT_EQ(trend.avg_volume, 12);             // 37 / 3 = 12.33
  EXPECT_EQ(trend.volatility, 20'000);         // deviations −2, 0, 2: sqrt(8 / 2)
  EXPECT_EQ(trend.avg_vwap, 1'015'000);        // 203 / 2
  EXPECT_TRUE(trend.avg_pct_change == 1'167);  // 0.35 / 3 = 0.11666…
  EXPECT_EQ(trend.buy_pressure, 6'667);        // 2 / 3
  EXPECT_EQ(trend.bar_count, 3);
  EXPECT_EQ(trend.price_range, 40'000);
  EXPECT_TRUE(trend.vwap_deviation_pct == 4'926);  // 0.5 / 101.5 × 100 = 0.49261…
  EXPECT_EQ(trend.signal, Signal::Neutral);        // 2 of 4
  EXPECT_EQ(trend.status, TrendStatus::Final);
}

TEST(Summarize, OneBarHasNoVolatilityAndNoVwapGivesNone) {
  const Trend trend = summary_of({{}});
  EXPECT_EQ(trend.volatility, std::nullopt);
  EXPECT_EQ(trend.avg_vwap, std::nullopt);
  EXPECT_FALSE(trend.vwap_deviation_pct.has_value());
}

// avg_volume is rounded to a whole number, half away from zero: 2.5 → 3.
TEST(Summarize, VolumeIsRoundedToWholeShares) {
  EXPECT_EQ(summary_of({{.volume = 2 * dollar}, {.volume = 3 * dollar}}).avg_volume, 3);
  EXPECT_EQ(summary_of({{.volume = dollar / 2 - 1}}).avg_volume, 0);
  EXPECT_EQ(summary_of({{.volume = dollar / 2}}).avg_volume, 1);
  const Int128 most = static_cast<Int128>(dollar) * dollar * dollar - 1;  // just below 10^18 shares
  EXPECT_EQ(summary_of({{.volume = most}, {.volume = most}}).avg_volume, 1'000'000'000'000'000'000);
}

TEST(Summarize, DeviationIsOfTheRoundedAverages) {
  // 10.00005 and 10.00004 round to 10.0001 and 10.0000: 0.0001 / 10 × 100 = 0.001; the unrounded ones give 0.0001.
  EXPECT_TRUE(summary_of({{.close = 10'000'050'000, .vwap = Price{10'000'040'000}}}).vwap_deviation_pct == 10);
  // Of an average vwap below zero: (1 − (−2)) / −2 × 100 = −150.
  EXPECT_TRUE(summary_of({{.close = dollar, .vwap = Price{-2 * dollar}}}).vwap_deviation_pct == -1'500'000);
  // −0.0001 / 0.0002 × 100 = −50
  EXPECT_TRUE(summary_of({{.close = 100'000, .vwap = Price{200'000}}}).vwap_deviation_pct == -500'000);
  // An average vwap that rounds to 0 gives none.
  EXPECT_FALSE(summary_of({{.close = dollar, .vwap = Price{49'999}}}).vwap_deviation_pct.has_value());
  EXPECT_FALSE(summary_of({{.close = dollar, .vwap = Price{-49'999}}}).vwap_deviation_pct.has_value());
  // The largest there is: (9223372036.8548 − 0.0001) / 0.0001 × 100 = 9223372036854700 %
  EXPECT_TRUE(summary_of({{.close = largest_price, .vwap = Price{100'000}}}).vwap_deviation_pct ==
              static_cast<Int128>(9'223'372'036'854'700) * 10'000);
}

TEST(Summarize, RangeIsOfTheRoundedBorders) {
  // 1.00004 and 1.00005 are 1.0000 and 1.0001.
  EXPECT_EQ(summary_of({{.close = 1'000'040'000}, {.close = 1'000'050'000}}).price_range, 1);
  // 1.00005 and 1.00014 are both 1.0001.
  EXPECT_EQ(summary_of({{.close = 1'000'050'000}, {.close = 1'000'140'000}}).price_range, 0);
}

// 10^27 percent less a unit, many times: beyond 128 bits, and back to the same number.
TEST(Summarize, ChangeIsExactBeyond128Bits) {
  Int128 most = 1;
  for (int i = 0; i < 36; ++i) most *= 10;
  const std::vector<OneBar> bars(1'000, OneBar{.pct_change = most - 1});
  EXPECT_TRUE(summary_of(bars).avg_pct_change == most / 100'000);  // 0.999999999 rounds up to the fourth place
  const std::vector<OneBar> below(1'000, OneBar{.pct_change = 1 - most});
  EXPECT_TRUE(summary_of(below).avg_pct_change == -(most / 100'000));
}

// A trend is filled anew: nothing of the window before it stays.
TEST(Summarize, ReusesATrend) {
  WindowState rich, poor;
  rich.symbol = SymbolName("A-LONG-SYMBOL-WITH-32-CHARACTERS");
  rich.feed = "sip";
  poor.symbol = SymbolName("B");
  BarValues bar;
  bar.close = Price{dollar};
  bar.vwap = Price{dollar};
  rich.sums.add(bar, 1);
  rich.sums.add(bar, 1);
  bar.vwap = OptionalPrice{};
  poor.sums.add(bar, 0);
  Trend used, fresh;
  summarize(rich, TrendStatus::Update, used);
  summarize(poor, TrendStatus::Final, used);
  summarize(poor, TrendStatus::Final, fresh);
  EXPECT_EQ(used, fresh);
}

}  // namespace
}  // namespace tidemark
