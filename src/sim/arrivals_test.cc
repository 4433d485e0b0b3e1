// Redrives that failed, and that a power cut brings into the log or not: the simulation knows each outcome that may be,
// and no other. Their records and letters are counted here from the log.
#include "sim/arrivals.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "run/dead_letters/redrive.h"
#include "run/roles/analyze_role.h"
#include "run/roles/role_rig_test.h"

namespace tidemark::sim {
namespace {

// Appends fail from now on, as after an fsync that failed: each is an error, and any one of them may be in the log later.
class FailingLog final : public MemoryLog {
 public:
  using MemoryLog::MemoryLog;

  struct Append {
    std::vector<Record> records;
    std::string feed, cursor;
  };
  bool fails = false;
  std::vector<Append> failed;

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    if (!fails) return MemoryLog::append(records, feed, cursor);
    failed.push_back({{records.begin(), records.end()}, std::string(feed), std::string(cursor)});
    return std::unexpected(Error::retryable("disk I/O error"));
  }

  void power_cut_brings(const Append& append) {
    fails = false;
    ASSERT_TRUE(MemoryLog::append(append.records, append.feed, append.cursor));
  }
};

std::vector<Line> lines_that_are_no_bars(std::size_t count) {
  std::vector<Line> lines(count);
  for (std::size_t i = 0; i < count; ++i) {
    lines[i].meaning = Line::Meaning::NoBar;
    lines[i].record.value = "no bar " + std::to_string(i);
  }
  return lines;
}

struct Redriving {
  tidemark::Fate fate;
  FailingLog log{fate};
  ManualClock clock;
  CountingNotifier bell;
  std::vector<Line> feed = lines_that_are_no_bars(8);
  Arrivals arrivals;

  explicit Redriving(std::uint64_t seed) : arrivals(seed) {
    std::vector<Record> records;
    for (const Line& line : feed) records.push_back(line.record);
    EXPECT_TRUE(log.append(records, "feed", "8"));
    arrivals.brought(feed, feed.size());
    AnalyzeRole analyze({}, log, bell, nullptr);
    EXPECT_TRUE(analyze.open());
    while (*analyze.do_work() > 0) {
    }
  }

  Result<std::size_t> redrive() {
    clock.time += std::chrono::seconds(1);
    return arrivals.redrive(log, feed, clock, bell);
  }

  // Redrives until so many steps have failed in the log; others had nothing to append.
  void fail(std::size_t steps) {
    log.fails = true;
    while (log.failed.size() < steps) static_cast<void>(redrive());
  }

  std::vector<std::string> values_of_log() {
    std::vector<std::string> values;
    for (const Record& record : log.topic(Topic::Bars)) values.push_back(record.value);
    return values;
  }
  std::vector<std::string> values_of_arrivals() const {
    std::vector<std::string> values;
    for (const Line& line : arrivals.lines()) values.push_back(line.record.value);
    return values;
  }
};

constexpr std::uint64_t seeds = 40;

TEST(Arrivals, AnyOneOfTheStepsThatFailedMayBeInTheLog) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    for (std::size_t which = 0; which < 3; ++which) {
      Redriving world(seed);
      world.fail(3);
      world.log.power_cut_brings(world.log.failed[which]);
      ASSERT_TRUE(world.arrivals.settle(world.log));
      EXPECT_EQ(world.values_of_arrivals(), world.values_of_log());
      EXPECT_EQ(world.arrivals.redriven(), static_cast<std::int64_t>(world.log.failed[which].records.size()));
    }
}

TEST(Arrivals, AStepThatFailedStaysOpenWhileLaterOnesHaveNothingToAppend) {
  std::size_t empty = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Redriving world(seed);
    world.fail(1);
    world.log.fails = false;
    const auto next = world.redrive();
    ASSERT_TRUE(next);
    if (*next > 0) continue;
    ++empty;
    world.log.power_cut_brings(world.log.failed[0]);
    ASSERT_TRUE(world.arrivals.settle(world.log));
    EXPECT_EQ(world.values_of_arrivals(), world.values_of_log());
  }
  EXPECT_GT(empty, 0u);
}

TEST(Arrivals, NoneOfTheStepsThatFailedMustBeInTheLog) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Redriving world(seed);
    world.fail(2);
    world.log.fails = false;
    ASSERT_TRUE(world.arrivals.settle(world.log));
    EXPECT_EQ(world.values_of_arrivals(), world.values_of_log());
    EXPECT_EQ(world.arrivals.redriven(), 0);
  }
}

TEST(Arrivals, TwoStepsThatFailedAreNotBothInTheLog) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Redriving world(seed);
    world.fail(2);
    world.log.power_cut_brings(world.log.failed[0]);
    world.log.power_cut_brings(world.log.failed[1]);
    EXPECT_FALSE(world.arrivals.settle(world.log));
  }
}

TEST(Arrivals, AStepIsInTheLogWithItsLettersAndWhole) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Redriving unmarked(seed);
    unmarked.fail(1);
    FailingLog::Append step = unmarked.log.failed[0];
    step.cursor.clear();
    unmarked.log.power_cut_brings(step);
    EXPECT_FALSE(unmarked.arrivals.settle(unmarked.log)) << "records without the mark of their letters";

    Redriving marked(seed);
    marked.fail(1);
    step = marked.log.failed[0];
    step.records.clear();
    marked.log.power_cut_brings(step);
    EXPECT_FALSE(marked.arrivals.settle(marked.log)) << "the mark without records";
  }
}

TEST(Arrivals, AStepThatFailedIsNotInTheLogBehindALaterOne) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Redriving world(seed);
    world.fail(1);
    world.log.fails = false;
    while (world.arrivals.redriven() == 0) ASSERT_TRUE(world.redrive());
    const std::vector<std::string> before = world.values_of_arrivals();
    world.log.power_cut_brings(world.log.failed[0]);
    EXPECT_TRUE(world.arrivals.settle(world.log));
    EXPECT_EQ(world.values_of_arrivals(), before) << "so the end of the world finds it in the log";
  }
}

}  // namespace
}  // namespace tidemark::sim
