// The tables as Hive is told of them; the types are those of the table in docs/lake.md, by hand.
#include "io/hive/hive_tables.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(HiveTables, HaveTheColumnsOfTheLake) {
  const auto tables = hive_tables("warehouse", "hdfs://nn:8020/lake/", HiveTime::Bigint);
  ASSERT_EQ(tables.size(), 2U);
  const std::vector<CatalogColumn> trends{
      {"symbol", "string"},      {"window_start", "string"},       {"window_end", "string"},   {"avg_close", "double"},
      {"max_close", "double"},   {"min_close", "double"},          {"avg_volume", "double"},   {"volatility", "double"},
      {"avg_vwap", "double"},    {"avg_pct_change", "double"},     {"buy_pressure", "double"}, {"bar_count", "bigint"},
      {"price_range", "double"}, {"vwap_deviation_pct", "double"}, {"trend_signal", "string"}, {"revision", "bigint"},
      {"feed", "string"}};
  EXPECT_EQ(tables[0].name, "stock_trends");
  EXPECT_EQ(tables[0].database, "warehouse");
  EXPECT_EQ(tables[0].location, "hdfs://nn:8020/lake/stock_trends");
  EXPECT_EQ(tables[0].columns, trends);
  EXPECT_EQ(tables[0].partition_columns, (std::vector<CatalogColumn>{{"dt", "string"}}));
  const std::vector<CatalogColumn> bars{{"symbol", "string"},
                                        {"timestamp", "bigint"},
                                        {"open", "decimal(19,9)"},
                                        {"high", "decimal(19,9)"},
                                        {"low", "decimal(19,9)"},
                                        {"close", "decimal(19,9)"},
                                        {"vwap", "decimal(19,9)"},
                                        {"volume", "decimal(27,9)"},
                                        {"price_change", "decimal(38,9)"},
                                        {"pct_change", "decimal(38,9)"},
                                        {"direction", "string"},
                                        {"trade_count", "bigint"},
                                        {"feed", "string"},
                                        {"verdict", "string"},
                                        {"late", "boolean"},
                                        {"position", "bigint"},
                                        {"timestamp_ns", "bigint"},
                                        {"imported", "bigint"}};
  EXPECT_EQ(tables[1].name, "bars");
  EXPECT_EQ(tables[1].columns, bars);
}

TEST(HiveTables, TellATimeAsATimestampWhereAsked) {
  const auto tables = hive_tables("default", "s3a://bucket/lake", HiveTime::Timestamp);
  EXPECT_EQ(tables[1].columns[1], (CatalogColumn{"timestamp", "timestamp"}));
  EXPECT_EQ(tables[1].columns[16], (CatalogColumn{"timestamp_ns", "bigint"}));
}

}  // namespace
}  // namespace tidemark
