#include "run/catalog/registration.h"

#include <algorithm>
#include <span>
#include <utility>

namespace tidemark {
namespace {

constexpr std::size_t most_at_once = 500;  // partitions of one call

Result<void> add_missing(Metastore& metastore, TableReport& report) {
  while (!report.missing.empty()) {
    const std::size_t count = std::min(report.missing.size(), most_at_once);
    std::vector<CatalogPartition> partitions;
    for (const std::string& day : std::span(report.missing).first(count))
      partitions.push_back(partition_of(report.wanted, day));
    if (auto added = metastore.add_partitions(report.wanted, partitions); !added) return added;
    for (CatalogPartition& partition : partitions) report.known[partition.value] = std::move(partition);
    report.missing.erase(report.missing.begin(), report.missing.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return {};
}

Result<void> mend_others(Metastore& metastore, TableReport& report) {
  if (!report.elsewhere.empty()) {
    std::vector<CatalogPartition> moved;
    for (const std::string& day : report.elsewhere) moved.push_back(partition_of(report.wanted, day));
    if (auto altered = metastore.alter_partitions(report.wanted, moved); !altered) return altered;
    for (CatalogPartition& partition : moved) report.known[partition.value].location = partition.location;
    report.elsewhere.clear();
  }
  while (!report.superfluous.empty()) {
    if (auto dropped = metastore.drop_partition(report.wanted, report.superfluous.back()); !dropped) return dropped;
    report.known.erase(report.superfluous.back());
    report.superfluous.pop_back();
  }
  return {};
}

}  // namespace

Result<TableReport> examine(Metastore& metastore, LakeInventory& lake, const CatalogTable& wanted) {
  TableReport report{.wanted = wanted};
  const auto found = metastore.table(wanted.database, wanted.name);
  if (!found) return std::unexpected(found.error());
  report.is_missing = !*found;
  if (*found) report.difference = difference(wanted, **found);
  if (report.difference.drift) return report;
  const auto days = lake.days(wanted.name);
  if (!days) return std::unexpected(days.error());
  if (*found) {
    const auto partitions = metastore.partitions(wanted);
    if (!partitions) return std::unexpected(partitions.error());
    for (const CatalogPartition& partition : *partitions) report.known[partition.value] = partition;
  }
  for (const std::string& day : *days)
    if (!report.known.contains(day)) report.missing.push_back(day);
  for (const auto& [day, partition] : report.known) {
    if (!std::ranges::binary_search(*days, day))
      report.superfluous.push_back(day);
    else if (!is_same_location(partition.location, partition_of(wanted, day).location))
      report.elsewhere.push_back(day);
  }
  return report;
}

Result<void> mend(Metastore& metastore, Mend what, TableReport& report) {
  if (report.difference.drift) return {};
  if (report.is_missing) {
    if (auto made = metastore.ensure_database(report.wanted.database); !made) return made;
    if (auto made = metastore.create(report.wanted); !made) return made;
    report.is_missing = false;
  }
  if (!report.difference.missing.empty()) {
    if (auto added = metastore.add_columns(report.wanted, report.difference.missing); !added) return added;
    report.difference.missing.clear();
  }
  if (auto added = add_missing(metastore, report); !added) return added;
  return what == Mend::Everything ? mend_others(metastore, report) : Result<void>{};
}

}  // namespace tidemark
