// The promises of run/interfaces/log.h, one sentence each.
#include "run/interfaces/log_conformance_test.h"

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "run/interfaces/must_test.h"

namespace tidemark {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogConformance);

namespace {

constexpr EventTime noon = event_time_from_nanos(1'732'276'800'123'456'789);

Record bar(std::string key, std::string value) {
  return {.key = std::move(key), .value = std::move(value), .ingested_at = noon};
}

std::vector<Record> numbered(int from, int to) {
  std::vector<Record> records;
  for (int number = from; number < to; ++number)
    records.push_back(bar("SYM" + std::to_string(number % 5), "{\"n\":" + std::to_string(number) + "}"));
  return records;
}

std::vector<std::string> values_of(const Batch& batch) {
  std::vector<std::string> values;
  for (std::size_t index = 0; index < batch.size(); ++index) values.emplace_back(batch[index].value);
  return values;
}

TEST_P(LogConformance, IsEmptyAtFirst) {
  EXPECT_EQ(must(log().end(Topic::Bars)), 0);
  EXPECT_TRUE(must(log().poll(Topic::Bars, 0, 10)).empty());
  EXPECT_TRUE(must(log().tail(Topic::Trends, 10)).empty());
  EXPECT_EQ(must(log().cursor("simulator")), std::nullopt);
  const ReaderState state = must(log().restore("analyze"));
  EXPECT_TRUE(state.positions.empty());
  EXPECT_FALSE(state.state.has_value());
  EXPECT_EQ(state.position(Topic::Bars), 0);
}

TEST_P(LogConformance, OffsetsRiseFromZeroInTheOrderOfArrival) {
  must(log().append(numbered(0, 7), "feed", "7"));
  must(log().append(numbered(7, 9), "feed", "9"));
  const Batch batch = must(log().poll(Topic::Bars, 0, 100));
  ASSERT_EQ(batch.size(), 9U);
  EXPECT_EQ(batch[0].position, 0);
  for (std::size_t index = 0; index < 9; ++index) {
    if (index > 0) {
      EXPECT_GT(batch[index].position, batch[index - 1].position);
    }
    if (log().is_dense()) {
      EXPECT_EQ(batch[index].position, static_cast<Position>(index));
    }
    EXPECT_EQ(batch[index].value, "{\"n\":" + std::to_string(index) + "}");
    EXPECT_EQ(batch[index].key, "SYM" + std::to_string(index % 5));
  }
  const Position end = must(log().end(Topic::Bars));
  const Batch rest = must(log().poll(Topic::Bars, batch.next_position(), 100));
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(rest.next_position(), end);
}

TEST_P(LogConformance, BytesComeBackAsTheyWere) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const std::vector<std::string> values = {"{\"symbol\":\"AAPL\"}",
                                           "",
                                           " ",
                                           std::string("a\0b", 3),
                                           std::string("\0", 1),
                                           "\xff\xfe",
                                           "caf\xc3\xa9",
                                           "\xed\xa0\x80",
                                           "123",
                                           "1e5",
                                           "NULL",
                                           every_byte,
                                           std::string(65'537, 'x'),
                                           "trailing\r"};
  std::vector<Record> records;
  for (const std::string& value : values) records.push_back(bar("", value));
  records.push_back(bar("\xff key", "key of any bytes"));
  must(log().append(records, "feed", "\xff\x00 cursor"));
  reopen();
  const Batch batch = must(log().poll(Topic::Bars, 0, 100));
  ASSERT_EQ(batch.size(), values.size() + 1);
  for (std::size_t index = 0; index < values.size(); ++index) {
    EXPECT_EQ(batch[index].value, values[index]) << index;
    EXPECT_EQ(batch[index].key, "");
  }
  EXPECT_EQ(batch[values.size()].key, "\xff key");
}

TEST_P(LogConformance, KeepsKindsAndTimes) {
  const EventTime before_1970 = event_time_from_nanos(-1);
  const std::vector<Record> records = {
      bar("A", "1"),
      {.kind = RecordKind::Heartbeat, .time = noon, .ingested_at = noon + under_test().precision()},
      {.kind = RecordKind::Heartbeat, .time = before_1970, .ingested_at = noon},
      {.kind = RecordKind::End, .ingested_at = noon},
      limit_record(3'600, noon),
      limit_record(0, noon),
      lower_watermark_record(noon - std::chrono::hours(1), noon),
  };
  must(log().append(records, "feed", "c"));
  const Batch batch = must(log().poll(Topic::Bars, 0, 100));
  ASSERT_EQ(batch.size(), 7U);
  EXPECT_EQ(batch[0].kind, RecordKind::Data);
  EXPECT_EQ(batch[0].ingested_at, floor_to(noon, under_test().precision()));
  EXPECT_EQ(batch[1].kind, RecordKind::Heartbeat);
  EXPECT_EQ(batch[1].time, noon);
  EXPECT_EQ(batch[1].ingested_at, floor_to(noon, under_test().precision()) + under_test().precision());
  EXPECT_EQ(batch[1].value, "");
  EXPECT_EQ(batch[2].time, before_1970);
  EXPECT_EQ(batch[3].kind, RecordKind::End);
  EXPECT_EQ(batch[4].kind, RecordKind::Limit);
  EXPECT_EQ(parse_limit(batch[4].value), 3'600);
  EXPECT_EQ(batch[4].ingested_at, floor_to(noon, under_test().precision()));
  EXPECT_EQ(batch[5].kind, RecordKind::Limit);
  EXPECT_EQ(parse_limit(batch[5].value), 0);
  EXPECT_EQ(batch[6].kind, RecordKind::LowerWatermark);
  EXPECT_EQ(batch[6].time, noon - std::chrono::hours(1));
  EXPECT_EQ(batch[6].value, "");
}

TEST_P(LogConformance, CursorIsStoredWithTheRecordsAndForEachFeed) {
  must(log().append(numbered(0, 1), "one", "a"));
  must(log().append(numbered(1, 2), "two", "b"));
  must(log().append({}, "one", std::string("c\0d", 3)));
  reopen();
  EXPECT_EQ(must(log().cursor("one")), std::string("c\0d", 3));
  EXPECT_EQ(must(log().cursor("two")), "b");
  EXPECT_EQ(must(log().cursor("three")), std::nullopt);
  EXPECT_EQ(must(log().poll(Topic::Bars, 0, 10)).size(), 2U);
}

TEST_P(LogConformance, PollGivesAtMostTheLimitAndGoesOnWhereItStopped) {
  must(log().append(numbered(0, 10), "feed", ""));
  std::vector<std::string> seen;
  Position at = 0;
  for (;;) {
    const Batch batch = must(log().poll(Topic::Bars, at, 3));
    if (batch.empty()) break;
    EXPECT_LE(batch.size(), 3U);
    at = batch.next_position();
    for (std::string& value : values_of(batch)) seen.push_back(std::move(value));
  }
  EXPECT_EQ(seen, values_of(must(log().poll(Topic::Bars, 0, 10))));
  EXPECT_TRUE(must(log().poll(Topic::Bars, 0, 0)).empty());
  EXPECT_TRUE(must(log().poll(Topic::Bars, 11, 10)).empty());
}

TEST_P(LogConformance, PollStopsAtAboutEightMegabytes) {
  const std::vector<Record> records(200, bar("A", std::string(65'537, 'x')));  // 13 MB
  must(log().append(records, "feed", ""));
  const Position end = must(log().end(Topic::Bars));
  std::vector<std::size_t> sizes;
  for (Position at = 0; at < end;) {
    const Batch batch = must(log().poll(Topic::Bars, at, 1'000));
    sizes.push_back(batch.size());
    at = batch.next_position();
    EXPECT_LE(batch.size() * 65'537, 9'000'000U);
  }
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}), 200U);
  if (log().is_dense()) {  // others know only what was fetched so far
    EXPECT_EQ(sizes.size(), 2U);
    EXPECT_GE(sizes.front() * 65'537, 7'000'000U);
  }
}

TEST_P(LogConformance, TailGivesTheLastOnesOldestFirst) {
  must(log().append(numbered(0, 10), "feed", ""));
  EXPECT_EQ(values_of(must(log().tail(Topic::Bars, 3))),
            (std::vector<std::string>{"{\"n\":7}", "{\"n\":8}", "{\"n\":9}"}));
  EXPECT_EQ(must(log().tail(Topic::Bars, 100)).size(), 10U);
  EXPECT_EQ(must(log().tail(Topic::Bars, 100))[0].position, 0);
  EXPECT_TRUE(must(log().tail(Topic::Bars, 0)).empty());
}

TEST_P(LogConformance, CommitIsOneStep) {
  const Commit first = {.reader = "analyze",
                        .positions = {{Topic::Bars, 5}},
                        .outputs = {{Topic::Trends, bar("A", "trend")},
                                    {Topic::JudgedBars, bar("A", "judged")},
                                    {Topic::Trends, bar("B", "trend too")},
                                    {Topic::LateBars, bar("A", "late")},
                                    {Topic::DeadLetters, bar("", "dead")}},
                        .state = std::string("\x00\xff state", 8)};
  must(log().commit(first));
  must(log().commit({.reader = "store", .positions = {{Topic::Trends, 1}, {Topic::JudgedBars, 1}}}));
  reopen();
  EXPECT_EQ(values_of(must(log().poll(Topic::Trends, 0, 10))), (std::vector<std::string>{"trend", "trend too"}));
  EXPECT_EQ(values_of(must(log().poll(Topic::JudgedBars, 0, 10))), (std::vector<std::string>{"judged"}));
  EXPECT_EQ(values_of(must(log().poll(Topic::LateBars, 0, 10))), (std::vector<std::string>{"late"}));
  EXPECT_EQ(values_of(must(log().poll(Topic::DeadLetters, 0, 10))), (std::vector<std::string>{"dead"}));
  EXPECT_EQ(must(log().end(Topic::Bars)), 0);

  const ReaderState analyze = must(log().restore("analyze"));
  EXPECT_EQ(analyze.position(Topic::Bars), 5);
  EXPECT_EQ(analyze.positions.size(), 1U);
  EXPECT_EQ(analyze.state, std::string("\x00\xff state", 8));
  const ReaderState store = must(log().restore("store"));
  EXPECT_EQ(store.position(Topic::Trends), 1);
  EXPECT_EQ(store.position(Topic::JudgedBars), 1);
  EXPECT_FALSE(store.state.has_value());
}

TEST_P(LogConformance, CommitReplacesTheStateOnlyIfItHasOne) {
  must(log().commit({.reader = "analyze", .positions = {{Topic::Bars, 1}}, .state = "one"}));
  must(log().commit({.reader = "analyze", .positions = {{Topic::Bars, 2}}}));
  EXPECT_EQ(must(log().restore("analyze")).state, "one");
  EXPECT_EQ(must(log().restore("analyze")).position(Topic::Bars), 2);
  must(log().commit({.reader = "analyze", .state = ""}));
  EXPECT_EQ(must(log().restore("analyze")).state, "");
  EXPECT_EQ(must(log().restore("analyze")).position(Topic::Bars), 2);
}

TEST_P(LogConformance, TwoStoresKeepAPositionAndAStateEach) {
  must(log().commit(
      {.reader = "analyze", .outputs = {{Topic::Trends, bar("A", "one")}, {Topic::Trends, bar("A", "two")}}}));
  must(log().commit({.reader = "store", .positions = {{Topic::Trends, 2}}, .state = "of the lake"}));
  must(log().commit({.reader = "archive", .positions = {{Topic::Trends, 1}}, .state = "of the archive"}));
  reopen();
  const ReaderState store = must(log().restore("store")), archive = must(log().restore("archive"));
  EXPECT_EQ(store.position(Topic::Trends), 2);
  EXPECT_EQ(store.state, "of the lake");
  EXPECT_EQ(archive.position(Topic::Trends), 1);
  EXPECT_EQ(archive.state, "of the archive");
  must(log().commit({.reader = "archive", .positions = {{Topic::Trends, 2}}, .state = ""}));
  EXPECT_EQ(must(log().restore("store")).state, "of the lake");
  EXPECT_EQ(must(log().restore("archive")).state, "");
  EXPECT_TRUE(must(log().restore("stor")).positions.empty()) << "a part of a name is another reader";
}

TEST_P(LogConformance, NeededStaysUntilItIsNamedAgain) {
  must(log().commit({.reader = "analyze", .positions = {{Topic::Bars, 9}}}));
  EXPECT_TRUE(must(log().restore("analyze")).needed.empty());
  EXPECT_EQ(must(log().restore("analyze")).needs(Topic::Bars), 9) << "never named: its position";
  must(log().commit({.reader = "analyze", .positions = {{Topic::Bars, 12}}, .needed = {{Topic::Bars, 10}}}));
  must(log().commit({.reader = "analyze", .positions = {{Topic::Bars, 20}, {Topic::Trends, 4}}}));
  reopen();
  const ReaderState state = must(log().restore("analyze"));
  EXPECT_EQ(state.needed, (std::vector{std::pair(Topic::Bars, Position{10})}));
  EXPECT_EQ(state.needs(Topic::Bars), 10);
  EXPECT_EQ(state.needs(Topic::Trends), 4);
  EXPECT_EQ(state.needs(Topic::LateBars), 0) << "never committed";
  EXPECT_EQ(state.position(Topic::Bars), 20);
  must(log().commit({.reader = "analyze", .needed = {{Topic::Bars, 30}}}));
  EXPECT_EQ(must(log().restore("analyze")).needs(Topic::Bars), 20) << "its position is needed in any case";
}

constexpr const char* not_ours = "the brokers trim by themselves";

// Trims as far as possible, step by step.
Position trim(Log& log, Topic topic, Position before) {
  for (Position reached = must(log.begin(topic));;) {
    const Position now = must(log.trim(topic, before));
    EXPECT_EQ(must(log.begin(topic)), now);
    if (now == reached) return now;
    reached = now;
  }
}

TEST_P(LogConformance, WhatIsTrimmedIsGoneAndTheRestStays) {
  if (!under_test().trims()) GTEST_SKIP() << not_ours;
  must(log().append(numbered(0, 3'000), "feed", "c"));
  must(log().commit({.reader = "analyze", .outputs = {{Topic::Trends, bar("A", "trend")}}}));
  EXPECT_EQ(must(log().begin(Topic::Bars)), 0);
  EXPECT_EQ(must(log().trim(Topic::Bars, 0)), 0);
  EXPECT_EQ(must(log().trim(Topic::Bars, -5)), 0);
  EXPECT_EQ(trim(log(), Topic::Bars, 2'990), 2'990);
  for (const char* when : {"at once", "after a restart"}) {
    EXPECT_EQ(must(log().begin(Topic::Bars)), 2'990) << when;
    EXPECT_EQ(must(log().end(Topic::Bars)), 3'000) << when;
    const Batch batch = must(log().poll(Topic::Bars, 0, 3));
    EXPECT_EQ(values_of(batch), (std::vector<std::string>{"{\"n\":2990}", "{\"n\":2991}", "{\"n\":2992}"})) << when;
    EXPECT_EQ(batch[0].position, 2'990) << when;
    EXPECT_EQ(must(log().tail(Topic::Bars, 100)).size(), 10U) << when;
    EXPECT_EQ(must(log().tail(Topic::Bars, 4))[0].position, 2'996) << when;
    EXPECT_EQ(must(log().trim(Topic::Bars, 17)), 2'990) << when;
    EXPECT_EQ(must(log().begin(Topic::Trends)), 0) << when;
    EXPECT_EQ(must(log().end(Topic::Trends)), 1) << when;
    reopen();
  }
}

TEST_P(LogConformance, ATopicThatWasEmptiedGoesOnWithItsOffsets) {
  if (!under_test().trims()) GTEST_SKIP() << not_ours;
  must(log().append(numbered(0, 7), "feed", "c"));
  EXPECT_EQ(trim(log(), Topic::Bars, 1'000), 7) << "no further than its end";
  EXPECT_TRUE(must(log().poll(Topic::Bars, 0, 10)).empty());
  EXPECT_TRUE(must(log().tail(Topic::Bars, 10)).empty());
  reopen();
  EXPECT_EQ(must(log().begin(Topic::Bars)), 7);
  EXPECT_EQ(must(log().end(Topic::Bars)), 7);
  must(log().append(numbered(7, 9), "feed", "d"));
  reopen();
  EXPECT_EQ(must(log().end(Topic::Bars)), 9);
  EXPECT_EQ(must(log().poll(Topic::Bars, 0, 10))[0].position, 7);
}

TEST_P(LogConformance, TrimStopsAtWhatAnyReaderNeeds) {
  if (!under_test().trims()) GTEST_SKIP() << not_ours;
  must(log().append(numbered(0, 1'000), "feed", "c"));
  must(log().commit({.reader = "one", .positions = {{Topic::Bars, 900}}, .needed = {{Topic::Bars, 700}}}));
  must(log().commit({.reader = "two", .positions = {{Topic::Bars, 800}, {Topic::Trends, 0}}}));
  must(log().commit({.reader = "three", .positions = {{Topic::Trends, 5}}}));
  EXPECT_EQ(trim(log(), Topic::Bars, 1'000), 700) << "one needs what lies behind its position";
  must(log().commit({.reader = "one", .positions = {{Topic::Bars, 1'000}}, .needed = {{Topic::Bars, 950}}}));
  reopen();
  EXPECT_EQ(trim(log(), Topic::Bars, 1'000), 800) << "two has read no further";
  must(log().commit({.reader = "two", .positions = {{Topic::Bars, 1'000}}}));
  EXPECT_EQ(trim(log(), Topic::Bars, 1'000), 950);
}

TEST_P(LogConformance, BytesFallWhenMuchIsTrimmed) {
  if (!under_test().trims()) GTEST_SKIP() << not_ours;
  must(log().append(std::vector<Record>(2'000, bar("A", std::string(1'000, 'x'))), "feed", "c"));
  const std::uint64_t before = must(log().bytes());
  EXPECT_GE(before, 2'000'000U);
  EXPECT_LE(before, 4'000'000U);
  trim(log(), Topic::Bars, 1'900);
  EXPECT_LE(must(log().bytes()), before - 1'500'000);
}

TEST_P(LogConformance, LargeBatchesAndStatesAreFine) {
  must(log().append(numbered(0, 20'000), "feed", std::string(300'000, 'c')));
  must(log().commit({.reader = "analyze", .state = std::string(20'000'000, 's')}));
  reopen();
  EXPECT_EQ(must(log().poll(Topic::Bars, 19'990, 100)).size(), 10U);
  EXPECT_EQ(must(log().restore("analyze")).state->size(), 20'000'000U);
}

// While one thread appends pairs and another commits, a reader sees only complete appends, in order.
TEST_P(LogConformance, ReadersSeeWholeStepsOnlyWhileOthersWrite) {
  const int steps = under_test().steps();
  std::atomic<bool> broken = false;
  std::jthread ingest([&] {
    for (int step = 0; step < steps; ++step)
      if (!log().append(numbered(2 * step, 2 * step + 2), "feed", std::to_string(step))) broken = true;
  });
  std::jthread analyze([&] {
    for (int step = 0; step < steps; ++step)
      if (!log().commit({.reader = "analyze",
                         .positions = {{Topic::Bars, step}},
                         .outputs = {{Topic::Trends, bar("A", std::to_string(step))}},
                         .state = std::to_string(step)}))
        broken = true;
  });
  Position at = 0;
  for (std::size_t seen = 0; seen < static_cast<std::size_t>(2 * steps) && !broken;) {
    const Batch batch = must(log().poll(Topic::Bars, at, 1'000));
    for (std::size_t index = 0; index < batch.size(); ++index)
      ASSERT_EQ(batch[index].value, "{\"n\":" + std::to_string(seen + index) + "}");
    seen += batch.size();
    at = batch.next_position();
    ASSERT_EQ(seen % 2, 0) << "half an append was seen";
    const ReaderState state = must(log().restore("analyze"));
    if (state.state) {
      ASSERT_EQ(*state.state, std::to_string(state.position(Topic::Bars)));
    }
  }
  EXPECT_FALSE(broken);
}

}  // namespace
}  // namespace tidemark
