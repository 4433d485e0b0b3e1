// When market time is due, whatever the wall clock does.
#include "io/input/pace.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr EventTime open_of_market = event_time_from_nanos(1'767'623'400'000'000'000);
constexpr EventTime noon = event_time_from_nanos(1'795'348'800'000'000'000);

TEST(Pace, AMarketMinuteASecond) {
  Pace pace(60.0, Lag::Forget);
  pace.begin(open_of_market, noon);
  EXPECT_TRUE(pace.is_due(open_of_market, noon));
  EXPECT_FALSE(pace.is_due(open_of_market + minutes(1), noon + seconds(1) - Duration(1)));
  EXPECT_TRUE(pace.is_due(open_of_market + minutes(1), noon + seconds(1)));
}

TEST(Pace, WithoutASpeedEverythingIsDue) {
  Pace pace(std::nullopt, Lag::Forget);
  pace.begin(open_of_market, noon);
  EXPECT_TRUE(pace.is_due(open_of_market + hours(1'000), noon));
}

TEST(Pace, WhatIsLateBeginsAnewOrIsCaughtUp) {
  Pace forgets(1.0, Lag::Forget), catches_up(1.0, Lag::CatchUp);
  for (Pace* const pace : {&forgets, &catches_up}) {
    pace->begin(open_of_market, noon);
    EXPECT_TRUE(pace->is_due(open_of_market + minutes(1), noon + hours(1)));
  }
  EXPECT_FALSE(forgets.is_due(open_of_market + minutes(2), noon + hours(1)));
  EXPECT_TRUE(catches_up.is_due(open_of_market + minutes(2), noon + hours(1)));
}

TEST(Pace, ALateBarHoldsNobodyUp) {
  for (const Lag lag : {Lag::Forget, Lag::CatchUp}) {
    Pace pace(1.0, lag);
    pace.begin(open_of_market, noon);
    EXPECT_TRUE(pace.is_due(open_of_market + minutes(30), noon + minutes(30)));
    EXPECT_TRUE(pace.is_due(open_of_market + minutes(10), noon + minutes(30)));
    EXPECT_TRUE(pace.is_due(open_of_market + minutes(30), noon + minutes(30)));
    EXPECT_FALSE(pace.is_due(open_of_market + minutes(31), noon + minutes(31) - Duration(1)));
    EXPECT_TRUE(pace.is_due(open_of_market + minutes(31), noon + minutes(31)));
  }
}

TEST(Pace, AClockThatIsSetBackDoesNotHoldUpTheMarket) {
  for (const Lag lag : {Lag::Forget, Lag::CatchUp}) {
    Pace pace(1.0, lag);
    pace.begin(open_of_market, noon);
    EXPECT_FALSE(pace.is_due(open_of_market + minutes(2), noon + minutes(1)));
    EXPECT_FALSE(pace.is_due(open_of_market + minutes(2), noon - hours(1)));
    EXPECT_FALSE(pace.is_due(open_of_market + minutes(2), noon - hours(1) + seconds(59)));
    EXPECT_TRUE(pace.is_due(open_of_market + minutes(2), noon - hours(1) + minutes(1)));
  }
}

}  // namespace
}  // namespace tidemark
