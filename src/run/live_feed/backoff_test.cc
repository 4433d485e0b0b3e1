// Waits that grow: between half of the doubled first one and the whole, five minutes at most.
#include "run/live_feed/backoff.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToFiveMinutesWithJitter) {
  Backoff backoff(10s, 1);
  for (const Duration whole : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    const Duration wait = backoff.next();
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
  }
  EXPECT_EQ(backoff.count(), 7u);
  backoff.reset();
  EXPECT_LE(backoff.next(), 10s);
}

// What many processes lost at once they must not ask for at once.
TEST(Backoff, AnotherSeedWaitsAnotherTime) {
  Backoff one(10s, 1), two(10s, 2), again(10s, 1);
  const Duration wait = one.next();
  EXPECT_NE(wait, two.next());
  EXPECT_EQ(wait, again.next());
}

TEST(Backoff, ALongFirstWaitIsNotCutShort) {
  Backoff backoff(20min, 1);
  EXPECT_GE(backoff.next(), 10min);
  EXPECT_GE(backoff.next(), 10min);
}

}  // namespace
}  // namespace tidemark
