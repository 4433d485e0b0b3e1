// What a report says of a metastore beside a lake, and what mending changes.
#include "run/catalog/registration.h"

#include <gtest/gtest.h>

#include "run/catalog/memory_metastore_test.h"

namespace tidemark {
namespace {

using Days = std::vector<std::string>;

struct RegistrationTest : testing::Test {
  RegistrationTest() { lake.lake["bars"] = {{"2026-11-20", {"a"}}, {"2026-11-21", {"b"}}}; }
  TableReport report() {
    auto examined = examine(metastore, lake, bars_table());
    EXPECT_TRUE(examined);
    return *examined;
  }
  void mend_all(Mend what) {
    TableReport found = report();
    EXPECT_TRUE(mend(metastore, what, found));
    EXPECT_TRUE(what == Mend::Additions || found.is_right() || found.difference.drift);
  }

  MemoryMetastore metastore;
  MemoryInventory lake;
};

TEST_F(RegistrationTest, MakesATableAndItsPartitions) {
  EXPECT_TRUE(report().is_missing);
  EXPECT_EQ(report().missing, (Days{"2026-11-20", "2026-11-21"}));
  mend_all(Mend::Additions);
  EXPECT_TRUE(report().is_right());
  EXPECT_EQ(metastore.changes, (Days{"database default", "create bars", "add bars"}));
  EXPECT_EQ(metastore.stored["bars"].at("2026-11-21").location, "hdfs://nn:8020/lake/bars/dt=2026-11-21");
}

TEST_F(RegistrationTest, ChangesNothingTheSecondTime) {
  mend_all(Mend::Everything);
  const auto once = metastore.changes;
  mend_all(Mend::Everything);
  EXPECT_EQ(metastore.changes, once);
}

TEST_F(RegistrationTest, AddsColumnsAtTheEnd) {
  CatalogTable older = bars_table();
  older.columns.pop_back();
  metastore.tables["bars"] = older;
  mend_all(Mend::Additions);
  EXPECT_EQ(metastore.tables["bars"].columns, bars_table().columns);
}

TEST_F(RegistrationTest, DropsAndMovesPartitionsOnlyWhenAskedForEverything) {
  mend_all(Mend::Everything);
  metastore.stored["bars"]["2019-01-01"] = {.value = "2019-01-01",
                                            .location = "hdfs://nn:8020/lake/bars/dt=2019-01-01"};
  metastore.stored["bars"].at("2026-11-20").location = "hdfs://nn:8020/old/dt=2026-11-20";
  EXPECT_EQ(report().superfluous, (Days{"2019-01-01"}));
  EXPECT_EQ(report().elsewhere, (Days{"2026-11-20"}));
  mend_all(Mend::Additions);
  EXPECT_FALSE(report().is_right());
  mend_all(Mend::Everything);
  EXPECT_TRUE(report().is_right());
  EXPECT_EQ(metastore.days_of("bars"), (Days{"2026-11-20", "2026-11-21"}));
}

TEST_F(RegistrationTest, LeavesATableThatHasDriftedAlone) {
  CatalogTable other = bars_table();
  other.columns[0].type = "int";
  metastore.tables["bars"] = other;
  mend_all(Mend::Everything);
  EXPECT_TRUE(metastore.changes.empty());
  EXPECT_FALSE(report().is_right());
}

TEST_F(RegistrationTest, AddsThousandsOfDaysInSeveralCalls) {
  lake.lake["bars"].clear();
  for (int day = 0; day < 1'100; ++day) lake.lake["bars"]["day " + std::to_string(day)] = {"a"};
  mend_all(Mend::Everything);
  EXPECT_EQ(std::ranges::count(metastore.changes, "add bars"), 3);
  EXPECT_EQ(metastore.days_of("bars").size(), 1'100U);
}

}  // namespace
}  // namespace tidemark
