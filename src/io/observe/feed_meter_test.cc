// The counts of a live feed under the names that docs and dashboards know.
#include "io/observe/feed_meter.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(FeedMeter, EachCountHasItsMetric) {
  Metrics metrics;
  make_feed_meter("alpaca", "Alpaca", metrics)
      ->show({.history_calls = 1,
              .history_limited = 2,
              .history_failures = 3,
              .is_history_failing = true,
              .stream_lost = 4,
              .refused_of_stream = 5,
              .refused_of_history = 6,
              .clock_jumps = 7,
              .clock_ahead_seconds = -1.5});
  const std::string exposed = metrics.expose();
  for (const auto* line :
       {"# HELP tidemark_alpaca_history_calls_total Calls of Alpaca's history.\n",
        "tidemark_alpaca_history_calls_total 1\n", "tidemark_alpaca_history_limited_total 2\n",
        "tidemark_alpaca_history_failures_total 3\n", "tidemark_alpaca_history_failing 1\n",
        "tidemark_alpaca_stream_lost_total 4\n", "tidemark_alpaca_refused_bars_total{from=\"stream\"} 5\n",
        "tidemark_alpaca_refused_bars_total{from=\"history\"} 6\n", "tidemark_clock_jumps_total 7\n",
        "tidemark_clock_ahead_seconds -1.5\n"})
    EXPECT_NE(exposed.find(line), std::string::npos) << line << exposed;
}

TEST(FeedMeter, WhatIsOverIsShownAsOver) {
  Metrics metrics;
  const auto meter = make_feed_meter("alpaca", "Alpaca", metrics);
  meter->show({.is_history_failing = true});
  meter->show({});
  EXPECT_NE(metrics.expose().find("tidemark_alpaca_history_failing 0\n"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
