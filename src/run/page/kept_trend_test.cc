// Whatever a trend holds comes back, in each of its columns.
#include "run/page/kept_trend.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

template <typename Number>
Number number_in(const Number& member) {
  return member;
}
template <typename Number>
Number number_in(const std::optional<Number>& member) {
  return member.value_or(0);
}

// No two columns have the same number.
Trend full_trend() {
  Trend trend;
  trend.symbol = "AAPL";
  trend.window = {*parse_timestamp("2026-11-22T14:30:00Z"), *parse_timestamp("2026-11-22T14:35:00Z")};
  trend.price_places = 6;
  trend.volume_places = 9;
  Int128 number = 1'000'000'000'000;
  for_each_trend_column([&](auto column) {
    if constexpr (column.kind == ColumnKind::Price || column.kind == ColumnKind::Volume) column.of(trend) = ++number;
    if constexpr (column.kind == ColumnKind::Ratio || column.kind == ColumnKind::Count)
      column.of(trend) = -static_cast<std::int64_t>(++number % 1'000'000'000);
  });
  trend.signal = Signal::Bearish;
  trend.status = TrendStatus::Update;
  trend.feed = "delayed_sip";
  return trend;
}

void expect_kept(const Trend& trend) {
  const KeptTrend kept(trend);
  EXPECT_EQ(kept.trend(trend.symbol), trend);
  EXPECT_EQ(kept.window(), trend.window);
  EXPECT_EQ(kept.status(), trend.status);
  EXPECT_EQ(kept.revision(), trend.revision);
}

TEST(KeptTrendTest, GivesBackEveryColumn) {
  expect_kept(full_trend());
  expect_kept({});
}

TEST(KeptTrendTest, GivesBackEachColumnThatIsAbsent) {
  for_each_trend_column([](auto column) {
    if constexpr (column.nullable) {
      Trend trend = full_trend();
      column.of(trend) = std::nullopt;
      SCOPED_TRACE(column.name);
      expect_kept(trend);
    }
  });
}

// Contract 1 has prices and ratios beyond 64 bits, and a record may name any feed.
TEST(KeptTrendTest, GivesBackWhatDoesNotFit) {
  for_each_trend_column([](auto column) {
    if constexpr (column.kind == ColumnKind::Price || column.kind == ColumnKind::Volume ||
                  column.kind == ColumnKind::Ratio || column.kind == ColumnKind::Count) {
      for (const Int128 number :
           {Int128{std::numeric_limits<std::int32_t>::max()} + 1, Int128{std::numeric_limits<std::int64_t>::max()},
            Int128{std::numeric_limits<std::int64_t>::min()},
            Int128{std::numeric_limits<std::int64_t>::max()} * 1'000}) {
        Trend trend = full_trend();
        column.of(trend) = static_cast<std::remove_cvref_t<decltype(number_in(column.of(trend)))>>(number);
        SCOPED_TRACE(column.name);
        expect_kept(trend);
      }
    }
  });
  Trend trend = full_trend();
  for (const char* const feed : {"", "twelve chars", "thirteen char"}) {
    trend.feed = feed;
    expect_kept(trend);
  }
}

}  // namespace
}  // namespace tidemark
