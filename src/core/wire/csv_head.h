// The beginning of a CSV file: where its header is, which column is what, and how its times and numbers are written.
//
//     https://…                          lines before the header, where one behind them names all four prices
//     sep=;                              as Excel says its separator
//     Date;Open;High;Low;Close;Volume    the header
//     02/01/2024;138,52;…                rows: what they say settles what the header leaves open
//
// yfinance's header of three lines (Price, Ticker, Date) is one, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/wire/csv.h"
#include "core/wire/table_columns.h"

namespace tidemark {

struct CsvOptions {
  std::vector<ColumnChoice> choices;
  TimeForm time;
  std::optional<NumberForm> numbers;  // none: the rows tell
  int price_exponent = 0;
  std::optional<std::string> symbol;  // of all rows
  std::size_t skip_lines = 0;         // before the header, or before the first row
  bool has_header = true;             // else columns are called 1, 2, 3 …
};

struct CsvHead {
  CsvTable table;
  std::size_t lines = 0;                         // that are no rows, from the beginning of the file
  std::optional<std::size_t> header_found_late;  // its line, from 1, where others before it were passed over
};

// `lines` is the beginning of a file, up to the end of a line or of the file.
Result<CsvHead> read_csv_head(std::string_view lines, const CsvOptions& options);

}  // namespace tidemark
