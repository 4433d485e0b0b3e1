// Reads a column of a row group of an open Parquet file, row by row. Errors are thrown, as in Parquet, so use it within
// read_parquet().
//
// Pages have checksums but the footer has none, so its statistics of the column are compared with the values that were
// read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "io/parquet/value_range.h"

namespace parquet {
class FileMetaData;
class ParquetFileReader;
}  // namespace parquet

namespace tidemark {

// −1 if there is no such column.
int column_index(const parquet::FileMetaData& footer, std::string_view column);

// A batch of rows: a level for each row, which is 0 for a null, and the values of the others.
template <typename Value>
struct ValueBatch {
  std::size_t first_row;
  std::span<const std::int16_t> levels;
  const Value* values;
};

// Value is std::int64_t, double, bool, std::string_view or FixedBytes. A column of another type is an error.
template <typename Value>
void read_batches(parquet::ParquetFileReader& file, int group, int column,
                  const std::function<void(const ValueBatch<Value>&)>& take);

// Calls take(row, value) for every row. `value` is a null pointer for a null, and valid only during the call.
template <typename Value, typename Take>
void read_column(parquet::ParquetFileReader& file, int group, int column, Take take) {
  read_batches<Value>(file, group, column, [&](const ValueBatch<Value>& batch) {
    const Value* next = batch.values;
    for (std::size_t i = 0; i < batch.levels.size(); ++i)
      take(batch.first_row + i, batch.levels[i] != 0 ? next++ : nullptr);
  });
}

}  // namespace tidemark
