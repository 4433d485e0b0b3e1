#include "run/catalog/table_difference.h"

#include <fmt/format.h>

#include <algorithm>

namespace tidemark {
namespace {

std::string normalized(std::string_view location) {
  while (location.size() > 1 && location.ends_with('/')) location.remove_suffix(1);
  const std::size_t colon = location.find(':');
  if (colon == location.npos || !location.substr(colon + 1).starts_with("///")) return std::string(location);
  return fmt::format("{}{}", location.substr(0, colon + 1), location.substr(colon + 3));
}

// The metastore writes names and types in lower case. A time may be told as the number that it is in the file, because
// Hive 2.3 reads no other (docs/hive.md).
bool is_same_type(std::string_view wanted, std::string_view found) {
  const auto is_time = [](std::string_view type) { return type == "bigint" || type == "timestamp"; };
  return wanted == found || (wanted == "timestamp" && is_time(found)) || (found == "timestamp" && is_time(wanted));
}

std::string title(const CatalogTable& table) { return fmt::format("the table {}.{}", table.database, table.name); }

// Dropping an external table leaves the files where they are.
std::string anew(const CatalogTable& table) {
  return fmt::format(
      "DROP TABLE {}.{} in beeline if nobody needs it as it is (the files of an external table stay), then tidemark "
      "hive --mend; or name another database in hive-database",
      table.database, table.name);
}

std::optional<std::string> drift_of_kind(const CatalogTable& wanted, const CatalogTable& found) {
  if (!found.is_external)
    return fmt::format(
        "{0} is a managed table, and Hive deletes the files of such a table with it: ALTER TABLE {1}.{2} SET "
        "TBLPROPERTIES('EXTERNAL'='TRUE') in beeline, or name another database in hive-database",
        title(found), found.database, found.name);
  if (!is_same_location(wanted.location, found.location))
    return fmt::format(
        "{} lies at {}, and the lake's at {}: if that is the lake under another name, set hive-location; {}",
        title(found), found.location, wanted.location, anew(found));
  if (!found.is_parquet) return fmt::format("{} is not stored as Parquet: {}", title(found), anew(found));
  if (found.partition_columns != wanted.partition_columns) {
    std::string columns;
    for (const auto& [name, type] : found.partition_columns)
      columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", name, type);
    return fmt::format("{} is partitioned by ({}), and the lake by ({} {}): {}", title(found), columns,
                       wanted.partition_columns.front().name, wanted.partition_columns.front().type, anew(found));
  }
  return std::nullopt;
}

}  // namespace

bool is_same_location(std::string_view one, std::string_view other) { return normalized(one) == normalized(other); }

CatalogPartition partition_of(const CatalogTable& table, const std::string& day) {
  return {.value = day,
          .location = fmt::format("{}/{}={}", table.location, table.partition_columns.front().name, day),
          .parameters = {}};
}

TableDifference difference(const CatalogTable& wanted, const CatalogTable& found) {
  if (auto drift = drift_of_kind(wanted, found)) return {.missing = {}, .drift = std::move(drift)};
  TableDifference result;
  auto next = found.columns.begin();
  for (const CatalogColumn& column : wanted.columns) {
    const auto there = std::ranges::find(found.columns, column.name, &CatalogColumn::name);
    if (there == found.columns.end()) {
      result.missing.push_back(column);
      continue;
    }
    if (!is_same_type(column.type, there->type))
      return {
          .missing = {},
          .drift = fmt::format("the column {} of {} is {}, and {} in the lake: ALTER TABLE {}.{} CHANGE `{}` `{}` {} "
                               "CASCADE in beeline; or {}",
                               column.name, title(found), there->type, column.type, found.database, found.name,
                               column.name, column.name, column.type, anew(found))};
    if (there < next)
      return {.missing = {},
              .drift = fmt::format("the column {} of {} stands before columns that the lake has before it, so SELECT * "
                                   "would give them in another order: {}",
                                   column.name, title(found), anew(found))};
    if (!result.missing.empty())
      return {
          .missing = {},
          .drift = fmt::format("the column {} of {} is missing before {}, where only somebody else can have removed or "
                               "renamed it: {}",
                               result.missing.front().name, title(found), column.name, anew(found))};
    next = there + 1;
  }
  return result;
}

}  // namespace tidemark
