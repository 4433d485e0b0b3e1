#include "run/live_feed/symbol_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/check.h"
#include "core/enum_names.h"
#include "core/market/limits.h"

namespace tidemark {
namespace {

using Names = std::set<std::string_view>;

constexpr std::size_t most_shown = 20;

// Why this is no valid list of symbols; empty if it is one. Empty lists are checked elsewhere.
std::optional<std::string> fault_in(const SymbolList& names) {
  Names seen;
  for (const std::string& name : names) {
    if (!is_symbol_name(name))
      return fmt::format("\"{}\" is no symbol: {} of ASCII without a space", name, symbol_rule);
    if (!seen.insert(name).second) return fmt::format("{} is given twice", name);
  }
  return std::nullopt;
}

ChangedSymbols with(const SymbolList& current, const SymbolList& names) {
  const Names there(current.begin(), current.end());
  ChangedSymbols changed{.symbols = current, .told = {}};
  for (const std::string& name : names) {
    if (there.contains(name))
      changed.told.push_back(fmt::format("{} was among the symbols already", name));
    else
      changed.symbols.push_back(name);
  }
  return changed;
}

ChangedSymbols without(const SymbolList& current, const SymbolList& names) {
  const Names there(current.begin(), current.end()), gone(names.begin(), names.end());
  ChangedSymbols changed;
  for (const std::string& name : current)
    if (!gone.contains(name)) changed.symbols.push_back(name);
  for (const std::string& name : names)
    if (!there.contains(name)) changed.told.push_back(fmt::format("{} was not among the symbols", name));
  return changed;
}

ChangedSymbols apply(const SymbolList& current, const SymbolList& set_up, const SymbolChange& change) {
  switch (change.kind) {
    case SymbolChange::Kind::Add:
      return with(current, change.names);
    case SymbolChange::Kind::Remove:
      return without(current, change.names);
    case SymbolChange::Kind::Set:
      return {.symbols = change.names, .told = {}};
    case SymbolChange::Kind::Reset:
      return {.symbols = set_up, .told = {}};
  }
  CHECK(!"a change without a kind");
}

}  // namespace

constexpr EnumNames<SymbolChange::Kind, 4> change_names{"add", "remove", "set", "reset"};

std::string_view to_string(SymbolChange::Kind kind) { return change_names[kind]; }

Result<ChangedSymbols> change_symbols(const SymbolList& current, const SymbolList& set_up, const SymbolChange& change) {
  const auto refused = [](std::string sentence) { return std::unexpected(Error::setup(std::move(sentence))); };
  if (change.kind != SymbolChange::Kind::Reset) {
    if (change.names.empty()) return refused("name at least one symbol");
    if (const auto fault = fault_in(change.names)) return refused(*fault);
  }
  ChangedSymbols changed = apply(current, set_up, change);
  if (changed.symbols.empty()) return refused("no symbol would be left; end the run instead");
  if (changed.symbols.size() > most_chosen_symbols)
    return refused(
        fmt::format("{} symbols are more than the {} that may be chosen", changed.symbols.size(), most_chosen_symbols));
  return changed;
}

std::string write_symbols(const SymbolList& symbols) { return fmt::format("{}\n", fmt::join(symbols, "\n")); }

Result<SymbolList> read_symbols(std::string_view text) {
  const auto damaged = [](std::string sentence) { return std::unexpected(Error::permanent(std::move(sentence))); };
  SymbolList symbols;
  Names seen;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return damaged("its last line has no end");
    const std::string_view name = text.substr(0, end);
    if (!is_symbol_name(name)) return damaged(fmt::format("line {} is no symbol", line));
    if (!seen.insert(name).second) return damaged(fmt::format("line {} says {} again", line, name));
    symbols.emplace_back(name);
    text.remove_prefix(end + 1);
  }
  if (symbols.empty()) return damaged("it names no symbol");
  return symbols;
}

std::string shown_symbols(const SymbolList& symbols) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(symbols.size(), most_shown));
  std::string text = fmt::format("{}", fmt::join(symbols.begin(), symbols.begin() + shown, ", "));
  if (symbols.size() > most_shown) text += fmt::format(" and {} more", symbols.size() - most_shown);
  return text;
}

}  // namespace tidemark
