// The feed of the simulation knows its lines in the order in which it handed them out, whatever becomes of the log.
#include "sim/script_feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/sim_clock.h"

namespace tidemark::sim {
namespace {

constexpr EventTime start = event_time_from_nanos(1'795'391'700'000'000'000);

// Their times fall, so that filling a gap turns them round.
std::vector<Line> lines(std::size_t count) {
  std::vector<Line> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    all[i].meaning = Line::Meaning::Blank;
    all[i].time = start - std::chrono::seconds(static_cast<std::int64_t>(i));
    all[i].record.value = std::to_string(i);
  }
  return all;
}

std::vector<std::string> values(std::span<const Line> lines) {
  std::vector<std::string> all;
  for (const Line& line : lines) all.push_back(line.record.value);
  return all;
}

// What a log holds that takes batches until it has so many records.
struct Taken {
  std::vector<std::string> values;
  std::string cursor;
};

void take(ScriptFeed& feed, std::size_t until, Taken& taken) {
  while (taken.values.size() < until) {
    const auto batch = feed.poll(until - taken.values.size());
    ASSERT_TRUE(batch && *batch);
    for (const Record& record : (*batch)->records) taken.values.push_back(record.value);
    taken.cursor = (*batch)->cursor;
  }
}

TEST(ScriptFeed, KnowsItsLinesWhenALogGoesBackAndComesForwardAgain) {
  int turned = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const SimClock clock(start);
    ScriptFeed feed(lines(40), seed, clock);
    ASSERT_TRUE(feed.open(std::nullopt));
    Taken older;
    take(feed, 10, older);
    Taken newer = older;
    take(feed, 20, newer);

    // A wrong read: the log is as it was, and the feed deals the rest once more. Then the newer commit is there again.
    ASSERT_TRUE(feed.open(older.cursor));
    EXPECT_EQ(values(feed.handed_out_before(older.cursor).value()), older.values);
    Taken other = older;
    take(feed, 15, other);
    if (!std::equal(other.values.begin(), other.values.end(), newer.values.begin())) ++turned;
    ASSERT_TRUE(feed.open(newer.cursor));
    EXPECT_EQ(values(feed.handed_out(feed.branches() - 1)), newer.values);

    // Nothing is brought twice, nothing left out.
    Taken all = newer;
    take(feed, 40, all);
    EXPECT_EQ(values(feed.lines()), all.values);
    std::vector<std::string> sorted = all.values, every = values(lines(40));
    std::ranges::sort(sorted);
    std::ranges::sort(every);
    EXPECT_EQ(sorted, every);
    EXPECT_EQ(values(feed.handed_out_before(other.cursor).value()), other.values);
  }
  EXPECT_GT(turned, 5) << "the orders must differ, or this proves nothing";
}

TEST(ScriptFeed, RefusesACursorThatItNeverGave) {
  const SimClock clock(start);
  ScriptFeed feed(lines(40), 1, clock);
  ASSERT_TRUE(feed.open(std::nullopt));
  Taken taken;
  take(feed, 10, taken);
  for (const char* cursor : {"", "10", "x@1", "10@x", "11@1", "10@2", "10@1 "}) {
    EXPECT_FALSE(feed.handed_out_before(cursor)) << cursor;
    const auto opened = feed.open(cursor);
    ASSERT_FALSE(opened) << cursor;
    EXPECT_TRUE(is_unknown_cursor(opened.error())) << cursor;
  }
  EXPECT_TRUE(feed.handed_out_before(taken.cursor));
}

}  // namespace
}  // namespace tidemark::sim
