// The verb query: asks the lake one SQL question and prints the answer.
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
  std::string sql;  // one statement; "-" reads it from standard input
  std::filesystem::path data = "tidemark-data";
  QueryFormat format = QueryFormat::Table;
  bool wide = false;                     // a table may be wider than the terminal
  bool raw = false;                      // CSV leaves texts that look like formulas unchanged
  std::optional<std::size_t> most_rows;  // none: all, but 200 for a table on a terminal
  std::uint64_t memory_bytes = 1'000'000'000;
  Duration timeout = std::chrono::seconds(60);
  std::optional<std::chrono::sys_days> from, to;  // of the lake only these days, both included; none: no bound
  std::uint64_t lake_cache_bytes = 0;             // most of the copies of a lake that lies elsewhere
  bool cached = false;                            // of such a lake only the copies, as they are
};

using QueryRequest = Configured<QueryOptions>;

}  // namespace tidemark
