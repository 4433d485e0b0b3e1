// Recomputes the trends of a day from the lake's bars (contract/semantics.md §6): the latest version of each bar, in
// order of time.
//
//     bars of the day, and of the next as far as windows reach ─▶ engine ─▶ comparison with the day's rows ─▶ exchange
//
// It works symbol by symbol, in slices of about a million rows. A slice is held in memory and becomes a file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/result.h"
#include "core/stream/window_spec.h"
#include "io/lake/lake.h"

namespace tidemark {

struct RecomputeOptions {
  WindowSpec windows;
  // Windows that end later are open in a log, which will publish them. A day with such a window is refused.
  std::optional<EventTime> closed_through;
  bool dry_run = false;     // only reports what would change
  std::size_t threads = 1;  // each works on its own slice
  std::size_t rows_per_slice = 1'000'000;
};

// Counts of rows of stock_trends.
struct Recomputed {
  std::int64_t bars = 0;  // bars used: the latest version of each identity
  std::int64_t fresh = 0, changed = 0, removed = 0, unchanged = 0;
  std::int64_t other_contract = 0;  // rows that equal contract 1 for the same bars: rewritten, but not changed data
  std::int64_t windows() const { return fresh + changed + other_contract + unchanged; }
  bool is_as_it_was() const { return fresh == 0 && changed == 0 && other_contract == 0 && removed == 0; }
};

// The caller holds the restating lock. A day whose rows are all unchanged is left alone. After a kill at any moment,
// the day is either the old or the new one. A damaged file is an error that names it.
Result<Recomputed> recompute_day(const Lake& lake, LakeDay day, const RecomputeOptions& options);

}  // namespace tidemark
