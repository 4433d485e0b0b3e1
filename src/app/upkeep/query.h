// The verb query: one SQL question to the lake, the answer to standard output.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/config/configuration.h"
#include "core/time/time.h"
#include "io/query/query.h"

namespace tidemark {

struct QueryOptions {
  std::string sql;  // one statement; "-": it is read from standard input
  std::filesystem::path data = "tidemark-data";
  QueryFormat format = QueryFormat::Table;
  bool wide = false;                     // a table may be wider than the terminal
  bool raw = false;                      // CSV has texts that look like formulas as they are
  std::optional<std::size_t> most_rows;  // none: all; on a terminal a table has 200
  std::uint64_t memory_bytes = 1'000'000'000;
  Duration timeout = std::chrono::seconds(60);
};

using QueryRequest = Configured<QueryOptions>;

}  // namespace tidemark
