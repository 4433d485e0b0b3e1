// Steps and indicators by hand. The golden cases and TA-Lib say the rest (test/stages/golden).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "core/indicator/anchor.h"
#include "core/indicator/series.h"
#include "core/indicator/step.h"
#include "core/indicator/traded.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::int64_t dollar = 1'000'000'000;

EventTime at(const char* text) { return parse_timestamp(text).value(); }

BarValues bar_of(std::int64_t close, OptionalPrice vwap = {}, Int128 volume = dollar) {
  return {.time = at("2025-01-02T14:30:00Z"),
          .open = Price{close},
          .high = Price{close},
          .low = Price{close},
          .close = Price{close},
          .vwap = vwap,
          .trade_count = {},
          .volume = Decimal{volume},
          .price_change = {},
          .pct_change = {}};
}

TEST(Anchor, IsTheBeginningOfTheSession) {
  AnchorRuler ruler;
  // Winter: five hours behind UTC. Summer: four.
  EXPECT_EQ(ruler.anchor_of(at("2025-01-02T14:30:00Z")), at("2025-01-02T14:30:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-01-02T14:29:59Z")), at("2025-01-02T09:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-01-02T08:59:59Z")), at("2025-01-02T01:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-01-02T00:59:59Z")), at("2025-01-01T14:30:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-07-01T13:30:00Z")), at("2025-07-01T13:30:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-07-02T00:00:00Z")), at("2025-07-02T00:00:00Z"));
  // Clocks go forward on 2025-03-09 and back on 2025-11-02.
  EXPECT_EQ(ruler.anchor_of(at("2025-03-09T07:59:00Z")), at("2025-03-09T01:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-03-09T08:00:00Z")), at("2025-03-09T08:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-11-02T08:59:00Z")), at("2025-11-02T00:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("2025-11-02T09:00:00Z")), at("2025-11-02T09:00:00Z"));
  EXPECT_EQ(ruler.anchor_of(at("1970-01-01T00:00:00Z")), at("1970-01-01T01:00:00Z") - std::chrono::minutes(630));  // 1969
}

TEST(Traded, IsNothingWithoutVolume) {
  Traded traded;
  traded.add(bar_of(dollar, {}, 0));
  EXPECT_FALSE(traded.average(100'000).has_value());
}

TEST(Traded, TakesPricesOfBothSigns) {
  Traded traded;
  traded.add(bar_of(dollar, Price{30 * dollar}));
  traded.add(bar_of(dollar, Price{-50 * dollar}));
  EXPECT_EQ(traded.average(100'000), -10 * dollar);
}

TEST(Traded, HoldsADayOfSecondsOfTheLargestPriceAndVolume) {
  constexpr std::int64_t largest = 9'223'372'036'854'775'806;
  const Int128 volume = static_cast<Int128>(1'000'000'000'000'000'000) * dollar - 1;
  Traded second, day;
  second.add(bar_of(largest, Price{largest}, volume));
  for (int i = 0; i < 86'400; ++i) day.add(second);
  EXPECT_EQ(day.average(1), largest);
}

TEST(Step, TakesItsBarsInAnyOrder) {
  StepBuilder builder(at("2025-01-02T14:30:00Z"));
  BarValues late = bar_of(12 * dollar), early = bar_of(10 * dollar);
  late.time += std::chrono::seconds(30);
  builder.add(late, false);
  builder.add(early, true);
  EXPECT_EQ(builder.step().close.nanos, 12 * dollar);
  EXPECT_EQ(builder.step().high.nanos, 12 * dollar);
  EXPECT_EQ(builder.step().low.nanos, 10 * dollar);
  EXPECT_FALSE(builder.step().days_are_utc);
  EXPECT_EQ(builder.step().traded.average(1), 11 * dollar);
}

TEST(IndicatorSeries, CountsToTwoThousand) {
  IndicatorSeries series;
  AnchorRuler ruler;
  EXPECT_EQ(series.rounded(4), Indicators{});
  for (int i = 0; i < 2'100; ++i) {
    StepBuilder builder(at("2025-01-02T14:30:00Z") + std::chrono::minutes(i));
    builder.add(bar_of(10 * dollar), false);
    series.push(builder.step(), ruler);
    EXPECT_EQ(series.rounded(4).step, std::min(i, 2'000));
  }
  const Indicators indicators = series.rounded(4);
  EXPECT_EQ(indicators.step, 2'000);
  EXPECT_EQ(indicators.rsi_14, 500'000);  // a price at rest
  EXPECT_EQ(indicators.trend_confirmation, Confirmation::Mixed);
}

}  // namespace
}  // namespace tidemark
