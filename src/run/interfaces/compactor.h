// Compactor: makes one file of the many of a day that is over.
//
// It touches only files that were published for good (contract/semantics.md §5.4), and a day becomes another in one step:
// killed at any moment, it is as it was or as it should be. The rows stay the same.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

// What nobody will publish again: offsets of the lake's reader (run/interfaces/readers.h).
struct Published {
  Position trends = 0, bars = 0;
};

struct DayOfTable {
  std::string table;  // "bars", "stock_trends"
  std::chrono::sys_days day;
  friend auto operator<=>(const DayOfTable&, const DayOfTable&) = default;
};

struct Compacted {
  std::size_t files = 0;  // that became one; 0: there was nothing to do any more
  std::size_t rows = 0;
  std::uint64_t bytes_before = 0, bytes_after = 0;
};

class Compactor {
 public:
  virtual ~Compactor() = default;

  // Days before `end` with at least so many files that may be merged, oldest first.
  virtual Result<std::vector<DayOfTable>> due(std::chrono::sys_days end, const Published& published,
                                              std::size_t least_files) = 0;
  // Retryable when somebody else works on the lake's days: later, then. A damaged file is a permanent error that names
  // it.
  virtual Result<Compacted> compact(const DayOfTable& day, const Published& published) = 0;
};

}  // namespace tidemark
