// Rows of CSV (RFC 4180) as bars: a row a bar, its cells separated by comma, semicolon, tab or bar.
//
// Space around a cell that is not quoted does not count, an empty cell is null. No row reaches over a line's end, so a
// quoted cell with a line end in it is a bad row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time/table_time.h"
#include "core/wire/decode.h"
#include "core/wire/fields.h"
#include "core/wire/table_columns.h"

namespace tidemark {

// Cells of one row. Those that had doubled quotes live in the splitter until the next row.
class CsvSplitter {
 public:
  // False when quotes do not match.
  bool split(std::string_view row, char separator);
  const std::vector<std::string_view>& cells() const { return cells_; }

 private:
  bool take_quoted(std::string_view& rest, char separator);

  std::vector<std::string_view> cells_;
  std::string unquoted_;
};

// What holds for all rows of a file (core/wire/csv_head.h makes it).
struct CsvTable {
  char separator = ',';
  std::size_t width = 0;  // cells of a row; it may have fewer, and empty ones more
  std::vector<TableColumn> columns;
  TimeForm time;
  NumberForm numbers;
};

class CsvReader {
 public:
  // A bar, or the reason why the row is none. Views live until the next row.
  void decode(std::string_view row, const CsvTable& table, Decoded& into);
  // The time that the row said.
  const FieldValue& time() const { return fields_[FieldName::Timestamp]; }

 private:
  void set_time(const CsvTable& table, const TableColumn& column);
  bool has_more_than(std::size_t width) const;
  std::string_view cell(std::size_t column) const;

  CsvSplitter splitter_;
  Fields fields_;
  std::string time_;
};

}  // namespace tidemark
