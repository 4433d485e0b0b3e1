// Trends as they stand in the lake, to be compared with what is computed anew.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/market/trend.h"
#include "core/result.h"
#include "io/parquet/lake_rows.h"

namespace tidemark {

class PublishedTrends {
 public:
  static Result<PublishedTrends> read(const LakeRows& rows, RowSlice slice);

  // Whether the row is this trend in every column but revision, to the bit.
  bool is(std::size_t row, const Trend& trend) const;
  std::int64_t revision(std::size_t row) const { return revision_.values[row]; }

 private:
  static constexpr std::size_t number_count = 10;
  static std::array<std::optional<double>, number_count> numbers_of(const Trend& trend);

  std::array<RowValues<double>, number_count> numbers_;
  RowValues<std::int64_t> bar_count_, revision_;
  RowTexts end_, signal_, feed_;
  std::vector<std::optional<EventTime>> end_times_;  // of the texts
  std::vector<std::optional<Signal>> signals_;
};

}  // namespace tidemark
