// When markets trade, as a live feed asks it. The days are the exchange's (core/time/exchange_calendar_test.cc).
#include "run/live_feed/market_calendar.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

EventTime at(std::string_view text) { return *parse_timestamp(text); }

// New York is five hours behind in January: 04:00 to 20:00 there.
TEST(MarketCalendar, SharesTradeOnTradingDays) {
  const MarketCalendar& calendar = exchange_hours();
  EXPECT_EQ(calendar.first_minute(at("2026-01-05T15:00:00Z")), at("2026-01-05T09:00:00Z"));
  EXPECT_EQ(calendar.first_minute(at("2026-01-04T15:00:00Z")), at("2026-01-02T09:00:00Z"));  // Sunday: Friday's
  EXPECT_FALSE(calendar.is_closed_at(at("2026-01-03T00:59:00Z")));
  EXPECT_TRUE(calendar.is_closed_at(at("2026-01-03T01:00:00Z")));
  EXPECT_TRUE(calendar.is_closed(at("2026-01-03T01:00:00Z"), at("2026-01-05T09:00:00Z")));
  EXPECT_FALSE(calendar.is_closed(at("2026-01-03T00:59:00Z"), at("2026-01-05T09:00:00Z")));
  EXPECT_EQ(calendar.next_opening(at("2026-01-03T01:00:00Z")), at("2026-01-05T09:00:00Z"));
}

TEST(MarketCalendar, OthersTradeDayAndNight) {
  const MarketCalendar& calendar = never_closes();
  EXPECT_EQ(calendar.first_minute(at("2026-01-04T15:00:00Z")), at("2026-01-03T15:00:00Z"));
  EXPECT_FALSE(calendar.is_closed_at(at("2026-01-04T15:00:00Z")));
  EXPECT_FALSE(calendar.is_closed(at("2026-01-03T01:00:00Z"), at("2026-01-05T09:00:00Z")));
}

}  // namespace
}  // namespace tidemark
