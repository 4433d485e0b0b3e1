#include "io/hive/hive_tables.h"

#include <fmt/format.h>

#include "io/parquet/column_file.h"

namespace tidemark {
namespace {

std::string hive_type(const LakeColumn& column, HiveTime time) {
  switch (column.type) {
    case ColumnType::Integer:
      return column.is_timestamp && time == HiveTime::Timestamp ? "timestamp" : "bigint";
    case ColumnType::Double:
      return "double";
    case ColumnType::Boolean:
      return "boolean";
    case ColumnType::Decimal:
      return fmt::format("decimal({},9)", column.precision);
    case ColumnType::Text:
      return "string";
  }
  return {};
}

}  // namespace

std::vector<CatalogTable> hive_tables(const std::string& database, std::string_view location, HiveTime time) {
  while (location.ends_with('/')) location.remove_suffix(1);
  std::vector<CatalogTable> tables;
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    CatalogTable made{.database = database,
                      .name = std::string(to_string(table)),
                      .location = fmt::format("{}/{}", location, to_string(table)),
                      .columns = {},
                      .partition_columns = {{"dt", "string"}},
                      .parameters = {}};
    for (const LakeColumn& column : lake_columns(table))
      made.columns.push_back({std::string(column.name), hive_type(column, time)});
    tables.push_back(std::move(made));
  }
  return tables;
}

}  // namespace tidemark
