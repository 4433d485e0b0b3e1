// Writers of rows into a Parquet file of the lake: TrendWriter and BarWriter.
//
//     add … ─▶ (row group full) ─▶ write its columns, one by one ─▶ … finish
//
// Memory holds one row group. The same rows give the same bytes.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend_columns.h"
#include "core/result.h"
#include "io/parquet/column_file.h"
#include "io/parquet/interner.h"

namespace tidemark {

// A column of numbers and nulls in Parquet's form.
template <typename Value>
struct NumberColumn {
  std::vector<Value> values;         // without nulls
  std::vector<std::int16_t> levels;  // 0 for a null, else 1; empty while there are no nulls

  void add(Value value) {
    values.push_back(value);
    if (!levels.empty()) levels.push_back(1);
  }
  void add_null() {
    if (levels.empty()) levels.assign(values.size(), 1);
    levels.push_back(0);
  }
  void clear() {
    values.clear();
    levels.clear();
  }
};

class TrendWriter {
 public:
  TrendWriter(ColumnFile file, std::size_t rows_per_group) : file_(std::move(file)), rows_per_group_(rows_per_group) {}

  Result<void> add(const Trend& trend);
  Result<void> finish();

 private:
  static constexpr std::size_t column_count = count_lake_columns_of_trends([](ColumnKind) { return true; });

  // The values of a column so far. Its kind decides which member is used.
  struct Column {
    std::vector<std::int32_t> texts;  // numbers of names, times or words; −1: null
    NumberColumn<double> measures;
    NumberColumn<std::int64_t> counts;
    TextInterner names;
  };
  template <ColumnKind kind, typename Value>
  void add(Column& column, const Value& value);
  Result<void> write_group();

  ColumnFile file_;
  std::size_t rows_per_group_;
  std::size_t rows_ = 0;  // of the group
  std::array<Column, column_count> columns_;
  Interner<std::int64_t> times_;  // of window starts and ends
};

class BarWriter {
 public:
  BarWriter(ColumnFile file, std::size_t rows_per_group) : file_(std::move(file)), rows_per_group_(rows_per_group) {}

  Result<void> add(const JudgedBar& bar);
  Result<void> finish();

 private:
  struct Decimals {
    std::vector<std::uint8_t> bytes;
    std::vector<std::int16_t> levels;
  };
  Result<void> write_group();

  ColumnFile file_;
  std::size_t rows_per_group_;
  TextInterner symbols_, feeds_;
  std::vector<std::int32_t> symbol_, direction_, feed_, verdict_;
  std::vector<std::uint8_t> open_, high_, low_, close_, volume_, price_change_, pct_change_;
  Decimals vwap_;
  NumberColumn<std::int64_t> timestamp_, trade_count_, position_, timestamp_ns_, imported_;
};

}  // namespace tidemark
