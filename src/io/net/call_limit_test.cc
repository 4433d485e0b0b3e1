// When the next call may be made: by headers, by our own count, after a refusal, after a restart.
#include "io/net/call_limit.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr CallLimit::Instant begin{1'000'000s};

CallLimit::Said said(std::int64_t limit, std::int64_t remaining, std::chrono::seconds until_reset) {
  return {.limit = limit, .remaining = remaining, .until_reset = until_reset, .retry_after = {}};
}

TEST(CallLimit, WithoutHeadersIsTwoHundredInAnyMinute) {
  CallLimit limit;
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(limit.next(begin + i * 10ms), begin + i * 10ms);
    limit.called(begin + i * 10ms);
  }
  EXPECT_EQ(limit.remaining(begin + 2s), 0);
  EXPECT_EQ(limit.next(begin + 2s), begin + 61s);  // the first is 61 s away: a minute, plus the margin
  EXPECT_EQ(limit.next(begin + 62s), begin + 62s);
}

// A server that counts calls in any sixty seconds; calls arrive up to half a second late.
TEST(CallLimit, NoMinuteHasMoreCallsThanTheLimit) {
  CallLimit limit;
  std::deque<CallLimit::Instant> arrived;
  CallLimit::Instant now = begin;
  limit.answered(now, {.limit = 7, .remaining = {}, .until_reset = {}, .retry_after = {}});
  for (int i = 0; i < 500; ++i) {
    now = limit.next(now);
    limit.called(now);
    arrived.push_back(now + i % 3 * 250ms);
    while (arrived.front() <= arrived.back() - 60s) arrived.pop_front();
    ASSERT_LE(arrived.size(), 7u) << i;
    now += i % 5 * 100ms;
  }
  EXPECT_GT(now, begin + 500 / 7 * 60s);
  EXPECT_LT(now, begin + 500 / 7 * 62s);
}

TEST(CallLimit, AServerOfOnesOwnHasTheLimitThatItSays) {
  CallLimit limit{std::nullopt};
  for (int i = 0; i < 1'000; ++i) limit.called(begin);
  EXPECT_EQ(limit.next(begin), begin);
  limit.answered(begin, said(5, 4, 60s));
  EXPECT_GT(limit.next(begin), begin);
}

// The server's minute starts again between the first call and its response: the call still counts.
TEST(CallLimit, TheCallThatLearnedTheLimitCounts) {
  CallLimit limit{std::nullopt};
  limit.called(begin);
  limit.answered(begin + 1ms, said(3, 3, 60s));
  for (int i = 2; i <= 3; ++i) {
    EXPECT_EQ(limit.next(begin + i * 1ms), begin + i * 1ms);
    limit.called(begin + i * 1ms);
  }
  EXPECT_EQ(limit.next(begin + 4ms), begin + 61s);
}

TEST(CallLimit, WhenNoneRemainsTheResetIsWaitedFor) {
  CallLimit limit;
  limit.called(begin);
  limit.answered(begin, said(200, 1, 30s));
  EXPECT_EQ(limit.next(begin), begin);
  limit.called(begin);
  EXPECT_EQ(limit.remaining(begin), 0);
  EXPECT_GE(limit.next(begin), begin + 30s);
  EXPECT_LE(limit.next(begin), begin + 31s);
  EXPECT_EQ(limit.next(begin + 31s), begin + 31s);
}

TEST(CallLimit, ClocksThatDisagreeStopNobodyForGood) {
  CallLimit limit;
  limit.answered(begin, said(200, 0, 9'999'999s));
  EXPECT_EQ(limit.next(begin), begin + 120s);
  limit.answered(begin, said(200, 0, -50s));
  EXPECT_EQ(limit.next(begin), begin + 1s);
}

TEST(CallLimit, ARefusalWaitsAsLongAsItSays) {
  CallLimit limit;
  limit.refused(begin, {.limit = {}, .remaining = {}, .until_reset = {}, .retry_after = 7s});
  EXPECT_EQ(limit.next(begin), begin + 7s);
  limit.refused(begin, said(200, 0, 20s));
  EXPECT_GE(limit.next(begin), begin + 20s);
  limit.refused(begin, {});
  EXPECT_EQ(limit.next(begin), begin + 15s);
}

TEST(CallLimit, WhatAnEarlierProcessUsedIsUsed) {
  CallLimit limit;
  limit.remember(begin, 10, 0, 20s);
  EXPECT_GE(limit.next(begin), begin + 20s);
  CallLimit later;
  later.remember(begin, 10, 0, -1s);
  EXPECT_EQ(later.next(begin), begin);
}

}  // namespace
}  // namespace tidemark
