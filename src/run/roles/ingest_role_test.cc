// Ingest: feed → log, each record once (contract/semantics.md §5.1).
#include "run/roles/ingest_role.h"

#include <gtest/gtest.h>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

std::vector<Record> numbered(int count) {
  std::vector<Record> records;
  for (int number = 0; number < count; ++number) records.push_back({.key = "A", .value = std::to_string(number)});
  records.push_back({.kind = RecordKind::End});
  return records;
}

struct IngestWorld {
  Fate fate;
  MemoryLog log{fate};
  ManualClock clock;
  CountingNotifier bell;
  const std::vector<Record> records = numbered(20);
  ScriptedFeed feed{records, 3};
  IngestRole role{feed, log, clock, bell};
};

TEST(IngestRole, AppendsWhatTheFeedBringsAndRings) {
  IngestWorld world;
  ASSERT_TRUE(world.role.open());
  EXPECT_EQ(world.role.do_work(), 3U);
  EXPECT_EQ(world.bell.rings, 1);
  EXPECT_EQ(world.log.topic(Topic::Bars).size(), 3U);
  EXPECT_EQ(world.log.topic(Topic::Bars)[2].value, "2");
  EXPECT_EQ(*world.log.cursor("scripted"), "3");
  while (world.role.do_work() != 0U) {
  }
  EXPECT_EQ(world.log.topic(Topic::Bars).size(), 21U);
  EXPECT_EQ(world.log.topic(Topic::Bars).back().kind, RecordKind::End);
  const int rings = world.bell.rings;
  EXPECT_EQ(world.role.do_work(), 0U);
  EXPECT_EQ(world.bell.rings, rings) << "nothing came, nobody is woken";
}

TEST(IngestRole, SaysOnceWhatIsNoBar) {
  IngestWorld world;
  const std::vector<Record> records{{.key = "A", .value = "not asked: its feed knows whose it is"},
                                    {.value = R"({"heartbeat":"2026-01-05T14:30:00Z"})"},
                                    {.value = "a;b;c;d;e"}};
  ScriptedFeed feed{records, 3};
  IngestRole role{feed, world.log, world.clock, world.bell};
  ASSERT_TRUE(role.open());
  ASSERT_TRUE(role.do_work());
  const LeftOut left_out = role.take_left_out();
  EXPECT_EQ(left_out.rejected_count, 1);
  EXPECT_EQ(place_of(*left_out.first_rejected), "scripted:3");
  EXPECT_TRUE(role.take_left_out().is_empty());
}

// Contract 3.11: the limit is a record of the log.
TEST(IngestRole, WritesTheLimitWhereAnotherOneIsInForce) {
  IngestWorld world;
  const auto open_with = [&](Duration limit) {
    ScriptedFeed feed{world.records, 3};
    ASSERT_TRUE(IngestRole(feed, world.log, world.clock, world.bell, limit).open());
  };
  const auto limits = [&] {
    std::vector<std::string> values;
    for (const Record& record : world.log.topic(Topic::Bars)) {
      EXPECT_EQ(record.kind, RecordKind::Limit);
      EXPECT_EQ(record.ingested_at, world.clock.time);
      values.push_back(record.value);
    }
    return values;
  };
  open_with(0s);
  EXPECT_EQ(limits(), std::vector<std::string>{}) << "none is in force anyway";
  open_with(1h);
  open_with(1h);  // a restart
  EXPECT_EQ(limits(), std::vector<std::string>{"3600"});
  open_with(90s);
  open_with(0s);
  open_with(0s);
  EXPECT_EQ(limits(), (std::vector<std::string>{"3600", "90", "0"}));
  EXPECT_EQ(*world.log.cursor("scripted"), std::nullopt) << "the feed's cursor is its own";
}

TEST(IngestRole, TheLimitIsWrittenOnceWhateverGoesWrong) {
  for (const Blow blow : {Blow::Refuse, Blow::Before, Blow::After}) {
    IngestWorld world;
    ScriptedFeed feed{world.records, 3};
    world.fate.strike_at(1, blow);
    try {
      EXPECT_FALSE(IngestRole(feed, world.log, world.clock, world.bell, 1h).open());
    } catch (const Killed&) {
    }
    IngestRole again(feed, world.log, world.clock, world.bell, 1h);
    ASSERT_TRUE(again.open());
    ASSERT_EQ(again.do_work(), 3U);
    const auto& bars = world.log.topic(Topic::Bars);
    ASSERT_EQ(bars.size(), 4U);
    EXPECT_EQ(bars[0].kind, RecordKind::Limit) << "before the first bar";
    EXPECT_EQ(bars[1].kind, RecordKind::Data);
  }
}

TEST(IngestRole, StampsRecordsWithTheWallTime) {
  IngestWorld world;
  ASSERT_TRUE(world.role.open());
  ASSERT_TRUE(world.role.do_work());
  world.clock.time += 5s;
  ASSERT_TRUE(world.role.do_work());
  const auto& bars = world.log.topic(Topic::Bars);
  EXPECT_EQ(bars[3].ingested_at, world.clock.time);
  EXPECT_EQ(bars[2].ingested_at, world.clock.time - 5s);
}

TEST(IngestRole, TriesTheSameRecordsAgain) {
  IngestWorld world;
  ASSERT_TRUE(world.role.open());
  world.fate.strike_at(1, Blow::Refuse);
  const auto refused = world.role.do_work();
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is_retryable());
  EXPECT_TRUE(world.log.topic(Topic::Bars).empty());
  EXPECT_EQ(world.bell.rings, 0);
  while (world.role.do_work() != 0U) {
  }
  ASSERT_EQ(world.log.topic(Topic::Bars).size(), 21U);
  for (int number = 0; number < 20; ++number)
    EXPECT_EQ(world.log.topic(Topic::Bars)[static_cast<std::size_t>(number)].value, std::to_string(number));
}

TEST(IngestRole, AtTheEndKeepsWhatTheFeedHasBrought) {
  IngestWorld world;
  ASSERT_TRUE(world.role.open());
  EXPECT_EQ(world.role.flush(), 0U) << "the feed is not asked";
  world.fate.strike_at(1, Blow::Refuse);
  ASSERT_FALSE(world.role.do_work().has_value());
  EXPECT_EQ(world.role.flush(), 3U);
  EXPECT_EQ(world.log.topic(Topic::Bars).size(), 3U);
}

}  // namespace
}  // namespace tidemark
