// What a server of one's own says of its market's clock, and what that clock shows from then on.
#include "io/alpaca/clock_text.h"

#include <gtest/gtest.h>

#include <chrono>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

Result<MarketClock> clock_by(std::string_view json, EventTime asked, EventTime wall) {
  const auto shown = read_clock(json);
  if (!shown) return std::unexpected(shown.error());
  return MarketClock(*shown, asked, wall);
}

TEST(ClockText, MayBeBehindByWhatItsAnswerWasOnItsWayFor) {
  const EventTime wall = event_time_from_nanos(1'000'000'000'000);
  const auto second = std::chrono::seconds(1);
  auto clock =
      clock_by(R"({"timestamp":"2026-01-05T14:30:00Z","speed":60})", wall - std::chrono::milliseconds(500), wall);
  ASSERT_TRUE(clock);
  const EventTime market = clock->at(wall);
  EXPECT_EQ(clock->latest(wall), market + 30 * second);
  EXPECT_FALSE(clock->catch_up(market, wall));                // no news
  EXPECT_FALSE(clock->catch_up(market + 31 * second, wall));  // cannot be
  EXPECT_EQ(clock->at(wall), market);
  EXPECT_TRUE(clock->catch_up(market + 20 * second, wall));
  EXPECT_EQ(clock->at(wall + second), market + 80 * second);
  EXPECT_EQ(clock->latest(wall), market + 30 * second);
}

TEST(ClockText, RunsAsTheServerSays) {
  const EventTime wall = *parse_timestamp("2026-11-26T12:00:00Z"), market = *parse_timestamp("2026-01-05T14:30:00.5Z");
  EXPECT_EQ(MarketClock().at(wall), wall);
  const auto fast = clock_by(R"({"timestamp":"2026-01-05T14:30:00.5Z","is_open":true,"speed":60})", wall, wall);
  ASSERT_TRUE(fast);
  EXPECT_EQ(fast->at(wall), market);
  EXPECT_EQ(fast->at(wall + std::chrono::seconds(2)), market + std::chrono::minutes(2));
  const auto real = clock_by(R"({"timestamp":"2026-01-05T09:30:00.5-05:00"})", wall, wall);
  EXPECT_EQ(real->at(wall + std::chrono::seconds(2)), market + std::chrono::seconds(2));
  EXPECT_FALSE(clock_by("{}", wall, wall));
  EXPECT_FALSE(clock_by(R"({"timestamp":"soon"})", wall, wall));
}

}  // namespace
}  // namespace tidemark
