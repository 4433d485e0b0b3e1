// Runs one SQL query on the lake, in a DuckDB that is opened for it and sees nothing else.
//
// It takes no lock: `tidemark run` may publish files during a query. The answer covers the files that existed when the
// query began. If a day is exchanged meanwhile (compaction, recompute) and its files are gone, the query runs once
// more. Views: `stock_trends` (final trends), `bars` (the latest version of each bar), `bars_all` (every version);
// docs/lake.md has their columns. Only queries are answered: a statement that would write, attach, load or set anything
// is refused.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

enum class QueryFormat : std::uint8_t {
  Table,     // for people: aligned, numbers to the right, NULL where there is no value
  Csv,       // RFC 4180 with a header; NULL is an empty field, an empty text is ""
  Json,      // one object per line; decimals exact, as digits; NaN and infinity are null
  Document,  // one object: columns with types, rows as arrays with values as in Json, and whether rows were cut
};
std::optional<QueryFormat> parse_query_format(std::string_view text);  // "table", "csv", "json", "document"

// Whether the answer has all rows.
enum class Extent : std::uint8_t { Whole, Cut };

// What CSV does with texts that a spreadsheet would take for formulas (csv_cell.h).
struct CsvTexts {
  bool raw = false;                // leaves them unchanged; else puts an apostrophe before each
  std::size_t* guarded = nullptr;  // counts those that got an apostrophe
};

struct LakeQueryOptions {
  std::string lake;  // the folder that holds stock_trends/ and bars/
  QueryFormat format = QueryFormat::Table;
  // DuckDB's limit. A query that needs more fails; nothing is spilled to disk.
  std::uint64_t memory_bytes = 512 << 20;
  std::chrono::milliseconds time_limit = std::chrono::minutes(5);
  unsigned threads = 0;       // 0: one per core
  std::size_t row_limit = 0;  // at most this many rows; 0: all
  CsvTexts csv_texts;
  std::size_t width = 0;                          // of the terminal that a table should fit; 0: no limit
  std::optional<std::chrono::sys_days> from, to;  // the views have only these days, both included; none: no bound
  std::string library;  // libduckdb.so; empty: ../lib/tidemark beside the program, or the build's
};

// Receives the answer piece by piece, in whole lines; false ends the query (the reader is gone).
using QuerySink = std::function<bool(std::string_view)>;

// Errors are for the user: a missing lake or library is Error::setup with the cure; a wrong query is permanent and has
// DuckDB's message, with the line and a caret under the place.
Result<Extent> run_query(const LakeQueryOptions& options, std::string_view sql, const QuerySink& write);

}  // namespace tidemark
