// Registration: what a metastore knows of the lake's tables against what the lake holds, and how the two become the same.
//
//     examine ─▶ table missing, columns missing, drift │ partitions missing, superfluous, elsewhere
//     mend    ─▶ database, table, columns, partitions; a table that has drifted is left alone
//
// Adding what is there already is harmless, so any number of processes may register one lake.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "run/catalog/table_difference.h"
#include "run/interfaces/lake_inventory.h"
#include "run/interfaces/metastore.h"

namespace tidemark {

// One table, as the metastore and the lake were when it was examined.
struct TableReport {
  CatalogTable wanted;
  bool is_missing = false;
  TableDifference difference;                     // of a table that is there
  std::vector<std::string> missing, superfluous;  // partitions: days of the lake without one, and the other way round
  std::vector<std::string> elsewhere;             // partitions whose folder is not the day's
  std::map<std::string, CatalogPartition> known;  // all partitions of the metastore

  bool is_right() const {
    return !is_missing && difference.missing.empty() && !difference.drift && missing.empty() && superfluous.empty() &&
           elsewhere.empty();
  }
};
Result<TableReport> examine(Metastore& metastore, LakeInventory& lake, const CatalogTable& wanted);

enum class Mend : bool {
  Additions,   // what is missing
  Everything,  // also partitions that are superfluous or elsewhere
};
// Makes the difference of the report go away, and changes the report to tell so. A table that has drifted is left alone.
Result<void> mend(Metastore& metastore, Mend what, TableReport& report);

}  // namespace tidemark
