// Reads the beginning of a CSV file: where its header is, which column is which field, and how times and numbers are
// written.
//
//     https://…                          lines before the header, if a later line names all four prices
//     sep=;                              Excel's way to state the separator
//     Date;Open;High;Low;Close;Volume    the header
//     02/01/2024;138,52;…                rows: their values resolve what the header leaves open
//
// yfinance's header of three lines (Price, Ticker, Date) counts as one header.
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
  std::optional<NumberForm> numbers;  // empty: learned from the rows
  int price_exponent = 0;
  std::optional<std::string> symbol;  // of all rows
  std::size_t skip_lines = 0;         // before the header, or before the first row
  bool has_header = true;             // else columns are called 1, 2, 3 …
};

struct CsvHead {
  CsvTable table;
  std::size_t lines = 0;                         // header lines, from the beginning of the file
  std::optional<std::size_t> header_found_late;  // its line, from 1, if other lines before it were skipped
};

// `lines` is the beginning of a file, up to the end of a line or of the file.
Result<CsvHead> read_csv_head(std::string_view lines, const CsvOptions& options);

}  // namespace tidemark
