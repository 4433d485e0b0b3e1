// LakeRows: the rows of several files of the lake in one order, without holding them in memory. It knows the place of
// each row, and reads a column for a slice of the order on demand.
//
//     keys of all files ─▶ sorted by (symbol, time, rank) ─▶ place of each row ─▶ columns of a slice, in order
//                       or by (time, symbol, rank)
//
// Time and rank are timestamp_ns and (position, imported) for bars, window_start and revision for trends. So a day of
// any size takes some 30 bytes a row while it is sorted and 12 afterwards, plus the columns of a slice. The checksum of
// every page is verified, and errors name the file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/number/integer.h"
#include "core/result.h"
#include "core/time/time.h"
#include "io/lake/lake.h"
#include "io/parquet/column_file.h"
#include "io/parquet/interner.h"

namespace tidemark {

// A column with a value for each row, and its nulls.
template <typename Value>
struct RowValues {
  std::vector<Value> values;
  std::vector<std::uint8_t> is_null;  // empty: there are no nulls
  bool has(std::size_t row) const { return is_null.empty() || is_null[row] == 0; }
};

struct RowDecimals : RowValues<std::uint8_t> {  // `size` bytes a row, as in the file
  std::size_t size = 0;
  Int128 units(std::size_t row) const;
};

struct RowTexts {
  std::vector<std::int32_t> numbers;  // −1: null
  std::vector<std::uint8_t> is_null;
  TextInterner texts;
};

struct RowSlice {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

class LakeRows {
 public:
  enum class Keep : std::uint8_t { All, Latest };  // which of the rows of one symbol and time
  enum class Order : std::uint8_t { BySymbol, ByTime };

  // Opens the rows of `paths` with a time in [from, to).
  static Result<LakeRows> open(const Disk& disk, LakeTable table, const std::vector<std::string>& paths, EventTime from,
                               EventTime to, Keep keep, Order order = Order::BySymbol);
  // Memory per row while opening, and while open.
  static constexpr std::uint64_t bytes_to_open = 56, bytes_when_open = 12;
  // The number of rows by the footers of the files.
  static Result<std::uint64_t> count(const Disk& disk, const std::vector<std::string>& paths);
  LakeRows(LakeRows&&) noexcept;
  ~LakeRows();

  std::size_t size() const { return times_.size(); }                    // rows that are kept
  std::size_t superseded() const { return superseded_; }                // rows left out in favour of a later one
  int contract() const { return contract_; }                            // the oldest contract of the files
  const std::vector<std::string>& symbols() const { return symbols_; }  // in order
  // For Order::BySymbol: the rows of a symbol.
  RowSlice of_symbol(std::size_t symbol) const { return {first_rows_[symbol], first_rows_[symbol + 1]}; }
  // For Order::ByTime: the symbol of a row.
  std::size_t symbol(std::size_t row) const { return row_symbols_[row]; }
  EventTime time(std::size_t row) const { return event_time_from_nanos(times_[row]); }

  // From any thread. Rows of a file without the column are null.
  Result<RowValues<std::int64_t>> integers(std::string_view column, RowSlice rows) const;
  Result<RowValues<double>> doubles(std::string_view column, RowSlice rows) const;
  Result<RowValues<std::uint8_t>> booleans(std::string_view column, RowSlice rows) const;
  Result<RowDecimals> decimals(std::string_view column, std::size_t size, RowSlice rows) const;
  Result<RowTexts> texts(std::string_view column, RowSlice rows) const;

 private:
  struct Source;
  struct Key;
  class KeyReader;

  explicit LakeRows(const Disk& disk);
  template <typename Value, typename Take>
  Result<void> read(std::string_view column, RowSlice rows, Take take) const;
  template <typename Value, typename Found, typename Put>
  Result<Found> fill(std::string_view column, RowSlice rows, Found found, Put put) const;
  Result<std::vector<Key>> read_keys(LakeTable table, EventTime from, EventTime to);
  void sort_by_symbol(const std::vector<Key>& keys, Keep keep);
  void sort_by_time(std::vector<Key> keys, Keep keep);
  void note_places();

  const Disk* disk_;
  std::vector<Source> sources_;
  std::vector<std::string> symbols_;
  std::vector<std::uint32_t> first_rows_;   // BySymbol: for each symbol, then the end
  std::vector<std::uint32_t> row_symbols_;  // ByTime: for each row
  std::vector<std::int64_t> times_;         // for each row in the order
  std::vector<std::uint32_t> places_;       // for each row of the files, its place in the order, or `nowhere`
  std::size_t superseded_ = 0;
  int contract_ = lake_contract;
};

}  // namespace tidemark
