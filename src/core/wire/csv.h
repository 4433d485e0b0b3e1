// Rows of CSV (RFC 4180) as bars: one bar per row, its cells separated by comma, semicolon, tab or vertical bar.
//
// Space around an unquoted cell is ignored, and an empty cell is null. A row is one line, so a quoted cell with a line
// end in it makes a bad row.
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

// The cells of one row. Cells with doubled quotes are stored in the splitter until the next row.
class CsvSplitter {
 public:
  // False if quotes do not match.
  bool split(std::string_view row, char separator);
  const std::vector<std::string_view>& cells() const { return cells_; }

 private:
  bool take_quoted(std::string_view& rest, char separator);

  std::vector<std::string_view> cells_;
  std::string unquoted_;
};

// What all rows of a file have in common (made by core/wire/csv_head.h).
struct CsvTable {
  char separator = ',';
  std::size_t width = 0;  // cells of a row; a row may have fewer, or additional empty ones
  std::vector<TableColumn> columns;
  TimeForm time;
  NumberForm numbers;
};

class CsvReader {
 public:
  // A bar, or the reason why the row is none. Views are valid until the next row.
  void decode(std::string_view row, const CsvTable& table, Decoded& into);
  // The time of the row.
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
