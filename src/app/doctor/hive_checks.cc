#include "app/doctor/hive_checks.h"

#include <fmt/format.h>

#include "app/data_dir/hive_place.h"
#include "app/data_dir/lake_place.h"
#include "run/catalog/table_difference.h"

namespace tidemark {
namespace {

constexpr auto hive_subject = "hive";

Check examine_table(Metastore& metastore, const CatalogTable& wanted) {
  const std::string name = wanted.database + '.' + wanted.name;
  const auto found = metastore.table(wanted.database, wanted.name);
  if (!found) return {Health::Failure, hive_subject, found.error().message(), "docs/hive.md"};
  if (!*found) return {Health::Ok, hive_subject, fmt::format("{} is missing, and will be made", name)};
  const TableDifference found_difference = difference(wanted, **found);
  if (found_difference.drift) return {Health::Failure, hive_subject, *found_difference.drift, "docs/hive.md"};
  if (!found_difference.missing.empty())
    return {Health::Ok, hive_subject,
            fmt::format("{} lacks {} columns, which will be added", name, found_difference.missing.size())};
  return {Health::Ok, hive_subject, fmt::format("{} is as the lake is; tidemark hive compares its days", name)};
}

}  // namespace

std::vector<Check> examine_hive(const RunOptions& options) {
  if (!options.hive) return {};
  const LakePlace place(options);
  const auto tables = hive_tables_of(options, place);
  if (!tables)
    return {{Health::Failure, hive_subject, tables.error().message(), "set hive-location, or see to the NameNode"}};
  const auto metastore = open_metastore(options, place);
  std::vector<Check> checks;
  for (const CatalogTable& table : *tables) {
    checks.push_back(examine_table(*metastore, table));
    if (checks.back().health == Health::Failure) break;  // the other table would say the same, after the same wait
  }
  return checks;
}

}  // namespace tidemark
