// Compaction of the lake's days: their files become one, sorted by (symbol, window_start) or (symbol, timestamp_ns, rank).
//
// Column by column, a slice of a million rows at a time, which becomes a row group: memory stays small. Files of imports,
// and those that are not published for good, stay beside it as they are.
#pragma once

#include <memory>

#include "io/lake/lake.h"
#include "run/interfaces/compactor.h"

namespace tidemark {

struct LakeCompactorOptions {
  std::size_t rows_per_group = 1'000'000;
};

// `lake` outlives it.
std::unique_ptr<Compactor> make_lake_compactor(const Lake& lake, const LakeCompactorOptions& options = {});

}  // namespace tidemark
