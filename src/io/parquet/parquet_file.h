// One Parquet file of the lake: its columns, and its bytes from rows. docs/lake.md lists the columns.
//
// The same rows give the same bytes.
#pragma once

#include <span>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/result.h"
#include "io/parquet/hidden_file.h"
#include "io/parquet/parquet_store.h"

namespace tidemark {

Result<void> write_trends(std::span<const Trend* const> rows, const ParquetStoreOptions& options, HiddenFile& file);
Result<void> write_bars(std::span<const JudgedBar* const> rows, const ParquetStoreOptions& options, HiddenFile& file);

}  // namespace tidemark
