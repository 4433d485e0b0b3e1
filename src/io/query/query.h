// Query: one SQL question to the lake, answered by a DuckDB that is opened for it and sees nothing else.
//
// It takes no lock: `tidemark run` may publish files while a question runs; the answer holds the files that
// were there when it was asked. When a day is exchanged meanwhile (compaction, recompute) and its files are gone,
// the question is asked once more. Views: `stock_trends` (final trends), `bars` (the latest version of each
// bar), `bars_all` (every version); docs/lake.md has their columns. Only questions are answered: a statement
// that would write, attach, load or set anything is refused.
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
  Table,     // for eyes: aligned, numbers to the right, NULL where there is none
  Csv,       // RFC 4180 with a header; NULL is an empty field, an empty text is ""
  Json,      // one object a line; decimals exact, as digits; NaN and infinity are null
  Document,  // one object: columns with their types, rows as arrays with the values of Json, whether rows were cut
};
std::optional<QueryFormat> parse_query_format(std::string_view text);  // "table", "csv", "json", "document"

// Whether an answer is all there is to say.
enum class Extent : std::uint8_t { Whole, Cut };

// What CSV does with texts that a spreadsheet would take for formulas (csv_cell.h).
struct CsvTexts {
  bool raw = false;                // leaves them as they are; else an apostrophe stands before each
  std::size_t* guarded = nullptr;  // counts those that got one
};

struct LakeQueryOptions {
  std::string lake;  // the folder that holds stock_trends/ and bars/
  QueryFormat format = QueryFormat::Table;
  // Of DuckDB. A question that needs more fails; nothing is spilled to the disk.
  std::uint64_t memory_bytes = 512 << 20;
  std::chrono::milliseconds time_limit = std::chrono::minutes(5);
  unsigned threads = 0;       // 0: one a core
  std::size_t row_limit = 0;  // at most so many rows; 0: all
  CsvTexts csv_texts;
  std::size_t width = 0;  // of a terminal, which a table fits into; 0: no limit
  std::string library;    // libduckdb.so; empty: ../lib/tidemark beside the program, or the build's
};

// Takes the answer piece by piece, whole lines each; false ends the question (the reader has gone).
using QuerySink = std::function<bool(std::string_view)>;

// Errors are for the one who asked: a missing lake or library is Error::setup with the cure; a wrong
// question is permanent and carries DuckDB's message with the line and a caret under the place.
Result<Extent> run_query(const LakeQueryOptions& options, std::string_view sql, const QuerySink& write);

}  // namespace tidemark
