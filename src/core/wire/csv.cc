#include "core/wire/csv.h"

#include <algorithm>

namespace tidemark {
namespace {

std::string_view trimmed(std::string_view text, char separator) {
  const auto is_space = [separator](char c) { return c == ' ' || (c == '\t' && separator != '\t'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool CsvSplitter::split(std::string_view row, char separator) {
  cells_.clear();
  unquoted_.clear();
  unquoted_.reserve(row.size());  // keeps views into it valid
  while (true) {
    const std::size_t begin = separator == '\t' ? 0 : row.find_first_not_of(" \t");
    if (begin != row.npos && begin < row.size() && row[begin] == '"') {
      row.remove_prefix(begin);
      if (!take_quoted(row, separator)) return false;
    } else {
      const std::size_t end = std::min(row.size(), row.find(separator));
      cells_.push_back(trimmed(row.substr(0, end), separator));
      row.remove_prefix(end);
    }
    if (row.empty()) return true;
    row.remove_prefix(1);
  }
}

// From a quote to the separator after the closing quote; "" stands for one quote.
bool CsvSplitter::take_quoted(std::string_view& rest, char separator) {
  rest.remove_prefix(1);
  std::size_t end = rest.find('"');
  if (end == rest.npos) return false;
  if (rest.substr(end, 2) != "\"\"") {
    cells_.push_back(rest.substr(0, end));
  } else {
    const std::size_t begin = unquoted_.size();
    while (rest.substr(end, 2) == "\"\"") {
      unquoted_ += rest.substr(0, end + 1);
      rest.remove_prefix(end + 2);
      end = rest.find('"');
      if (end == rest.npos) return false;
    }
    unquoted_ += rest.substr(0, end);
    cells_.push_back(std::string_view(unquoted_).substr(begin));
  }
  rest.remove_prefix(end + 1);
  const std::size_t behind = std::min(rest.size(), rest.find(separator));
  if (!trimmed(rest.substr(0, behind), separator).empty()) return false;
  rest.remove_prefix(behind);
  return true;
}

std::string_view CsvReader::cell(std::size_t column) const { return splitter_.cells()[column]; }

void CsvReader::set_time(const CsvTable& table, const TableColumn& column) {
  FieldValue& value = fields_[FieldName::Timestamp];
  std::string_view text = column.column ? cell(*column.column) : std::string_view(column.value);
  if (column.second) {
    time_.assign(text).append(1, ' ').append(cell(*column.second));
    text = time_;
  }
  const auto time = parse_table_time(text, table.time);
  value.kind = time ? ValueKind::Time : ValueKind::String;
  value.text = {};  // a string that is no time
  value.again = {};
  value.is_naive = false;
  if (!time) return;
  value.time = time->time;
  value.again = time->again;
  value.is_naive = time->is_naive;
}

// Empty cells do not count: some vendors end a row, but not the header, with a separator.
bool CsvReader::has_more_than(std::size_t width) const {
  const auto& cells = splitter_.cells();
  return cells.size() > width && std::ranges::any_of(cells.begin() + static_cast<std::ptrdiff_t>(width), cells.end(),
                                                     [](std::string_view cell) { return !cell.empty(); });
}

void CsvReader::decode(std::string_view row, const CsvTable& table, Decoded& into) {
  if (row.size() > max_record_bytes) {
    into = Reject{Reason::TooLong, {}};
    return;
  }
  if (!splitter_.split(row, table.separator) || has_more_than(table.width)) {
    into = Reject{Reason::BadRow, {}};
    return;
  }
  fields_.clear();
  const auto is_there = [&](std::optional<std::size_t> column) {
    return !column || *column < splitter_.cells().size();
  };
  for (const TableColumn& column : table.columns) {
    if (!is_there(column.column) || !is_there(column.second)) continue;
    const std::string_view text = column.column ? cell(*column.column) : std::string_view(column.value);
    FieldValue& value = fields_[column.field];
    const bool is_empty = (text.empty() && column.column) || (column.second && cell(*column.second).empty());
    if (is_empty)
      value.kind = ValueKind::Null;
    else if (column.field == FieldName::Timestamp)
      set_time(table, column);
    else
      set_text_field(column.field, text, table.numbers, value);
  }
  judge_bar(fields_, into);
}

}  // namespace tidemark
