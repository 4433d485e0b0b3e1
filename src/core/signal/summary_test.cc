// A window's sums → its trend (contract/semantics.md §4): windows by hand, and the deviation against integers.
#include "core/signal/summary.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

#include "core/number/places.h"
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

// In units of the last of `places` decimals.
std::int64_t deviation(const Sums& sums, int places = 4) {
  const std::int64_t unit = unit_of_place(places);
  const Int128 nanos = rounded_deviation(sums.bar_count, sums.close_sum, sums.close_square_sum, unit);
  EXPECT_TRUE(nanos % unit == 0);
  return static_cast<std::int64_t>(nanos / unit);
}

std::vector<std::int64_t> many(std::int64_t count, std::int64_t close, std::vector<std::int64_t> more = {}) {
  more.insert(more.end(), static_cast<std::size_t>(count), close);
  return more;
}

struct Deviation {
  const char* when;
  std::vector<std::int64_t> closes;  // 1e-9
  std::int64_t units;                // of the last place
  int places = 4;
};
// Expected: the largest r with ((2r − 1) / 2)² ≤ Fraction(n·Q − S·S, n·(n − 1)·unit²), by Python's fractions.
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
    {"penny prices with all places", {1, 2, 3, 4, 5}, 2, 9},
    {"SHIB", {8'120, 8'130, 8'125}, 5, 9},
    {"EUR/USD", {1'084'310'000, 1'084'330'000, 1'084'320'000, 1'084'390'000}, 359, 7},
    {"the largest and the smallest price, with all places", {1, largest_price}, 6'521'908'912'666'391'104, 9},
    {"the same with five", {1, largest_price}, 652'190'891'266'639, 5},
    {"a thousand of each, with all places", many(1'000, 1, many(1'000, largest_price)), 4'612'839'372'457'781'811, 9},
    {"neighbours of the largest, with all places", {largest_price, largest_price - 1, largest_price - 2}, 1, 9},
};

TEST(RoundedDeviation, IsRoundedOnceFromTheExactRoot) {
  for (const Deviation& row : deviations) EXPECT_EQ(deviation(closes(row.closes), row.places), row.units) << row.when;
}

// odd²·pairs·unit² ≤ fourfold; false beyond 256 bits.
bool is_below(UInt128 odd, UInt128 pairs, UInt128 unit, const UInt256& fourfold) {
  const UInt256 square = multiply(odd * odd, pairs);
  const UInt256 most = divide(fourfold, UInt256{unit * unit, 0});
  return square <= most;  // integers: a·b ≤ c if and only if a ≤ ⌊c / b⌋
}

// The definition itself in 256 bits, by bisection: r is the answer if (2r − 1)²·n(n − 1)·unit² ≤ 4·(n·Q − S²), and r +
// 1 fails.
std::int64_t slow_deviation(const Sums& sums, int places = 4) {
  const auto unit = static_cast<UInt128>(unit_of_place(places));
  const auto n = static_cast<UInt128>(sums.bar_count);
  const UInt256 squares{sums.close_square_sum.low(), static_cast<UInt128>(sums.close_square_sum.high())};
  const auto total = static_cast<UInt128>(sums.close_sum);
  const UInt256 fourfold = (multiply(squares, n) - multiply(total, total)).shifted_left(2);
  std::uint64_t good = 0, bad = std::uint64_t{1} << 63;
  while (bad - good > 1) {
    const std::uint64_t middle = good + (bad - good) / 2;
    const UInt128 odd = static_cast<UInt128>(middle) * 2 - 1;
    if (is_below(odd, n * (n - 1), unit, fourfold))
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
    const int places = 4 + round % 6;
    ASSERT_EQ(deviation(sums, places), slow_deviation(sums, places)) << "round " << round;
  }
}

// Three closes d apart deviate by d. Where d is exactly half a unit, a double's guess falls on either side.
TEST(RoundedDeviation, TiesOfLargePricesGoUp) {
  Random random(6);
  for (int round = 0; round < 5'000; ++round) {
    const auto units = static_cast<std::int64_t>(random.next() % 46'000'000'000'000);
    const std::int64_t d = units * 100'000 + 50'000;
    ASSERT_EQ(deviation(closes({1, 1 + d, 1 + 2 * d})), units + 1) << units;
    ASSERT_EQ(deviation(closes({1, d, 2 * d - 1})), units) << units;
  }
}

