// RowOrder: decides by the order of rows which instant an ambiguous local time means, in the hour that is repeated when
// clocks go back in autumn (contract/semantics.md §6.6).
//
//     01:30 01:45 │ 01:00 01:15 …      the times of a symbol ascend; where they go back, the second pass begins
//     01:15 01:00 │ 01:45 01:30 …      a file with the newest row first: the other way round
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "core/time/time.h"
#include "io/lake/import_rows.h"

namespace tidemark {

// A row of a batch whose instant may be later than its time by `again`.
struct RepeatedTime {
  std::size_t row = 0;
  Duration again{0};
};

// Takes the batches of a file in the order of its rows.
class RowOrder {
 public:
  void begin_file();
  void settle(ImportBatch& batch, std::span<const RepeatedTime> repeated);

 private:
  struct Hour {
    BarValues last;  // its time is that of the first pass
    bool is_second_pass = false;
  };

  void learn_direction(const ImportBatch& batch);
  bool is_second_pass(const std::string& symbol, const BarValues& values, Duration again);

  std::optional<bool> is_newest_first_;
  std::string first_symbol_;
  std::optional<EventTime> first_time_;
  std::unordered_map<std::string, Hour> hours_;
};

}  // namespace tidemark
