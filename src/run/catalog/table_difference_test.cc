// What of a table in a metastore is ours, what may be added, and what is refused with which sentence.
#include "run/catalog/table_difference.h"

#include <gtest/gtest.h>

#include <functional>

#include "run/catalog/memory_metastore_test.h"

namespace tidemark {
namespace {

using Columns = std::vector<CatalogColumn>;

TEST(TableDifference, FindsNoneInATableOfOurs) {
  const TableDifference same = difference(trends_table(), trends_table());
  EXPECT_TRUE(same.missing.empty());
  EXPECT_FALSE(same.drift);
}

TEST(TableDifference, AddsColumnsThatTheContractHasGotSince) {
  CatalogTable found = trends_table();
  found.columns.resize(2);
  const TableDifference grown = difference(trends_table(), found);
  EXPECT_FALSE(grown.drift);
  EXPECT_EQ(grown.missing, (Columns{{"timestamp", "bigint"}, {"feed", "string"}}));
}

TEST(TableDifference, LetsColumnsOfOthersBe) {
  CatalogTable found = trends_table();
  found.columns.insert(found.columns.begin() + 1, {"note", "string"});
  found.columns.push_back({"source_file", "string"});
  const TableDifference same = difference(trends_table(), found);
  EXPECT_FALSE(same.drift);
  EXPECT_TRUE(same.missing.empty());
}

// Hive 2.3 reads a time only as the number that it is, so a table may tell either.
TEST(TableDifference, TakesATimeAsANumberOrAsATimestamp) {
  CatalogTable found = trends_table();
  found.columns[2].type = "timestamp";
  EXPECT_FALSE(difference(trends_table(), found).drift);
  EXPECT_FALSE(difference(found, trends_table()).drift);
}

TEST(TableDifference, RefusesWhatOthersHaveChanged) {
  struct Case {
    std::string_view when;
    std::function<void(CatalogTable&)> change;
    std::vector<std::string_view> says;
  };
  const std::vector<Case> cases{
      {"another type",
       [](CatalogTable& table) { table.columns[1].type = "double"; },
       {"the column close of the table default.stock_trends is double, and decimal(19,9) in the lake",
        "CHANGE `close` `close` decimal(19,9) CASCADE"}},
      {"another order",
       [](CatalogTable& table) { std::swap(table.columns[0], table.columns[1]); },
       {"the column close of", "in another order"}},
      {"a column renamed",
       [](CatalogTable& table) { table.columns[1].name = "price"; },
       {"the column close of", "is missing before timestamp"}},
      {"another place",
       [](CatalogTable& table) { table.location = "hdfs://nn:8020/elsewhere"; },
       {"lies at hdfs://nn:8020/elsewhere", "the lake's at hdfs://nn:8020/lake/stock_trends", "hive-location",
        "DROP TABLE default.stock_trends"}},
      {"managed",
       [](CatalogTable& table) { table.is_external = false; },
       {"is a managed table", "TBLPROPERTIES('EXTERNAL'='TRUE')"}},
      {"text files", [](CatalogTable& table) { table.is_parquet = false; }, {"not stored as Parquet"}},
      {"other partitions",
       [](CatalogTable& table) { table.partition_columns = {{"symbol", "string"}, {"dt", "date"}}; },
       {"partitioned by (symbol string, dt date)", "(dt string)"}},
  };
  for (const Case& each : cases) {
    CatalogTable found = trends_table();
    each.change(found);
    const TableDifference drifted = difference(trends_table(), found);
    ASSERT_TRUE(drifted.drift) << each.when;
    EXPECT_TRUE(drifted.missing.empty()) << each.when;
    for (const std::string_view said : each.says)
      EXPECT_NE(drifted.drift->find(said), std::string::npos) << *drifted.drift;
  }
}

TEST(TableDifference, KnowsALocationByItsSeveralNames) {
  EXPECT_TRUE(is_same_location("file:///srv/lake", "file:/srv/lake/"));
  EXPECT_TRUE(is_same_location("hdfs://nn:8020/lake", "hdfs://nn:8020/lake/"));
  EXPECT_FALSE(is_same_location("hdfs://nn:8020/lake", "hdfs://nn:8021/lake"));
  EXPECT_FALSE(is_same_location("file:/srv/lake", "hdfs:/srv/lake"));
}

TEST(TableDifference, PutsADayBelowItsTable) {
  const CatalogPartition partition = partition_of(bars_table(), "2026-11-22");
  EXPECT_EQ(partition.value, "2026-11-22");
  EXPECT_EQ(partition.location, "hdfs://nn:8020/lake/bars/dt=2026-11-22");
}

}  // namespace
}  // namespace tidemark
