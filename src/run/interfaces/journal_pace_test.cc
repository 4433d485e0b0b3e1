// A line at first, then one a minute.
#include "run/interfaces/journal_pace.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

TEST(JournalPace, CountsWhatRepeatsAndSaysItOnceAMinute) {
  JournalPace pace;
  const EventTime begin = event_time_from_nanos(1'000'000'000);
  EXPECT_EQ(pace.take("lost", begin), 1u);
  for (int second = 1; second < 60; ++second) EXPECT_EQ(pace.take("lost", begin + second * 1s), std::nullopt);
  EXPECT_EQ(pace.take("lost", begin + 60s), 60u);
  EXPECT_EQ(pace.take("lost", begin + 61s), std::nullopt);
  EXPECT_EQ(pace.take("lost", begin + 1h), 2u);
}

TEST(JournalPace, EachNameHasItsOwn) {
  JournalPace pace;
  EXPECT_EQ(pace.take("lost", {}), 1u);
  EXPECT_EQ(pace.take("failed", {}), 1u);
  EXPECT_EQ(pace.take("lost", {}), std::nullopt);
}

TEST(JournalPace, WhatIsNoErrorGetsSomeLinesAMinute) {
  JournalPace pace;
  for (int line = 0; line < 3; ++line) EXPECT_EQ(pace.take("filled", {}, 3), 1u);
  EXPECT_EQ(pace.take("filled", {}, 3), std::nullopt);
  EXPECT_EQ(pace.take("filled", EventTime{} + 60s, 3), 2u);
}

TEST(JournalPace, AClockThatIsSetBackSilencesNothing) {
  JournalPace pace;
  const EventTime begin = event_time_from_nanos(1'000'000'000'000'000'000);
  EXPECT_EQ(pace.take("lost", begin), 1u);
  EXPECT_EQ(pace.take("lost", begin - 1h), 1u);
}

}  // namespace
}  // namespace tidemark
