// The feed under clocks that jump, are wrong from the start, or lie: no bar is late, and finals are those of clocks that are right.
#include "run/live_feed/feed_clock.h"

#include <gtest/gtest.h>

#include "run/live_feed/same_finals_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

void expect_same_finals_in_time(const FeedRig& rig) {
  expect_same_finals(rig);
  EXPECT_GE(rig.heartbeats().back(), rig.clock.now() - 3min) << "time stands still";
}

struct Lie {
  const char* name;
  Duration wall;                          // so much the wall clock is ahead
  std::optional<Duration> date_is_ahead;  // of the server's Date; none: it says none
};

class FeedClockJump : public testing::TestWithParam<Lie> {};

TEST_P(FeedClockJump, ForAWhileMakesNoBarLate) {
  FeedRig rig(monday + 25s);
  rig.history->date_is_ahead = GetParam().date_is_ahead;
  rig.run_to(monday + 5min + 10s);
  rig.wall.ahead = GetParam().wall;
  rig.run_to(monday + 5min + 35s);
  EXPECT_EQ(rig.journal.events.count("clock.jumped"), 1u);
  rig.wall.ahead = {};
  rig.run_to(monday + 20min);
  EXPECT_EQ(rig.journal.events.count("clock.jumped"), 1u) << "one jump is told once";
  EXPECT_EQ(rig.journal.events.count("clock.returned"), 1u);
  expect_same_finals_in_time(rig);
}

TEST_P(FeedClockJump, ForGoodMakesNoBarLate) {
  FeedRig rig(monday + 25s);
  rig.history->date_is_ahead = GetParam().date_is_ahead;
  rig.run_to(monday + 5min + 10s);
  rig.wall.ahead = GetParam().wall;
  rig.run_to(monday + 45min);
  EXPECT_EQ(rig.journal.events.count("clock.jumped"), 1u);
  EXPECT_NE(rig.feed->status().detail.find("off and not believed"), std::string::npos) << rig.feed->status().detail;
  expect_same_finals_in_time(rig);
}

INSTANTIATE_TEST_SUITE_P(Lies, FeedClockJump,
                         testing::Values(Lie{"forward", 3h, 0s}, Lie{"forward_without_a_date", 3h, std::nullopt},
                                         Lie{"back", -3h, 0s}, Lie{"back_without_a_date", -3h, std::nullopt},
                                         Lie{"by_years", 24h * 365 * 20, 0s}, Lie{"a_minute", 1min, 0s},
                                         Lie{"to_no_time", -24h * 365 * 50, 0s}),
                         [](const auto& lie) { return lie.param.name; });

class FeedClockAtStart : public testing::TestWithParam<Lie> {};

TEST_P(FeedClockAtStart, MakesNoBarLate) {
  FeedRig rig(monday + 25s);
  rig.wall.ahead = GetParam().wall;
  rig.history->date_is_ahead = GetParam().date_is_ahead;
  rig.run_to(monday + 30min);
  EXPECT_EQ(rig.finals.account().late, 0);
  EXPECT_EQ(rig.finals.account().rejected, 0);
  EXPECT_GE(rig.heartbeats().back(), rig.clock.now() - 3min) << "time stands still";
  EXPECT_LE(rig.heartbeats().back(), rig.clock.now());
  expect_same_finals_in_time(rig);
}

// Whoever lies alone is outvoted: the other clock and the bars agree.
INSTANTIATE_TEST_SUITE_P(Lies, FeedClockAtStart,
                         testing::Values(Lie{"wall_ahead", 3h, 0s}, Lie{"wall_back", -3h, 0s},
                                         Lie{"wall_of_no_time", -24h * 365 * 56, 0s}, Lie{"date_ahead", 0s, 3h},
                                         Lie{"date_back", 0s, -3h}, Lie{"date_of_2200", 0s, 24h * 365 * 174},
                                         Lie{"date_of_1970", 0s, -24h * 365 * 56}),
                         [](const auto& lie) { return lie.param.name; });

TEST(FeedClock, AJumpForwardAtNightThatNobodyConfirmsMovesNoHeartbeat) {
  TestMarket market;
  const EventTime friday_end = at("2026-01-03T01:00:00Z");
  market.closed_from = friday_end;
  market.closed_to = at("2026-01-05T09:00:00Z");
  FeedRig rig(friday_end - 5min + 25s, market);
  rig.run_to(friday_end + 30min);
  rig.wall.ahead = 60h;  // into Monday morning
  rig.run_to(friday_end + 2h);
  EXPECT_LE(rig.heartbeats().back(), rig.clock.now());
  EXPECT_GE(rig.heartbeats().back(), rig.clock.now() - 2min);
}

TEST(FeedClock, AMachineThatSleptGoesOnWhenItWakes) {
  FeedRig rig(monday + 25s);
  rig.history->date_is_ahead = 0s;
  rig.run_to(monday + 5min + 10s);
  rig.stall_to(monday + 25min);  // both clocks went on; so did the market
  rig.run_to(monday + 40min);
  EXPECT_EQ(rig.journal.events.count("clock.jumped"), 0u);
  EXPECT_EQ(rig.finals.account().late, 0);
  EXPECT_GE(rig.heartbeats().back(), rig.clock.now() - 3min);
}

// A virtual machine that was paused: its steady clock stood still, too, and only the wall is set right afterwards.
TEST(FeedClock, AWallThatIsSetRightIsBelievedWhenTheServerAgrees) {
  FeedRig rig(monday + 25s);
  rig.history->date_is_ahead = 0s;
  rig.run_to(monday + 5min + 10s);
  rig.stream->is_mute = true;  // nobody answered the server's packets
  rig.stall_to(monday + 25min);
  rig.steady.ahead -= 20min;
  rig.stream->cut();
  rig.run_to(monday + 40min);
  EXPECT_EQ(rig.journal.events.count("clock.believed"), 1u);
  EXPECT_EQ(rig.finals.account().late, 0);
  EXPECT_GE(rig.heartbeats().back(), rig.clock.now() - 3min);
}

}  // namespace
}  // namespace tidemark
