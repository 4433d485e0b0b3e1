// The interval of bars divides nearly all their distances. Two series conflict only where it is certain.
#include "core/market/bar_spacing.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using namespace std::chrono;

constexpr EventTime monday = sys_days{2024y / January / 8} + 14h + 30min;
constexpr HoursOfDay midnights = hour_of_day(0) | hour_of_day(4) | hour_of_day(5);

BarSpacing of(std::initializer_list<Duration> since_monday) {
  BarSpacing spacing;
  for (const Duration each : since_monday) spacing.observe(monday + each);
  return spacing;
}
BarSpacing every(Duration step, int count, EventTime begin = monday) {
  BarSpacing spacing;
  for (int i = 0; i < count; ++i) spacing.observe(begin + i * step);
  return spacing;
}

TEST(BarSpacing, FindsTheLongestIntervalThatDividesNearlyAll) {
  EXPECT_EQ(every(1min, 390).interval(), Duration(1min));
  EXPECT_EQ(of({0min, 1min, 4min, 6min, 17min}).interval(), Duration(1min)) << "minutes with holes";
  EXPECT_EQ(every(5min, 78).interval(), Duration(5min));
  EXPECT_EQ(of({0min, 2min, 4min, 10min}).interval(), Duration(2min));
  EXPECT_EQ(of({3min, 2min, 1min, 0min}).interval(), Duration(1min)) << "the newest first";
  EXPECT_EQ(of({0s, 1s, 5s}).interval(), Duration(1s));
  EXPECT_EQ(of({0ms, 500ms, 700ms}).interval(), std::nullopt) << "less than a second";
  EXPECT_EQ(of({0min}).interval(), std::nullopt) << "a single bar has no distance";
  EXPECT_EQ(of({0min, 0min}).interval(), std::nullopt) << "nor has one that is told twice";
}

TEST(BarSpacing, TakesDaysForDaysWhereClocksChange) {
  // Midnights in New York around 2024-03-10, whose third day has 23 hours, and around a weekend.
  EXPECT_EQ(of({0h, 24h, 96h - 1h, 120h - 1h}).interval(), Duration(24h));
  EXPECT_EQ(every(168h, 5).interval(), Duration(168h));
}

TEST(BarSpacing, ForgivesAnOddBar) {
  BarSpacing days = every(24h, 20, sys_days{2024y / January / 1});
  days.observe(sys_days{2024y / January / 21} + 15h + 59min + 58s);  // Yahoo's bar of the day that is still open
  EXPECT_EQ(days.interval(), Duration(24h));
}

TEST(BarSpacing, IsTheSameInPieces) {
  BarSpacing whole = every(5min, 30), first = every(5min, 12), rest = every(5min, 18, monday + 60min);
  first.append(rest);
  EXPECT_EQ(first.bars(), whole.bars());
  EXPECT_EQ(first.distances(), whole.distances());
  EXPECT_EQ(first.multiples_of(5min), whole.multiples_of(5min));
  EXPECT_EQ(first.interval(), whole.interval());
}

TEST(IntervalConflict, TellsDaysFromMinutes) {
  const SpacedBars minutes{every(1min, 3)};
  const SpacedBars days{every(24h, 3, sys_days{2024y / January / 8})};
  const SpacedBars lone_day{every(24h, 1, sys_days{2024y / January / 8}), true};
  const SpacedBars minutes_around_midnight{every(1min, 30, sys_days{2024y / January / 8} + 23h)};
  EXPECT_TRUE(interval_conflict(days, minutes, midnights, 1));
  EXPECT_TRUE(interval_conflict(minutes, days, midnights, 1));
  EXPECT_TRUE(interval_conflict(lone_day, minutes, midnights, 1));
  EXPECT_TRUE(interval_conflict(minutes, lone_day, midnights, 1));
  EXPECT_FALSE(interval_conflict(lone_day, minutes_around_midnight, midnights, 1))
      << "it may be a minute of that night";
  EXPECT_FALSE(interval_conflict(lone_day, days, midnights, 1));
  EXPECT_FALSE(interval_conflict(minutes, minutes, midnights, 1));
}

TEST(IntervalConflict, LeavesAThinSymbolAlone) {
  const SpacedBars minutes{every(1min, 390)};
  // Five bars five minutes apart by chance: probability (1/5)^4. Among 10,000 symbols that happens.
  EXPECT_FALSE(interval_conflict({every(5min, 5)}, minutes, midnights, 10'000));
  // Eleven of them: (1/5)^10 is one in ten million.
  EXPECT_TRUE(interval_conflict({every(5min, 11)}, minutes, midnights, 1));
  EXPECT_FALSE(interval_conflict({every(5min, 11)}, minutes, midnights, 10'000'000));
  EXPECT_FALSE(interval_conflict({every(1min, 1)}, minutes, midnights, 1)) << "a single bar says nothing";
}

TEST(IntervalConflict, BelievesWhatIsSaid) {
  const SpacedBars minutes{every(1min, 3)};
  const SpacedBars days_said_to_be_minutes{every(24h, 9, sys_days{2024y / January / 8}), true, Duration(1min)};
  EXPECT_FALSE(interval_conflict(days_said_to_be_minutes, minutes, midnights, 1));
  const SpacedBars one_said_to_be_a_day{every(1min, 1), false, Duration(24h)};
  EXPECT_TRUE(interval_conflict(one_said_to_be_a_day, minutes, midnights, 1));
}

TEST(IntervalText, IsAsTheOptionTakesIt) {
  EXPECT_EQ(interval_text(1min), "1m");
  EXPECT_EQ(interval_text(4h), "4h");
  EXPECT_EQ(interval_text(24h), "1d");
  EXPECT_EQ(interval_text(15s), "15s");
}

}  // namespace
}  // namespace tidemark
