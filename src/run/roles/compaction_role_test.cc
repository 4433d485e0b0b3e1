// Compaction: which days it asks for and when, and that an unreadable day does not stop the others.
#include "run/roles/compaction_role.h"

#include <gtest/gtest.h>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

std::chrono::sys_days day(int number) { return std::chrono::sys_days{std::chrono::days(number)}; }

class ScriptedCompactor : public Compactor {
 public:
  Result<std::vector<DayOfTable>> due(std::chrono::sys_days end, const Published& published,
                                      std::size_t least_files) override {
    ends.push_back(end);
    asked = published;
    least = least_files;
    std::vector<DayOfTable> found;
    for (const DayOfTable& each : days)
      if (each.day < end) found.push_back(each);
    return found;
  }
  Result<Compacted> compact(const DayOfTable& each, const Published& published) override {
    if (refusal) return std::unexpected(*refusal);
    EXPECT_EQ(published.trends, asked.trends);
    EXPECT_EQ(published.bars, asked.bars);
    compacted.push_back(each);
    std::erase(days, each);
    return Compacted{5, 100, 1'000, 600};
  }

  std::vector<DayOfTable> days, compacted;
  std::vector<std::chrono::sys_days> ends;
  Published asked;
  std::size_t least = 0;
  std::optional<Error> refusal;
};

struct Lines : Journal {
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string line(event);
    for (const Field& field : fields) line += " " + std::string(field.name) + "=" + field.value;
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

class CompactionRoleTest : public testing::Test {
 protected:
  CompactionRoleTest() { clock.time = EventTime{day(10)} + 30min; }

  Fate fate;
  MemoryLog log{fate};
  ScriptedCompactor compactor;
  ManualClock clock;
  Lines journal;
  CompactionRole role{log, compactor, clock, journal, {.after = 1h, .every = 10min, .least_files = 4}};
};

TEST_F(CompactionRoleTest, ADayIsOverSomeTimeAfterItsEnd) {
  compactor.days = {{"bars", day(8)}, {"bars", day(9)}};
  EXPECT_EQ(role.do_work(), 1U);
  EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(compactor.compacted, (std::vector<DayOfTable>{{"bars", day(8)}})) << "half an hour after the end of day 9";
  clock.time = EventTime{day(10)} + 61min;
  EXPECT_EQ(role.do_work(), 1U);
  EXPECT_EQ(compactor.compacted.back(), (DayOfTable{"bars", day(9)}));
  EXPECT_EQ(compactor.least, 4U);
}

TEST_F(CompactionRoleTest, ItLooksNowAndThen) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(compactor.ends.size(), 1U);
  clock.time += 9min;
  EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(compactor.ends.size(), 1U);
  clock.time += 1min;
  EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(compactor.ends.size(), 2U);
  clock.time -= 24h;
  EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(compactor.ends.size(), 3U) << "the clock was set back";
}

TEST_F(CompactionRoleTest, ItAsksOnlyForWhatIsPublishedForGood) {
  ASSERT_TRUE(log.commit({.reader = "store", .positions = {{Topic::Trends, 17}, {Topic::JudgedBars, 23}}}));
  compactor.days = {{"bars", day(1)}};
  EXPECT_EQ(role.do_work(), 1U);
  EXPECT_EQ(compactor.asked.trends, 17);
  EXPECT_EQ(compactor.asked.bars, 23);
}

TEST_F(CompactionRoleTest, ItSaysWhatItHasDone) {
  compactor.days = {{"stock_trends", day(1)}};
  EXPECT_EQ(role.do_work(), 1U);
  ASSERT_EQ(journal.lines.size(), 1U);
  EXPECT_EQ(journal.lines[0],
            "lake.compacted day=stock_trends/dt=1970-01-02 files=5 rows=100 bytes_before=1000 bytes_after=600");
  EXPECT_EQ(role.count().days, 1U);
  EXPECT_EQ(role.count().files, 5U);
  EXPECT_EQ(role.count().rows, 100U);
}

TEST_F(CompactionRoleTest, WhatMayBeOverInAMinuteIsTriedAgain) {
  compactor.days = {{"bars", day(1)}};
  compactor.refusal = Error::retryable("process 1 holds it");
  EXPECT_FALSE(role.do_work());
  EXPECT_TRUE(journal.lines.empty());
  compactor.refusal.reset();
  EXPECT_EQ(role.do_work(), 1U);
  EXPECT_EQ(compactor.compacted.size(), 1U);
}

TEST_F(CompactionRoleTest, ADamagedDayIsToldOnceAndLeftAlone) {
  compactor.days = {{"bars", day(1)}, {"bars", day(2)}};
  compactor.refusal = Error::permanent("a.parquet is damaged");
  EXPECT_EQ(role.do_work(), 1U);
  compactor.refusal.reset();
  EXPECT_EQ(role.do_work(), 1U);
  EXPECT_EQ(compactor.compacted, (std::vector<DayOfTable>{{"bars", day(2)}}));
  clock.time += 1h;
  EXPECT_EQ(role.do_work(), 0U);
  EXPECT_EQ(journal.lines[0], "lake.not_compacted day=bars/dt=1970-01-02 reason=a.parquet is damaged");
  EXPECT_EQ(role.count().failed, 1U);
}

}  // namespace
}  // namespace tidemark
