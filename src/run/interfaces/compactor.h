// Compactor: merges the files of a day that is over into one.
//
// It touches only published files (contract/semantics.md §5.4), and it replaces a day in one step: after a kill at any
// moment the day is either unchanged or completely merged. The rows stay the same.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

// Offsets of the reader "store": rows before them will not be published again.
struct Published {
  Position trends = 0, bars = 0;
};

struct DayOfTable {
  std::string table;  // "bars", "stock_trends"
  std::chrono::sys_days day;
  friend auto operator<=>(const DayOfTable&, const DayOfTable&) = default;
};

struct Compacted {
  std::size_t files = 0;  // merged into one; 0: there was nothing left to do
  std::size_t rows = 0;
  std::uint64_t bytes_before = 0, bytes_after = 0;
};

class Compactor {
 public:
  virtual ~Compactor() = default;

  // Days before `end` with at least `least_files` files that may be merged, oldest first.
  virtual Result<std::vector<DayOfTable>> due(std::chrono::sys_days end, const Published& published,
                                              std::size_t least_files) = 0;
  // Retryable if another process works on the lake's days. A damaged file is a permanent error that names it.
  virtual Result<Compacted> compact(const DayOfTable& day, const Published& published) = 0;
};

}  // namespace tidemark
