// StoreIntent: its text and back, and the text of an older program.
#include "run/roles/store_intent.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(StoreIntentTest, ItsTextIsReadBack) {
  StoreIntent intent;
  intent.trends = {100, 140};
  intent.bars = {70, 90};
  intent.through = LastRows{.end = event_time_from_nanos(1'795'348'800'000'000'000), .symbol = "a\nb c", .bar = 89};
  intent.repeated_trends = {100, 101, 102, 117};
  intent.repeated_bars = {89};
  const std::string text = intent.text({"stock_trends/dt=2026-11-22/x.parquet"});
  EXPECT_EQ(text,
            "publishing 100 140 70 90\nthrough 1795348800000000000 89 5 a\nb c\nrepeated trends 100-102 117\nrepeated "
            "bars 89\nstock_trends/dt=2026-11-22/x.parquet");
  const auto read = StoreIntent::parse(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 60U);
  EXPECT_EQ(read->through, intent.through);
  EXPECT_EQ(read->repeated_trends, intent.repeated_trends);
  EXPECT_EQ(read->repeated_bars, intent.repeated_bars);
}

TEST(StoreIntentTest, AnOlderProgramSaysNothingOfTheLastRows) {
  const auto read =
      StoreIntent::parse("publishing 3 4 5 7\nstock_trends/dt=2026-11-22/x.parquet\nbars/dt=2026-11-22/y.parquet");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->trends.from, 3);
  EXPECT_EQ(read->bars.to, 7);
  EXPECT_FALSE(read->through);
  EXPECT_TRUE(read->repeated_trends.empty());
}

TEST(StoreIntentTest, OneWindowCannotComeBehindItselfAndSymbolsOfOneEndFollowOneAnother) {
  LastRows last;
  Trend trend;
  trend.symbol = "B";
  trend.window.end = event_time_from_nanos(300);
  EXPECT_TRUE(last.take(trend));
  EXPECT_FALSE(last.take(trend));
  trend.symbol = "A";
  EXPECT_FALSE(last.take(trend));
  trend.symbol = "C";
  EXPECT_TRUE(last.take(trend));
  trend.window.end = event_time_from_nanos(301);
  trend.symbol = "A";
  EXPECT_TRUE(last.take(trend));
  EXPECT_EQ(last.symbol, "A");
}

}  // namespace
}  // namespace tidemark
