// How a table in a metastore differs from what the lake needs it to be, and what may be done about it.
//
//     the same          nothing to do
//     columns missing   at the end: the contract has grown, so they are added there
//     anything else     drift: somebody else made or changed this table, so it is left alone and the reason told
//
// Columns of the table that are not ours are harmless: readers of Parquet find columns by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/interfaces/metastore.h"

namespace tidemark {

struct TableDifference {
  std::vector<CatalogColumn> missing;  // to be added at the end, in this order
  std::optional<std::string> drift;    // a sentence with the cure; then nothing is missing
};
TableDifference difference(const CatalogTable& wanted, const CatalogTable& found);

// "file:/lake", "file:///lake/" and "file:///lake" are one place.
bool is_same_location(std::string_view one, std::string_view other);

// The partition of a day: its folder below the table's.
CatalogPartition partition_of(const CatalogTable& table, const std::string& day);

}  // namespace tidemark
