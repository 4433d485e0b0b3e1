#include "run/roles/restatement.h"

#include <gtest/gtest.h>

#include "run/roles/analyze_role.h"
#include "run/roles/role_rig_test.h"
#include "run/roles/store_role.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr WindowSpec windows{.size = 5min, .slide = 1min, .delay = 2min};

class RestatementTest : public testing::Test {
 protected:
  void come(const std::vector<std::string>& times, bool and_end) {
    std::vector<Record> records;
    for (const std::string& time : times)
      records.push_back(
          {.key = "A",
           .value = R"({"symbol":"A","timestamp":")" + time + R"(","open":1,"high":1,"low":1,"close":1,"volume":1})"});
    if (and_end) records.push_back({.kind = RecordKind::End});
    ASSERT_TRUE(log.append(records, "test", "1"));
    AnalyzeRole analyze({.windows = windows}, log, bell, nullptr);
    ASSERT_TRUE(analyze.open());
    while (analyze.do_work().value() > 0) {
    }
  }
  void publish() {
    StoreRole role(log, store, clock, {});
    ASSERT_TRUE(role.open());
    while (role.flush().value() > 0) {
    }
  }
  Restatement look() {
    auto found = Restatement::look(log, windows);
    EXPECT_TRUE(found) << found.error().message();
    return *found;
  }
  static std::chrono::sys_days day(std::string_view text) {
    return std::chrono::floor<std::chrono::days>(parse_timestamp(std::string(text) + "T00:00:00Z").value());
  }

  Fate fate;
  MemoryLog log{fate};
  MemoryStore store{fate};
  ManualClock clock;
  CountingNotifier bell;
};

TEST_F(RestatementTest, AnEmptyLogKeepsNobodyFromAnything) {
  EXPECT_FALSE(look().closed_through().has_value());
  EXPECT_TRUE(look().check_published(day("2026-11-22"), 4min));
  EXPECT_FALSE(AnalyzeRole::windows_of(log).value().has_value());
}

TEST_F(RestatementTest, KnowsTheWindowsOfTheLogAndHowFarTheyHaveClosed) {
  come({"2026-11-22T10:00:00Z", "2026-11-22T10:09:00Z", "2026-11-22T10:01:00Z"}, false);
  EXPECT_EQ(AnalyzeRole::windows_of(log).value(), windows);
  EXPECT_EQ(look().closed_through(), parse_timestamp("2026-11-22T10:07:00Z"));  // the largest time minus the delay
}

TEST_F(RestatementTest, TheEndOfAnInputClosesWhatItHeld) {
  come({"2026-11-22T10:00:00Z", "2026-11-22T10:09:00Z"}, true);
  EXPECT_EQ(look().closed_through(), parse_timestamp("2026-11-22T10:14:00Z"));  // the end of its last window
}

TEST_F(RestatementTest, ADayIsRefusedWhileSomethingOfItIsOnItsWay) {
  come({"2026-11-22T10:00:00Z", "2026-11-23T00:03:59Z"}, true);
  for (const auto* refused : {"2026-11-22", "2026-11-23"}) {
    const auto checked = look().check_published(day(refused), 4min);
    ASSERT_FALSE(checked) << refused;
    EXPECT_NE(checked.error().message().find("not yet in the lake"), std::string::npos);
  }
  EXPECT_TRUE(look().check_published(day("2026-11-21"), 4min));
  EXPECT_TRUE(look().check_published(day("2026-11-24"), 4min));
  publish();
  EXPECT_TRUE(look().check_published(day("2026-11-22"), 4min));
  EXPECT_EQ(look().published(Topic::JudgedBars), 2);
  EXPECT_EQ(look().published(Topic::Trends), 10);  // two bars, five windows each
}

// Published trends of the day, and a late bar of the next day that its last windows hold or do not hold.
TEST_F(RestatementTest, BarsOfTheNextDayCountAsFarAsTheLastWindowsReach) {
  come({"2026-11-22T10:00:00Z", "2026-11-24T12:00:00Z"}, true);
  publish();
  come({"2026-11-23T00:04:00Z"}, false);
  EXPECT_TRUE(look().check_published(day("2026-11-22"), 4min));
  EXPECT_FALSE(look().check_published(day("2026-11-22"), 5min));
  EXPECT_FALSE(look().check_published(day("2026-11-23"), 4min));
}

}  // namespace
}  // namespace tidemark
