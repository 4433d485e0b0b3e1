// Each dead letter is appended again exactly once, whichever process is killed at whatever durable step, and is decoded
// like any other record.
#include "run/dead_letters/redrive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "run/dead_letters/dead_letters.h"
#include "run/interfaces/must_test.h"
#include "run/roles/analyze_role.h"
#include "run/roles/ingest_role.h"
#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

std::string bar_of_minute(int minute, std::string_view volume) {
  using namespace std::chrono_literals;
  const EventTime time = event_time_from_nanos(1'795'348'800'000'000'000) + minute * 1min;
  return R"({"symbol":"A","timestamp":")" + format_timestamp(time) +
         R"(","open":1,"high":1,"low":1,"close":1,"volume":)" + std::string(volume) + "}";
}

struct RedriveWorld {
  Fate fate;
  MemoryLog log{fate};
  ManualClock clock;
  CountingNotifier bell;

  // Each of them becomes a dead letter.
  void reject(int count) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.value = bar_of_minute(i, R"("one")"), .ingested_at = clock.time});
    must(log.append(records, "feed", ""));
    judge();
  }
  void judge() {
    AnalyzeRole analyze({}, log, bell, nullptr);
    must(analyze.open());
    while (must(analyze.do_work()) > 0) {
    }
  }
  Redriven redrive(const std::vector<ReturningRecord>& records) {
    return must(Redrive(log, clock, bell).append(records));
  }
  std::string cursor(const std::string& feed) { return must(log.cursor(feed)).value_or("none"); }
};

std::vector<ReturningRecord> mended(Position first, Position last) {
  std::vector<ReturningRecord> records;
  for (Position letter = first; letter <= last; ++letter)
    records.push_back({letter, bar_of_minute(static_cast<int>(letter), "1")});
  return records;
}

TEST(Redrive, AppendsARecordLikeAnyOther) {
  RedriveWorld world;
  world.reject(3);
  world.clock.time += std::chrono::hours(1);
  const Redriven done = world.redrive({{1, bar_of_minute(1, "7")}, {2, "no bar"}});
  EXPECT_EQ(done.appended, 2U);
  EXPECT_EQ(done.before, 0U);
  const auto& bars = world.log.topic(Topic::Bars);
  ASSERT_EQ(bars.size(), 5U);
  EXPECT_EQ(bars[3].value, bar_of_minute(1, "7"));
  EXPECT_EQ(bars[3].key, "A");
  EXPECT_EQ(bars[3].ingested_at, world.clock.time) << "it comes now";
  EXPECT_EQ(bars[4].value, "no bar");
  EXPECT_EQ(bars[4].key, "");
  EXPECT_EQ(world.cursor("redrive/0"), "1-2");
  world.judge();
  EXPECT_EQ(world.log.topic(Topic::JudgedBars).size(), 1U);
  ASSERT_EQ(world.log.topic(Topic::DeadLetters).size(), 4U) << "what is still no bar is another letter";
  EXPECT_EQ(decode_dead_letter(world.log.topic(Topic::DeadLetters)[3].value)->position, 4);
}

TEST(Redrive, LeavesAloneWhatWasRedriven) {
  RedriveWorld world;
  world.reject(5);
  EXPECT_EQ(world.redrive(mended(1, 2)).appended, 2U);
  const Redriven again = world.redrive(mended(0, 4));
  EXPECT_EQ(again.appended, 3U);
  EXPECT_EQ(again.before, 2U);
  EXPECT_EQ(world.cursor("redrive/0"), "0-4");
  const int steps = world.fate.steps(), rings = world.bell.rings;
  EXPECT_EQ(world.redrive(mended(0, 4)).before, 5U);
  EXPECT_EQ(world.redrive({{2, "x"}, {2, "y"}}).before, 2U);
  EXPECT_EQ(world.fate.steps(), steps) << "nothing to append is no step";
  EXPECT_EQ(world.bell.rings, rings);
  EXPECT_EQ(world.log.topic(Topic::Bars).size(), 10U);
}

TEST(Redrive, AppendsALetterOnceThatIsNamedTwice) {
  RedriveWorld world;
  world.reject(2);
  const Redriven done = world.redrive({{1, "x"}, {1, "y"}});
  EXPECT_EQ(done.appended, 1U);
  EXPECT_EQ(done.before, 1U);
  EXPECT_EQ(world.log.topic(Topic::Bars).back().value, "x");
}

TEST(Redrive, WhatWasForgottenGoesOnceMore) {
  RedriveWorld world;
  world.reject(5);
  world.redrive(mended(0, 4));
  const Position some[] = {1, 3};
  must(Redrive(world.log, world.clock, world.bell).forget(some));
  EXPECT_EQ(world.cursor("redrive/0"), "0 2 4");
  const int steps = world.fate.steps();
  must(Redrive(world.log, world.clock, world.bell).forget(some));
  EXPECT_EQ(world.fate.steps(), steps) << "nothing to forget is no step";
  const Redriven again = world.redrive(mended(0, 4));
  EXPECT_EQ(again.appended, 2U);
  EXPECT_EQ(again.before, 3U);
  EXPECT_EQ(world.cursor("redrive/0"), "0-4");
}

TEST(Redrive, RefusesALetterThatThereNeverWas) {
  RedriveWorld world;
  world.reject(3);
  for (const Position letter : {Position{3}, Position{-1}}) {
    auto records = mended(0, 1);
    records.push_back({letter, "x"});
    const auto done = Redrive(world.log, world.clock, world.bell).append(records);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().message(), "there is no dead letter at offset " + std::to_string(letter));
  }
  EXPECT_EQ(world.log.topic(Topic::Bars).size(), 3U) << "nothing is appended then";
}

