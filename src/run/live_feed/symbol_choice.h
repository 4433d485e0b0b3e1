// Choosing symbols while a feed runs: applies a change to the list, and writes and reads the list as a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

using SymbolList = std::vector<std::string>;  // no duplicates, in the order in which a feed uses them

struct SymbolChange {
  enum class Kind : std::uint8_t { Add, Remove, Set, Reset };

  Kind kind = Kind::Add;
  SymbolList names;
};
std::string_view to_string(SymbolChange::Kind kind);  // "add" …

struct ChangedSymbols {
  SymbolList symbols;
  std::vector<std::string> told;  // a sentence for each name that changed nothing
};

inline constexpr std::size_t most_chosen_symbols = 1'000'000;

// Add appends the new ones, Remove keeps the order, Set takes the list as it is, Reset restores `set_up`. Error::setup:
// a name that is no symbol (contract/semantics.md, 2) or a duplicate; the result would be empty or too large.
Result<ChangedSymbols> change_symbols(const SymbolList& current, const SymbolList& set_up, const SymbolChange& change);

// One name a line. read_symbols: Error::permanent names the line that is wrong.
std::string write_symbols(const SymbolList& symbols);
Result<SymbolList> read_symbols(std::string_view text);

// For messages: all of a few, the first of many.
std::string shown_symbols(const SymbolList& symbols);

}  // namespace tidemark
