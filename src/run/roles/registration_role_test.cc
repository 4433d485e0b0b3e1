// The registration role: days as they appear, a metastore that was away, drift, and how often days are measured.
#include "run/roles/registration_role.h"

#include <gtest/gtest.h>

#include "run/catalog/memory_metastore_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using Days = std::vector<std::string>;

class HandClock final : public Clock {
 public:
  EventTime now() const override { return time; }
  EventTime time{};
};

struct RegistrationRoleTest : testing::Test {
  RegistrationRoleTest() {
    lake.lake["stock_trends"] = {{"2026-11-20", {"a"}}};
    lake.lake["bars"] = {{"2026-11-20", {"a"}}, {"2026-11-21", {"b"}}};
    clock.time = event_time_from_nanos(1'000'000'000'000);
  }
  // Until nothing is left to do.
  void work() {
    for (int step = 0; step < 100; ++step) {
      const auto done = role.do_work();
      ASSERT_TRUE(done) << done.error().message();
      if (*done == 0) return;
    }
    FAIL() << "it never rests";
  }

  MemoryMetastore metastore;
  MemoryInventory lake;
  HandClock clock;
  RegistrationRole role{metastore, lake, clock, {trends_table(), bars_table()}};
};

TEST_F(RegistrationRoleTest, RegistersWhatIsThereAndThenWhatAppears) {
  work();
  EXPECT_EQ(metastore.days_of("stock_trends"), (Days{"2026-11-20"}));
  EXPECT_EQ(metastore.days_of("bars"), (Days{"2026-11-20", "2026-11-21"}));
  EXPECT_EQ(role.count().tables, 2U);
  EXPECT_EQ(role.count().partitions, 3U);
  lake.lake["bars"]["2026-11-22"] = {"c"};
  clock.time += 1s;
  work();
  EXPECT_EQ(metastore.days_of("bars"), (Days{"2026-11-20", "2026-11-21", "2026-11-22"}));
  EXPECT_EQ(role.count().partitions, 4U);
  EXPECT_EQ(role.waiting(), 0U);
}

TEST_F(RegistrationRoleTest, CatchesUpWithWhatWasPublishedWhileTheMetastoreWasAway) {
  work();
  metastore.is_down = true;
  lake.lake["bars"]["2026-11-22"] = {"c"};
  const auto failed = role.do_work();
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().is_retryable());
  EXPECT_EQ(role.waiting(), 1U);
  lake.lake["bars"]["2026-11-23"] = {"d"};
  EXPECT_FALSE(role.do_work());
  metastore.is_down = false;
  work();
  EXPECT_EQ(metastore.days_of("bars").size(), 4U);
  EXPECT_EQ(role.waiting(), 0U);
}

TEST_F(RegistrationRoleTest, RefusesOneTableAndRegistersTheOther) {
  CatalogTable other = trends_table();
  other.columns[0].type = "int";
  metastore.tables["stock_trends"] = other;
  const auto refused = role.do_work();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_setup());
  EXPECT_TRUE(
      refused.error().message().starts_with("hive: the column symbol of the table default.stock_trends is int"));
  EXPECT_EQ(metastore.days_of("bars").size(), 2U);
  EXPECT_TRUE(metastore.days_of("stock_trends").empty());
  metastore.tables["stock_trends"] = trends_table();
  work();
  EXPECT_EQ(metastore.days_of("stock_trends").size(), 1U);
}

TEST_F(RegistrationRoleTest, AddsAgainWhatSomebodyHasDropped) {
  work();
  metastore.stored["bars"].erase("2026-11-20");
  clock.time += 11min;
  work();
  EXPECT_EQ(metastore.days_of("bars").size(), 2U);
}

TEST_F(RegistrationRoleTest, WritesTheSizeOfADayOnceForTheSameFiles) {
  work();
  const auto& parameters = metastore.stored["bars"].at("2026-11-21").parameters;
  EXPECT_EQ(parameters.at("numRows"), "10");
  EXPECT_EQ(parameters.at("numFiles"), "1");
  EXPECT_EQ(parameters.at("totalSize"), "1000");
  EXPECT_FALSE(parameters.contains("COLUMN_STATS_ACCURATE")) << "Hive would answer count(*) from it";
  EXPECT_EQ(lake.measured, 3);
  RegistrationRole next(metastore, lake, clock, {trends_table(), bars_table()});  // after a restart
  ASSERT_TRUE(next.do_work());
  while (*next.do_work() != 0) continue;
  EXPECT_EQ(lake.measured, 3);
  lake.lake["bars"]["2026-11-21"].push_back("c");
  clock.time += 4min;
  work();
  EXPECT_EQ(lake.measured, 3) << "it was looked at four minutes ago";
  clock.time += 2min;
  work();
  EXPECT_EQ(lake.measured, 4);
  EXPECT_EQ(metastore.stored["bars"].at("2026-11-21").parameters.at("numRows"), "20");
}

TEST_F(RegistrationRoleTest, LooksAtOldDaysSeldom) {
  for (int day = 10; day < 20; ++day) lake.lake["bars"]["2026-10-" + std::to_string(day)] = {"x"};
  work();
  const int looks = lake.looks;
  clock.time += 6min;
  work();
  EXPECT_EQ(lake.looks, looks + 3) << "the two newest days of bars, and the only one of trends";
}

}  // namespace
}  // namespace tidemark