TEST(Redrive, RefusesACursorThatItDidNotWrite) {
  RedriveWorld world;
  world.reject(1);
  must(world.log.append({}, "redrive/0", "0,1"));
  EXPECT_FALSE(Redrive(world.log, world.clock, world.bell).append(mended(0, 0)).has_value());
  EXPECT_FALSE(RedrivenLetters(world.log).contains(0).has_value());
}

TEST(Redrive, StepsAreSmallAndSoAreCursors) {
  RedriveWorld world;
  world.reject(10'000);
  std::vector<ReturningRecord> scattered;
  for (Position letter = 0; letter < 10'000; letter += 2) scattered.push_back({letter, "x"});
  const int before = world.fate.steps();
  EXPECT_EQ(world.redrive(scattered).appended, 5'000U);
  EXPECT_EQ(world.fate.steps() - before, 3);
  for (const char* feed : {"redrive/0", "redrive/1", "redrive/2"}) EXPECT_LE(world.cursor(feed).size(), 12'000U);
  EXPECT_EQ(world.cursor("redrive/3"), "none");
  RedrivenLetters redriven(world.log);
  for (Position letter = 0; letter < 10'000; ++letter)
    ASSERT_EQ(must(redriven.contains(letter)), letter % 2 == 0) << letter;

  std::vector<ReturningRecord> long_ones;
  for (Position letter = 1; letter < 400; letter += 2) long_ones.push_back({letter, std::string(65'536, 'x')});
  const int steps = world.fate.steps();
  EXPECT_EQ(world.redrive(long_ones).appended, 200U);
  EXPECT_EQ(world.fate.steps() - steps, 4) << "13 MB in steps of 4";
}

// A process that ingests, analyzes and redrives in a random order until it is killed.
struct Life {
  Life(RedriveWorld& life_world, const std::vector<Record>& records, std::uint64_t seed)
      : world(life_world), random(seed), feed(records, 1 + random.next() % 40) {
    must(ingest.open());
    must(analyze.open());
  }

  void run(std::span<const ReturningRecord> returning) {
    for (int idle = 0; idle < 20;) {
      std::size_t worked = 0;
      switch (random.next() % 3) {
        case 0:
          worked = patiently([&] { return ingest.do_work(); });
          break;
        case 1:
          worked = patiently([&] { return analyze.do_work(); });
          break;
        default:
          if (returning.empty()) break;
          // As a caller does: a few, then the next ones; the same ones again after an error.
          const auto some = returning.first(std::min<std::size_t>(returning.size(), 20));
          if (redrive.append(some)) returning = returning.subspan(some.size());
          worked = 1;
          break;
      }
      idle = worked == 0 ? idle + 1 : 0;
    }
    EXPECT_TRUE(returning.empty());
  }

  template <typename Work>
  std::size_t patiently(Work step) {
    const Result<std::size_t> done = step();
    return done ? *done : 1;
  }

  RedriveWorld& world;
  Random random;
  ScriptedFeed feed;
  IngestRole ingest{feed, world.log, world.clock, world.bell};
  AnalyzeRole analyze{{}, world.log, world.bell, nullptr};
  Redrive redrive{world.log, world.clock, world.bell};
};

class RedriveKilled : public testing::Test {
 protected:
  static constexpr int letters = 4'500;  // of two feeds
  const std::vector<Record> records = hostile_records(7, 100, 10);

  std::vector<ReturningRecord> returning() const {
    std::vector<ReturningRecord> some;
    for (Position letter = 0; letter < letters; letter += 25)
      some.push_back({letter, R"({"redriven":)" + std::to_string(letter) + "}"});
    return some;
  }

  void live_through(RedriveWorld& world, Blow blow, int step) {
    world.reject(letters);
    world.fate.strike_at(step, blow);
    for (std::uint64_t seed = 1;; ++seed) {
      try {
        Life(world, records, seed).run(returning());
        return;
      } catch (const Killed&) {
        world.fate.relent();
      }
    }
  }

  // Everything is in the log once, and the account is that of a log read from its beginning.
  void expect_each_once(RedriveWorld& world) {
    std::map<std::string, int> redriven;
    std::vector<std::string> brought;
    const auto& bars = world.log.topic(Topic::Bars);
    for (std::size_t i = letters; i < bars.size(); ++i) {
      if (bars[i].value.starts_with(R"({"redriven")"))
        ++redriven[bars[i].value];
      else
        brought.push_back(bars[i].value);
    }
    ASSERT_EQ(redriven.size(), returning().size());
    for (const auto& [value, times] : redriven) ASSERT_EQ(times, 1) << value;
    ASSERT_EQ(brought.size(), records.size());
    for (std::size_t i = 0; i < records.size(); ++i) ASSERT_EQ(brought[i], records[i].value);
    RedriveWorld anew;
    must(anew.log.append(bars, "feed", ""));
    anew.judge();
    for (const Topic topic : {Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters})
      ASSERT_EQ(world.log.text(topic), anew.log.text(topic)) << to_string(topic);
  }
};

TEST_F(RedriveKilled, AtAnyStepEachIsAppendedOnce) {
  RedriveWorld undisturbed;
  live_through(undisturbed, Blow::Before, 0);
  expect_each_once(undisturbed);
  RedriveWorld unfed;
  unfed.reject(letters);
  const int steps = undisturbed.fate.steps() - unfed.fate.steps();
  ASSERT_GT(steps, 8);
  for (const Blow blow : {Blow::Before, Blow::After, Blow::Refuse}) {
    for (int step = 1; step <= steps; ++step) {
      RedriveWorld world;
      live_through(world, blow, step);
      expect_each_once(world);
      if (HasFatalFailure()) FAIL() << "blow " << static_cast<int>(blow) << " at step " << step;
    }
  }
}

}  // namespace
}  // namespace tidemark