// Sums of windows with more bars than a test can hold: n bars at 1 and n at the largest price.
TEST(RoundedDeviation, HoldsForMillionsOfBars) {
  Sums sums = closes({1, largest_price});
  for (int doubling = 0; doubling < 26; ++doubling) {
    const Sums half = sums;
    sums.merge(half);
    ASSERT_EQ(deviation(sums), slow_deviation(sums)) << sums.bar_count << " bars";
    ASSERT_EQ(deviation(sums, 9), slow_deviation(sums, 9)) << sums.bar_count << " bars";
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
  for (const Mean& row : means)
    EXPECT_TRUE(rounded_mean(row.sum, row.count, 100'000) == static_cast<Int128>(row.units) * 100'000);
}

TEST(RoundedMean, HasAsManyPlacesAsAreAskedFor) {
  EXPECT_TRUE(rounded_mean(16'245, 2, 1) == 8'123);  // 0.0000081225 → 0.000008123
  EXPECT_TRUE(rounded_mean(-16'245, 2, 1) == -8'123);
  EXPECT_TRUE(rounded_mean(3'252'960'000, 3, 100) == 1'084'320'000);
  EXPECT_TRUE(rounded_mean(3'252'970'000, 3, 100) == 1'084'323'300);  // 1.08432333…
  EXPECT_TRUE(rounded_mean(5'000'000'000, 2, 1'000'000'000) == 3'000'000'000);
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
  EXPECT_EQ(trend.price_places, 4);
  EXPECT_EQ(trend.volume_places, 0);
  EXPECT_TRUE(trend.avg_close == 102 * dollar);  // 306 / 3
  EXPECT_TRUE(trend.max_close == 104 * dollar);
  EXPECT_TRUE(trend.min_close == 100 * dollar);
  EXPECT_TRUE(trend.avg_volume == 12 * dollar);              // 37 / 3 = 12.33, and all are whole
  EXPECT_TRUE(trend.volatility == 2 * dollar);               // deviations −2, 0, 2: sqrt(8 / 2)
  EXPECT_TRUE(trend.avg_vwap == 101 * dollar + dollar / 2);  // 203 / 2
  EXPECT_TRUE(trend.avg_pct_change == 1'167);                // 0.35 / 3 = 0.11666…
  EXPECT_EQ(trend.buy_pressure, 6'667);                      // 2 / 3
  EXPECT_EQ(trend.bar_count, 3);
  EXPECT_TRUE(trend.price_range == 4 * dollar);
  EXPECT_TRUE(trend.vwap_deviation_pct == 4'926);  // 0.5 / 101.5 × 100 = 0.49261…
  EXPECT_EQ(trend.signal, Signal::Neutral);        // 2 of 4
  EXPECT_EQ(trend.status, TrendStatus::Final);
}

TEST(Summarize, OneBarHasNoVolatilityAndNoVwapGivesNone) {
  const Trend trend = summary_of({{}});
  EXPECT_FALSE(trend.volatility.has_value());
  EXPECT_FALSE(trend.avg_vwap.has_value());
  EXPECT_FALSE(trend.vwap_deviation_pct.has_value());
}

// Two more places than the decimals of the finest close, from 4 to 9; volumes as many as the finest.
TEST(Summarize, PlacesFollowTheFinestOfEach) {
  const auto places = [](std::vector<OneBar> bars) {
    const Trend trend = summary_of(bars);
    return std::pair(trend.price_places, trend.volume_places);
  };
  EXPECT_EQ(places({{.close = 175'300'000'000}}), std::pair(4, 0));
  EXPECT_EQ(places({{.close = 175'310'000'000}}), std::pair(4, 0));  // cents
  EXPECT_EQ(places({{.close = 175'311'000'000}}), std::pair(5, 0));
  EXPECT_EQ(places({{.close = 1'084'320'000}, {.close = 1'084'300'000}}), std::pair(7, 0));  // EUR/USD
  EXPECT_EQ(places({{.close = 81'230}}), std::pair(9, 0));                                   // 8 decimals
  EXPECT_EQ(places({{.close = 1}}), std::pair(9, 0));
  EXPECT_EQ(places({{.close = 120'000'000}}), std::pair(4, 0));
  EXPECT_EQ(places({{.volume = 5 * dollar}, {.volume = dollar / 2}}), std::pair(4, 1));
  EXPECT_EQ(places({{.volume = 1}, {.volume = dollar}}), std::pair(4, 9));
  EXPECT_EQ(places({{.volume = static_cast<Int128>(dollar) * dollar * dollar - 10}}), std::pair(4, 8));
}

// avg_volume is rounded half away from zero to the places of the finest volume: 2.5 → 3.
TEST(Summarize, VolumeIsRoundedToItsPlaces) {
  EXPECT_TRUE(summary_of({{.volume = 2 * dollar}, {.volume = 3 * dollar}}).avg_volume == 3 * dollar);
  EXPECT_TRUE(summary_of({{.volume = dollar / 2}, {.volume = dollar}}).avg_volume == 800'000'000);  // 0.75 → 0.8
  EXPECT_TRUE(summary_of({{.volume = dollar / 2 - 1}}).avg_volume == dollar / 2 - 1);
  const Int128 most = static_cast<Int128>(dollar) * dollar * dollar - 1;  // just below 10^18 shares
  EXPECT_TRUE(summary_of({{.volume = most}, {.volume = most}}).avg_volume == most);
}

// Expected: Fraction((A − V) / V · 10^6), rounded half away from zero, by Python's fractions.
TEST(Summarize, DeviationIsOfTheExactAverages) {
  EXPECT_TRUE(summary_of({{.close = 10'000'050'000, .vwap = Price{10'000'040'000}}}).vwap_deviation_pct == 1);
  // An average vwap below zero: (1 − (−2)) / −2 × 100 = −150.
  EXPECT_TRUE(summary_of({{.close = dollar, .vwap = Price{-2 * dollar}}}).vwap_deviation_pct == -1'500'000);
  // −0.0001 / 0.0002 × 100 = −50
  EXPECT_TRUE(summary_of({{.close = 100'000, .vwap = Price{200'000}}}).vwap_deviation_pct == -500'000);
  // An average vwap that would be written as 0 still counts.
  EXPECT_TRUE(summary_of({{.close = dollar, .vwap = Price{49'999}}}).vwap_deviation_pct == 19'999'400'008);
  EXPECT_TRUE(summary_of({{.close = dollar, .vwap = Price{-49'999}}}).vwap_deviation_pct == -20'001'400'008);
  // (9223372036.854775806 − 0.000000001) / 0.000000001 × 100
  EXPECT_TRUE(summary_of({{.close = largest_price, .vwap = Price{1}}}).vwap_deviation_pct ==
              static_cast<Int128>(largest_price - 1) * 1'000'000);
  EXPECT_TRUE(summary_of({{.close = largest_price, .vwap = Price{-1}}}).vwap_deviation_pct ==
              -static_cast<Int128>(largest_price) * 1'000'000 - 1'000'000);
}

// Not every bar has a vwap: the average close is over all bars, the average vwap over those that have one.
TEST(Summarize, DeviationIsOfTheVwapsThatThereAre) {
  // (102 − 101.5) / 101.5 × 100 = 0.49261…
  EXPECT_TRUE(summary_of({{.close = 100 * dollar, .vwap = Price{101 * dollar}},
                          {.close = 102 * dollar},
                          {.close = 104 * dollar, .vwap = Price{102 * dollar}}})
                  .vwap_deviation_pct == 4'926);
}

TEST(Summarize, AnAverageVwapOfZeroHasNoDeviation) {
  const Trend trend = summary_of({{.vwap = Price{5}}, {.vwap = Price{-5}}});
  EXPECT_TRUE(trend.avg_vwap == 0);
  EXPECT_FALSE(trend.vwap_deviation_pct.has_value());
}

// Sums of windows with more bars than a test can hold: three million closes at the largest price. By Python's
// fractions.
TEST(RoundedVwapDeviation, HoldsBeyond128Bits) {
  Sums sums;
  sums.bar_count = 3'000'000;
  sums.close_sum = static_cast<Int128>(largest_price) * 3'000'000;
  sums.vwap_count = 1;
  sums.vwap_sum = 1;
  EXPECT_TRUE(rounded_vwap_deviation(sums) == static_cast<Int128>(largest_price - 1) * 1'000'000);
  sums.vwap_count = 2'999'999;
  sums.vwap_sum = -static_cast<Int128>(largest_price) * 2'999'999;
  EXPECT_TRUE(rounded_vwap_deviation(sums) == -2'000'000);
  sums.vwap_sum = static_cast<Int128>(largest_price - 100'000'000'000'000) * 2'999'999;
  EXPECT_TRUE(rounded_vwap_deviation(sums) == 11);  // 0.00108…
  sums.vwap_sum = static_cast<Int128>(largest_price) * 2'999'999;
  EXPECT_TRUE(rounded_vwap_deviation(sums) == 0);
}

// Prices below a cent: if they were rounded to four places first, they would all be one price.
TEST(Summarize, TheSignalIsOfExactValues) {
  // closes 0.00010, 0.00012, 0.00013: 10·(35 − 30) = 50 against 6·3·3 = 54 and 4·3·3 = 36
  EXPECT_EQ(summary_of({{.close = 100'000}, {.close = 120'000}, {.close = 130'000}}).signal, Signal::Neutral);
  // 0.00010, 0.00013, 0.00013: 60 > 54
  EXPECT_EQ(summary_of({{.close = 100'000}, {.close = 130'000}, {.close = 130'000}}).signal, Signal::Bullish);
  EXPECT_EQ(summary_of({{.close = 1}, {.close = 2}}).signal, Signal::Neutral);
  EXPECT_EQ(summary_of({{.close = 1}, {.close = 2}, {.close = 2}}).signal, Signal::Bullish);
  EXPECT_EQ(summary_of({{.close = 1}, {.close = 1}, {.close = 2}}).signal, Signal::Bearish);
  EXPECT_EQ(summary_of({{.close = 1}, {.close = largest_price}, {.close = largest_price}}).signal, Signal::Bullish);
}

TEST(Summarize, BordersAndRangeAreExact) {
  const Trend trend = summary_of({{.close = 1'000'040'000}, {.close = 1'000'050'000}});
  EXPECT_TRUE(trend.max_close == 1'000'050'000);
  EXPECT_TRUE(trend.min_close == 1'000'040'000);
  EXPECT_TRUE(trend.price_range == 10'000);
  EXPECT_TRUE(trend.avg_close == 1'000'045'000);
}

// Contract 1 rounded to four places, and volume to whole numbers (by hand).
TEST(SummarizeByContract1, RoundsToFourPlaces) {
  WindowState state;
  state.symbol = SymbolName("A");
  for (const std::int64_t close : {1'000'040'000, 1'000'050'000}) {
    BarValues values;
    values.close = Price{close};
    values.volume.nanos = close;
    values.vwap = Price{close};
    values.direction = Direction::Up;
    state.sums.add(values, 0);
  }
  Trend trend;
  summarize_by_contract_1(state, trend);
  EXPECT_TRUE(trend.avg_close == 1'000'000'000);  // 1.000045
  EXPECT_TRUE(trend.max_close == 1'000'100'000);
  EXPECT_TRUE(trend.min_close == 1'000'000'000);
  EXPECT_TRUE(trend.avg_volume == 1'000'000'000);
  EXPECT_TRUE(trend.volatility == 0);  // 0.000007
  EXPECT_EQ(trend.buy_pressure, 10'000);
  EXPECT_EQ(trend.bar_count, 2);
}

// Two vwaps of 1 and 1.0001 among four bars. Contract 1 may have counted some of the others as 0.
TEST(SummarizeByContract1, AVwapOfZeroMayHaveCounted) {
  Sums sums;
  BarValues bar;
  bar.close = Price{dollar};
  for (const auto vwap :
       {OptionalPrice{Price{dollar}}, OptionalPrice{Price{1'000'100'000}}, OptionalPrice{}, OptionalPrice{}}) {
    bar.vwap = vwap;
    sums.add(bar, 0);
  }
  // 2.0001 / 2 = 1.00005, / 3 = 0.6667, / 4 = 0.500025
  for (const std::int64_t said : {1'000'100'000, 666'700'000, 500'000'000})
    EXPECT_TRUE(can_be_avg_vwap_of_contract_1(sums, said)) << said;
  for (const std::int64_t other : {1'000'000'000, 1'000'050'000, 400'000'000, 0})
    EXPECT_FALSE(can_be_avg_vwap_of_contract_1(sums, other)) << other;
  EXPECT_FALSE(can_be_avg_vwap_of_contract_1(sums, std::nullopt));
  Sums none;
  bar.vwap = OptionalPrice{};
  none.add(bar, 0);
  EXPECT_TRUE(can_be_avg_vwap_of_contract_1(none, std::nullopt));
  EXPECT_TRUE(can_be_avg_vwap_of_contract_1(none, 0));
  EXPECT_FALSE(can_be_avg_vwap_of_contract_1(none, 1));
}

// Just below 10^27 percent, many times: beyond 128 bits, and back to the same number.
TEST(Summarize, ChangeIsExactBeyond128Bits) {
  Int128 most = 1;
  for (int i = 0; i < 36; ++i) most *= 10;
  const std::vector<OneBar> bars(1'000, OneBar{.pct_change = most - 1});
  EXPECT_TRUE(summary_of(bars).avg_pct_change == most / 100'000);  // 0.999999999 rounds up to the fourth place
  const std::vector<OneBar> below(1'000, OneBar{.pct_change = 1 - most});
  EXPECT_TRUE(summary_of(below).avg_pct_change == -(most / 100'000));
}

// A trend is overwritten completely: nothing of the previous window stays.
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
