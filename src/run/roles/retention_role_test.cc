// Retention keeps to its age and size limits, removes nothing that a reader needs, and reports when it cannot trim.
#include "run/roles/retention_role.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

class Pages : public Journal {
 public:
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string& line = lines.emplace_back(level == Level::Warning ? "warning " : "info ");
    line += event;
    for (const Field& field : fields) line += " " + std::string(field.name) + "=" + field.value;
  }
  std::vector<std::string> lines;
};

struct RetentionWorld {
  Fate fate;
  MemoryLog log{fate};
  ManualClock clock;
  Pages journal;

  // A hundred bytes each, one a minute, the last one now.
  void arrive(int records) {
    for (int left = records; left-- > 0;) {
      const std::vector<Record> one = {{.value = std::string(100, 'x'), .ingested_at = clock.time - left * 1min}};
      ASSERT_TRUE(log.append(one, "feed", ""));
    }
  }
  // As the roles do when they have processed everything.
  void read_all(Position needed) {
    std::vector<Output> outputs;
    for (const Record& record : log.topic(Topic::Bars))
      for (const Topic topic : {Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters})
        outputs.push_back({topic, record});
    ASSERT_TRUE(log.commit({.reader = "analyze",
                            .positions = {{Topic::Bars, end(Topic::Bars)}},
                            .outputs = std::move(outputs),
                            .needed = {{Topic::Bars, needed}}}));
    ASSERT_TRUE(
        log.commit({.reader = "store",
                    .positions = {{Topic::Trends, end(Topic::Trends)}, {Topic::JudgedBars, end(Topic::JudgedBars)}}}));
  }
  Position begin(Topic topic) { return log.begin(topic).value(); }
  Position end(Topic topic) { return log.end(topic).value(); }
  std::vector<Position> begins() {
    std::vector<Position> all;
    for (const Topic topic : {Topic::Bars, Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters})
      all.push_back(begin(topic));
    return all;
  }

  void work(const RetentionOptions& options) {
    RetentionRole role(log, clock, journal, options);
    work(role);
  }
  static void work(RetentionRole& role) {
    for (;;) {
      const auto done = role.do_work();
      ASSERT_TRUE(done) << done.error().message();
      if (*done == 0) return;
    }
  }
};

using Begins = std::vector<Position>;

