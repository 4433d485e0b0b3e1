// What a live feed's tests expect: the finals of a market in which nothing went wrong.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "run/live_feed/market_rig_test.h"

namespace tidemark {

inline const EventTime monday = at("2026-01-05T15:00:00Z");      // ten in the morning in New York
inline const EventTime pre_market = at("2026-01-05T09:00:00Z");  // of that day: where a fresh feed begins

inline void expect_same_finals(const FeedRig& rig, EventTime from = pre_market) {
  const auto expected = rig.undisturbed(from, rig.heartbeats().back());
  EXPECT_GT(expected.texts.size(), 20u);
  EXPECT_EQ(rig.finals.texts.size(), expected.texts.size());
  for (const auto& [window, text] : expected.texts) {
    const auto found = rig.finals.texts.find(window);
    ASSERT_EQ(found == rig.finals.texts.end() ? "nothing" : found->second, text);
  }
  EXPECT_EQ(rig.finals.account().late, 0);
  EXPECT_EQ(rig.finals.account().rejected, 0);
  EXPECT_TRUE(std::ranges::is_sorted(rig.heartbeats()));
}

}  // namespace tidemark
