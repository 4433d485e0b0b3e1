// A day's trends made anew from the lake's bars (contract/semantics.md §6): the latest of each bar, in order of time.
//
//     bars of the day, and what of the next its last windows hold ─▶ engine ─▶ compared with the day's rows ─▶ exchanged
//
// Symbol after symbol, in slices of about a million rows: a slice is held, and it becomes a file.
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
  // Windows that end later are open in a log, which will say them: a day that has such a window is refused.
  std::optional<EventTime> closed_through;
  bool dry_run = false;     // only says what would change
  std::size_t threads = 1;  // each works on a slice of its own
  std::size_t rows_per_slice = 1'000'000;
};

// Of rows of stock_trends.
struct Recomputed {
  std::int64_t bars = 0;  // that were looked at: the latest of each identity
  std::int64_t fresh = 0, changed = 0, removed = 0, unchanged = 0;
  std::int64_t other_contract = 0;  // said what contract 1 says of the same bars: written anew, but no news
  std::int64_t windows() const { return fresh + changed + other_contract + unchanged; }
  bool is_as_it_was() const { return fresh == 0 && changed == 0 && other_contract == 0 && removed == 0; }
};

// While restating is locked. A day whose rows are all unchanged is left as it is. Killed at any moment, the day is as it
// was or as it should be. A damaged file is an error that names it.
Result<Recomputed> recompute_day(const Lake& lake, LakeDay day, const RecomputeOptions& options);

}  // namespace tidemark