TEST(RetentionRole, TrimsWhatIsOlderThanItShallBecome) {
  RetentionWorld world;
  world.arrive(1'000);  // the oldest is 999 minutes old
  world.read_all(1'000);
  world.work({.keep = 100min, .keep_rejects = 500min});
  // 999 - k > 100: record k is old.
  EXPECT_EQ(world.begins(), (Begins{899, 899, 899, 499, 499}));
  world.clock.time += 10min;
  world.work({.keep = 100min, .keep_rejects = 500min});
  EXPECT_EQ(world.begins(), (Begins{909, 909, 909, 509, 509}));
  world.clock.time += 24h;
  world.work({.keep = 100min, .keep_rejects = std::nullopt});
  EXPECT_EQ(world.begins(), (Begins{1'000, 1'000, 1'000, 509, 509})) << "for ever";
  EXPECT_TRUE(world.journal.lines.empty());
}

TEST(RetentionRole, AStepIsSmall) {
  RetentionWorld world;
  world.arrive(1'000);
  world.read_all(1'000);
  RetentionRole role(world.log, world.clock, world.journal, {.keep = 100min});
  EXPECT_EQ(role.do_work(), 100U) << "what the log takes at once";
  EXPECT_EQ(world.begins(), (Begins{100, 0, 0, 0, 0}));
}

TEST(RetentionRole, WhatAReaderNeedsStays) {
  RetentionWorld world;
  world.arrive(1'000);
  world.read_all(700);
  world.clock.time += 24h;
  world.work({.keep = 1h});
  EXPECT_EQ(world.begins(), (Begins{700, 1'000, 1'000, 0, 0}));
}

TEST(RetentionRole, AReaderThatHasNeverCommittedNeedsEverything) {
  RetentionWorld world;
  world.arrive(300);
  world.clock.time += 24h;
  world.work({.keep = 1h, .most_bytes = 1});
  EXPECT_EQ(world.begin(Topic::Bars), 0) << "analyze is yet to come";
  ASSERT_TRUE(world.log.commit({.reader = "analyze",
                                .positions = {{Topic::Bars, 300}},
                                .outputs = {{Topic::Trends, {.value = "t"}}, {Topic::JudgedBars, {.value = "b"}}}}));
  world.work({.keep = 1h, .most_bytes = 1});
  EXPECT_EQ(world.begins(), (Begins{300, 0, 0, 0, 0})) << "store is yet to come";
}

TEST(RetentionRole, AClockThatIsSetBackMakesNothingGoEarly) {
  RetentionWorld world;
  world.arrive(100);
  world.clock.time -= 1'000h;  // the battery of the clock was empty
  world.arrive(100);
  world.clock.time += 1'000h;
  world.read_all(200);
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 0) << "the first hundred are young";
  world.clock.time += 24h;
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 99) << "the last of them is just as old as it may be";
  world.clock.time += 1ns;
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 200) << "it is old, and so is what came after it";
}

TEST(RetentionRole, RecordsFromTheFutureGoWithWhatCameAfterThem) {
  RetentionWorld world;
  world.clock.time += 10'000h;  // the clock was wrong for a while
  world.arrive(500);
  world.clock.time -= 10'000h;
  world.read_all(500);
  world.clock.time += 48h;
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 0) << "nothing says how old they are";
  world.arrive(10);
  world.read_all(510);
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 0) << "what came after them is young";
  world.clock.time += 25h;
  world.work({.keep = 24h});
  EXPECT_EQ(world.begin(Topic::Bars), 510);
}

TEST(RetentionRole, TooMuchGoesFromTheOldEnd) {
  RetentionWorld world;
  world.arrive(1'000);
  world.read_all(1'000);
  const std::uint64_t all = world.log.bytes().value();
  ASSERT_EQ(all, 500'000U);  // five topics, a thousand records, a hundred bytes
  RetentionRole role(world.log, world.clock, world.journal, {.keep = std::nullopt, .most_bytes = 400'000});
  world.work(role);
  EXPECT_LE(world.log.bytes().value(), 400'000U);
  EXPECT_GE(world.log.bytes().value(), 380'000U) << "no more than has to";
  EXPECT_EQ(role.log_bytes(), world.log.bytes().value());
  EXPECT_FALSE(role.is_too_large());
  for (const Topic topic : {Topic::Bars, Topic::Trends, Topic::JudgedBars}) {
    EXPECT_GE(world.begin(topic), 300);
    EXPECT_LE(world.begin(topic), 400) << "the three keep step";
  }
  EXPECT_EQ(world.begin(Topic::DeadLetters), 0) << "rejects go by their age";
}

TEST(RetentionRole, SaysOnceWhoIsInTheWayOfTheSize) {
  RetentionWorld world;
  world.arrive(1'000);
  world.read_all(1'000);
  ASSERT_TRUE(world.log.commit({.reader = "store", .positions = {{Topic::Trends, 50}}}));
  RetentionRole role(world.log, world.clock, world.journal, {.keep_rejects = std::nullopt, .most_bytes = 250'000});
  world.work(role);
  world.work(role);
  EXPECT_TRUE(role.is_too_large());
  EXPECT_EQ(world.journal.lines,
            (std::vector<std::string>{"warning log.too_large bytes=295000 keep_log_size=250000 needed_by=store "
                                      "of=alpaca_trend_results records=950"}));
  ASSERT_TRUE(world.log.commit({.reader = "store", .positions = {{Topic::Trends, 1'000}}}));
  world.work(role);
  EXPECT_FALSE(role.is_too_large());
  EXPECT_EQ(world.journal.lines.size(), 2U);
  EXPECT_EQ(world.journal.lines.back().substr(0, 20), "info log.small_again");
}

TEST(RetentionRole, NobodyIsInTheWayWhenOnlyRejectsAreLeft) {
  RetentionWorld world;
  world.arrive(100);
  world.read_all(100);
  world.work({.most_bytes = 10'000});
  EXPECT_EQ(world.begins(), (Begins{100, 100, 100, 0, 0}));
  ASSERT_EQ(world.journal.lines.size(), 1U);
  EXPECT_NE(world.journal.lines[0].find("needed_by=nobody of=late bars, dead letters and state"), std::string::npos);
}

TEST(RetentionRole, WhatTheWorldRefusesIsTriedAgain) {
  RetentionWorld world;
  world.arrive(100);
  world.read_all(100);
  world.clock.time += 24h;
  RetentionRole role(world.log, world.clock, world.journal, {.keep = 1h});
  world.fate.strike_at(1, Blow::Refuse);
  const auto refused = role.do_work();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_retryable());
  world.work(role);
  EXPECT_EQ(world.begin(Topic::Bars), 100);
}

// Both have to have begun before anything goes; then the one that is behind decides.
TEST(RetentionRole, EachStoreOfALogIsWaitedFor) {
  RetentionWorld world;
  world.arrive(100);
  world.read_all(100);
  world.clock.time += 24h;
  RetentionRole role(world.log, world.clock, world.journal,
                     {.keep = 1h, .stores = {std::string(lake_reader), "archive"}});
  while (role.do_work().value() > 0) continue;
  EXPECT_EQ(world.begin(Topic::Bars), 100) << "the archive does not read them";
  EXPECT_EQ(world.begin(Topic::Trends), 0);
  ASSERT_TRUE(world.log.commit({.reader = "archive", .positions = {{Topic::Trends, 40}, {Topic::JudgedBars, 30}}}));
  while (role.do_work().value() > 0) continue;
  EXPECT_EQ(world.begin(Topic::Trends), 40);
  EXPECT_EQ(world.begin(Topic::JudgedBars), 30);
}

}  // namespace
}  // namespace tidemark
