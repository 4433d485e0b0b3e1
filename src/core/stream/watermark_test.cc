// The watermark (contract/semantics.md §3.2).
#include "core/stream/watermark.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime at(Duration since) { return EventTime{since}; }

TEST(Watermark, StaysBehindTheLargestTimeSeenByTheDelay) {
  for (const Duration seen : {Duration(220s), Duration(220s - 1ns), Duration(1h), Duration(-1h)}) {
    Watermark watermark(2min);
    watermark.observe(at(seen));
    EXPECT_EQ(watermark.time(), at(seen - 120s)) << seen.count();
  }
}

TEST(Watermark, IsBelowEveryTimeBeforeTheFirst) {
  const Watermark watermark(0s);
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
