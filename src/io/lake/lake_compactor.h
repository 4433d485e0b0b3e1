// Compaction of the lake's days: merges their files into one, sorted by (symbol, window_start) or (symbol,
// timestamp_ns, rank).
//
// It copies column by column, a slice of a million rows at a time, which becomes a row group. So it needs little
// memory. Files of imports and files that are not published for good stay as they are.
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
