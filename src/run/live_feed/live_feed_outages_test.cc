// A feed in hours of random drops, silences, failing history and kills: no final changes.
#include <gtest/gtest.h>

#include "run/live_feed/live_feed.h"
#include "run/live_feed/same_finals_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

// Drops, silence, failing history, kills and moments in which the feed stands still, at random, an hour of market each; every third
// time with a clock that is told late.
class LiveFeedOutages : public testing::TestWithParam<int> {};

TEST_P(LiveFeedOutages, ChangeNoFinal) {
  Random random(static_cast<std::uint64_t>(GetParam()) + 1);
  TestMarket market;
  market.has_corrections = GetParam() % 2 == 1;
  RigOptions options;
  options.jitter_seed = static_cast<std::uint32_t>(GetParam());
  options.has_own_clock = GetParam() % 3 == 1;
  FeedRig rig(monday + std::chrono::milliseconds(random.between(0, 60'000)), market, options);
  rig.finals.keeps_revisions = !market.has_corrections;
  rig.limit = static_cast<std::size_t>(random.between(1, 50));
  while (rig.clock.now() < monday + 1h) {
    rig.run_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 150'000)));
    rig.history->takes = std::chrono::milliseconds(random.between(10, 20'000));
    rig.history->clock_takes = std::chrono::milliseconds(random.between(10, 50'000));
    switch (random.between(0, 6)) {
      case 0:
        rig.stream->cut();
        break;
      case 1:
        rig.stream->is_mute = true;
        break;
      case 2:
        rig.history->fails = static_cast<int>(random.between(1, 3));
        break;
      case 3:
        rig.stream->is_up = false;
        rig.stream->cut();
        rig.run_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 400'000)));
        rig.stream->is_up = true;
        break;
      case 4:  // kill -9: what was polled is durable
        rig.restart();
        break;
      case 5:
        rig.stall_to(rig.clock.now() + std::chrono::milliseconds(random.between(100, 400'000)));
        break;
      default:
        rig.clock.set(rig.clock.now() + std::chrono::milliseconds(random.between(100, 200'000)));  // away for a while
        rig.restart();
        break;
    }
  }
  rig.stream->is_up = true;
  rig.history->fails = 0;
  rig.run_to(monday + 80min);
  EXPECT_GE(rig.heartbeats().back(), monday + 75min);
  expect_same_finals(rig);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LiveFeedOutages, testing::Range(0, 100));
// Of 4,000 seeds, those that once lost a correction.
INSTANTIATE_TEST_SUITE_P(SeedsThatFailed, LiveFeedOutages, testing::Values(281, 2967));

}  // namespace
}  // namespace tidemark
