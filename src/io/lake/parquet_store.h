// The lake: final trends and judged bars as Parquet files, for DuckDB, Spark, Hive, pandas
// (docs/lake.md).
//
//     <directory>/stock_trends/dt=2026-11-22/trends-000000000123-000000000456.parquet   [123, 456) of Topic::Trends
//     <directory>/bars/dt=2026-11-22/bars-000000001000-000000002000.parquet             of Topic::JudgedBars
//
// While a file is written its name is hidden (`.….writing`), so no reader ever sees half of one. It is shown while
// nobody exchanges a day (lake.h).
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "io/parquet/column_file.h"
#include "run/interfaces/disk.h"
#include "run/interfaces/store.h"

namespace tidemark {

struct ParquetStoreOptions {
  std::string directory;  // made when it is missing
  PageCompression compression = PageCompression::Zstd;
  std::int64_t rows_per_group = 16'384;  // what is held in memory while a file is written
  // Several processes write to the lake: a word that no other has. Empty: this one alone.
  std::string writer;
};

// Removes what a killed process left hidden, where nobody else writes; with a `writer` that waits for take_over. Without
// one, one process at a time may hold the lake open for writing. Errors of publish name the path and the cure; a full disk is retryable, and nothing is
// shown by then.
// `disk` outlives the store.
Result<std::unique_ptr<Store>> open_parquet_store(const ParquetStoreOptions& options, Disk& disk);

}  // namespace tidemark
