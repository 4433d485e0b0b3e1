// The kinds of table that tidemark.toml may hold several times, as data: [[NAME]] headings and their keys.
//
// A kind is one entry of run_tables() (settings.cc): its name, what it is for, and how its keys fill a row.
//
//     struct Watch { std::string symbol; Duration every{}; };
//     constexpr std::array watch_keys{
//         RowKey<Watch>{{"symbol", Kind::Value, "", "NAME", "", "whose bars"},
//                       [](Watch& watch, const Assignment& said) { return put_text(watch.symbol, said); }}, …};
//     RunTable{{"watch", "one sentence", specs_of<watch_keys>, required},
//              [](RunOptions& options, const TableEntry& entry) { return add_row(options.watches, watch_keys, entry); }}
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config/run_options.h"
#include "io/config/setting.h"

namespace tidemark {

template <typename Row>
struct RowKey {
  SettingSpec spec;
  // Fills the row with what was said, which has a text. Otherwise what the text must be.
  std::expected<void, std::string> (*take)(Row& row, const Assignment& said);
};

struct WrongKey {
  const Assignment* said = nullptr;
  std::string must_be;
};

struct RunTable {
  TableSpec spec;
  // Adds one table to the options.
  std::expected<void, WrongKey> (*take)(RunOptions& options, const TableEntry& entry);
};

std::span<const RunTable> run_tables();
// The same without what they mean.
std::vector<TableSpec> table_specs(std::span<const RunTable> tables);

// The specs of an array of RowKey.
template <const auto& keys>
inline constexpr auto specs_of = [] {
  std::array<SettingSpec, keys.size()> specs{};
  for (std::size_t i = 0; i < keys.size(); ++i) specs[i] = keys[i].spec;
  return specs;
}();

// A key that was not said and has no default leaves its member as it is in Row{}.
template <typename Row, std::size_t count>
std::expected<void, WrongKey> add_row(std::vector<Row>& rows, const std::array<RowKey<Row>, count>& keys,
                                      const TableEntry& entry) {
  Row row{};
  for (std::size_t i = 0; i < count; ++i) {
    const Assignment& said = entry.values[i];
    if (said.texts.empty()) continue;
    if (auto taken = keys[i].take(row, said); !taken) return std::unexpected(WrongKey{&said, std::move(taken).error()});
  }
  rows.push_back(std::move(row));
  return {};
}

}  // namespace tidemark
