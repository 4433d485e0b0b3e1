// The report of the verb hive, for eyes and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "app/upkeep/hive.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr std::size_t most_named = 5;  // days of one kind

void append_days(std::string_view what, const std::vector<std::string>& days, std::string& out) {
  if (days.empty()) return;
  out += fmt::format("    {} {}: ", days.size() == 1 ? "1 partition" : fmt::format("{} partitions", days.size()), what);
  for (std::size_t i = 0; i < std::min(days.size(), most_named); ++i)
    out += fmt::format("{}dt={}", i == 0 ? "" : ", ", days[i]);
  out += days.size() > most_named ? fmt::format(" … dt={}\n", days.back()) : "\n";
}

std::string names_of(const std::vector<CatalogColumn>& columns) {
  std::string names;
  for (const CatalogColumn& column : columns)
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", column.name, column.type);
  return names;
}

void append_texts(std::string_view name, std::span<const std::string> texts, std::string& out) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":[)", name);
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    append_json_string(text, out);
  }
  out += ']';
}

void append_table(const TableReport& table, std::string& out) {
  out += R"({"table":)";
  append_json_string(table.wanted.database + '.' + table.wanted.name, out);
  out += R"(,"location":)";
  append_json_string(table.wanted.location, out);
  fmt::format_to(std::back_inserter(out), R"(,"right":{},"exists":{},"drift":)", table.is_right(), !table.is_missing);
  if (table.difference.drift)
    append_json_string(*table.difference.drift, out);
  else
    out += "null";
  std::vector<std::string> columns;
  for (const CatalogColumn& column : table.difference.missing) columns.push_back(column.name);
  append_texts("missing_columns", columns, out);
  fmt::format_to(std::back_inserter(out), R"(,"partitions":{})", table.known.size());
  append_texts("missing_partitions", table.missing, out);
  append_texts("superfluous_partitions", table.superfluous, out);
  append_texts("partitions_elsewhere", table.elsewhere, out);
  out += '}';
}

}  // namespace

std::string hive_report_for_eyes(const std::vector<TableReport>& tables) {
  std::string out;
  for (const TableReport& table : tables) {
    out += fmt::format("{}.{} at {}: ", table.wanted.database, table.wanted.name, table.wanted.location);
    if (table.difference.drift) {
      out += fmt::format("refused\n    {}\n", *table.difference.drift);
      continue;
    }
    out += table.is_missing   ? "missing\n"
           : table.is_right() ? fmt::format("as the lake is, {} partitions\n", table.known.size())
                              : fmt::format("differs, {} partitions\n", table.known.size());
    if (!table.difference.missing.empty())
      out += fmt::format("    columns that it lacks: {}\n", names_of(table.difference.missing));
    append_days("missing", table.missing, out);
    append_days("without a folder in the lake", table.superfluous, out);
    append_days("that lie elsewhere", table.elsewhere, out);
  }
  return out;
}

std::string hive_report_as_json(const std::vector<TableReport>& tables) {
  std::string out = fmt::format(R"({{"right":{},"tables":[)", std::ranges::all_of(tables, &TableReport::is_right));
  for (const TableReport& table : tables) {
    if (out.back() != '[') out += ',';
    append_table(table, out);
  }
  return out + "]}\n";
}

}  // namespace tidemark
