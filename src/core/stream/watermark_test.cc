// The watermark (contract/semantics.md §3.2).
#include "core/stream/watermark.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime at(Duration since) { return EventTime{since}; }

struct PassCase {
  const char* when;
  Duration seen, end;
  bool passed;
};
constexpr std::array pass_cases{
    PassCase{.when = "before the delay", .seen = 100s, .end = 100s, .passed = false},
    PassCase{.when = "at the end itself", .seen = 220s, .end = 100s, .passed = true},
    PassCase{.when = "a nanosecond short", .seen = 220s - 1ns, .end = 100s, .passed = false},
    PassCase{.when = "long after", .seen = 1h, .end = 100s, .passed = true},
    PassCase{.when = "before the epoch", .seen = -1h, .end = -2h, .passed = true},
};

TEST(Watermark, PassesAnEndOnceTheDelayIsOver) {
  for (const PassCase& row : pass_cases) {
    Watermark watermark(2min);
    watermark.observe(at(row.seen));
    EXPECT_EQ(watermark.has_passed(at(row.end)), row.passed) << row.when;
    EXPECT_EQ(watermark.time(), at(row.seen - 2min)) << row.when;
  }
}

TEST(Watermark, IsBelowEveryTimeBeforeTheFirst) {
  const Watermark watermark(0s);
  EXPECT_FALSE(watermark.has_passed(EventTime::min()));
  EXPECT_EQ(watermark.time(), std::nullopt);
  EXPECT_EQ(watermark.largest_seen(), std::nullopt);
}

TEST(Watermark, NeverMovesBack) {
  Watermark watermark(2min);
  watermark.observe(at(10min));
  watermark.observe(at(1min));
  watermark.observe(at(10min));
  EXPECT_EQ(watermark.time(), at(8min));
  EXPECT_EQ(watermark.largest_seen(), at(10min));
}

}  // namespace
}  // namespace tidemark
