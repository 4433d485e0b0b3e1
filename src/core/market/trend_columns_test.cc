// The table of a trend's columns agrees with contract/schema/trend.schema.json.
#include "core/market/trend_columns.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace tidemark {
namespace {

std::string read_schema() {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/contract/schema/trend.schema.json");
  return {std::istreambuf_iterator<char>(file), {}};
}

// The text from `"name":` to the next property; empty if there is none.
std::string_view property(std::string_view properties, std::string_view name) {
  const auto begin = properties.find("\n    \"" + std::string(name) + "\": {");
  if (begin == properties.npos) return {};
  return properties.substr(begin, properties.find("\n    }", begin) - begin);
}

TEST(TrendColumns, AreThoseOfTheSchemaInItsOrder) {
  const std::string schema = read_schema();
  const auto cut = schema.find("\"properties\"");
  ASSERT_NE(cut, schema.npos);
  const std::string_view required = std::string_view(schema).substr(0, cut), properties(schema.data() + cut);
  std::size_t columns = 0, last = 0, in_schema = 0;
  // What the schema says of the next column.
  const auto next = [&](std::string_view name) {
    ++columns;
    const auto said = property(properties, name);
    EXPECT_FALSE(said.empty()) << name;
    if (said.empty()) return said;
    const auto where = static_cast<std::size_t>(said.data() - properties.data());
    EXPECT_GE(where, last) << name << " stands before the column that it follows";
    last = where;
    return said;
  };
  for_each_trend_column([&](auto column) {
    const auto said = next(column.name);
    EXPECT_EQ(said.find("\"null\"") != said.npos, column.nullable) << column.name;
    const bool is_required = required.find("    \"" + std::string(column.name) + "\"") != required.npos;
    EXPECT_EQ(is_required, column.presence == Presence::Required) << column.name;
  });
  for_each_indicator_column([&](auto column) {
    const auto said = next(column.name);
    EXPECT_NE(said.find("null"), said.npos) << column.name;
  });
  for (auto at = properties.find("\n    \""); at != properties.npos; at = properties.find("\n    \"", at + 1))
    ++in_schema;
  EXPECT_EQ(columns, in_schema);
}

TEST(TrendColumns, TheLakeHasWhatTheHiveTableHasAndTwoMore) {
  EXPECT_EQ(count_lake_columns_of_trends([](ColumnKind) { return true; }), 17u);
  EXPECT_EQ(count_lake_columns_of_trends(is_measure), 10u);
}

}  // namespace
}  // namespace tidemark
