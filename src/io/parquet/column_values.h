// A column of a row group of an open Parquet file, row by row. What is wrong is thrown, as Parquet does: for use within
// read_parquet().
//
// Pages have checksums, the footer has none: so what it says of the column is compared with what was read.
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

// −1 when there is none.
int column_index(const parquet::FileMetaData& footer, std::string_view column);

// Some rows: a level for each, 0 where it has no value, and those that are there.
template <typename Value>
struct ValueBatch {
  std::size_t first_row;
  std::span<const std::int16_t> levels;
  const Value* values;
};

// Value: std::int64_t, double, bool, std::string_view, FixedBytes; a column of another type is wrong.
template <typename Value>
void read_batches(parquet::ParquetFileReader& file, int group, int column,
                  const std::function<void(const ValueBatch<Value>&)>& take);

// Calls take(row, value) for every row; value is null where the row has none. Valid during the call.
template <typename Value, typename Take>
void read_column(parquet::ParquetFileReader& file, int group, int column, Take take) {
  read_batches<Value>(file, group, column, [&](const ValueBatch<Value>& batch) {
    const Value* next = batch.values;
    for (std::size_t i = 0; i < batch.levels.size(); ++i)
      take(batch.first_row + i, batch.levels[i] != 0 ? next++ : nullptr);
  });
}

}  // namespace tidemark
