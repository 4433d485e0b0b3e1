// The store over the lake: final trends and judged bars as Parquet files, for DuckDB, Spark, Hive, pandas
// (docs/lake.md).
//
//     <directory>/stock_trends/dt=2026-11-22/trends-000000000123-000000000456.parquet   [123, 456) of Topic::Trends
//     <directory>/bars/dt=2026-11-22/bars-000000001000-000000002000.parquet             of Topic::JudgedBars
//
// While a file is written its name is hidden (`.….writing`), so no reader sees an incomplete file. It is renamed while
// no process exchanges a day (lake.h).
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "io/parquet/column_file.h"
#include "run/interfaces/disk.h"
#include "run/interfaces/store.h"

namespace tidemark {

struct ParquetStoreOptions {
  std::string directory;  // created if it is missing
  PageCompression compression = PageCompression::Zstd;
  std::int64_t rows_per_group = 16'384;  // held in memory while a file is written
  // How many files of a publication are made durable, and shown, side by side, each on a thread of its own: where that
  // means waiting for a server, and the disk may be used from several threads.
  std::size_t syncs_at_once = 1;
  // A word unique to this process, if several processes write to the lake. Empty if this is the only one.
  std::string writer;
};

// Without a `writer`, only one process may have the lake open for writing, and hidden files of a killed process are
// removed at once; with a `writer`, take_over removes them. Errors of publish name the path and the cure. A full disk
// is a retryable error, and nothing has been published by then. `disk` outlives the store.
Result<std::unique_ptr<Store>> open_parquet_store(const ParquetStoreOptions& options, Disk& disk);

}  // namespace tidemark
