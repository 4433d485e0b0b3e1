// Trends as they stand in the lake, to be compared with what is computed anew.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/market/trend_columns.h"
#include "core/result.h"
#include "core/stream/sums.h"
#include "io/lake/lake_rows.h"

namespace tidemark {

class PublishedTrends {
 public:
  static Result<PublishedTrends> read(const LakeRows& rows, RowSlice slice);

  // Whether the row is this trend in every column but revision, to the bit.
  bool is(std::size_t row, const Trend& trend) const { return is(row, trend, Newer::Compared); }
  // The same but for nulls in columns that are newer than the oldest of the files (contract 6.5).
  bool is_but_for_newer_columns(std::size_t row, const Trend& trend) const { return is(row, trend, Newer::MayBeNull); }
  // Whether the row says what contract 1 says of the same bars: `by_contract_1` by summarize_by_contract_1(), and their
  // sums (contract 6.5).
  bool is_of_contract_1(std::size_t row, const Trend& by_contract_1, const Sums& sums) const;
  std::int64_t revision(std::size_t row) const { return revision_.values[row]; }

 private:
  static constexpr std::size_t number_count = count_lake_columns_of_trends(is_measure);
  enum class Newer : std::uint8_t { Compared, MayBeNull };

  static std::array<std::optional<double>, number_count> numbers_of(const Trend& trend);
  bool is(std::size_t row, const Trend& trend, Newer newer) const;
  bool has_number(std::size_t row, std::size_t number, std::optional<double> value) const;
  std::optional<Int128> units4(std::size_t row, std::size_t number) const;
  bool is_of_same_bars(std::size_t row, const Trend& trend) const;  // as far as count, window and feed tell

  std::array<RowValues<double>, number_count> numbers_;
  RowValues<std::int64_t> bar_count_, revision_;
  RowTexts end_, signal_, feed_;
  std::vector<std::optional<EventTime>> end_times_;  // of the texts
  std::vector<std::optional<Signal>> signals_;
  int contract_ = lake_contract;  // the oldest of the files
};

}  // namespace tidemark
