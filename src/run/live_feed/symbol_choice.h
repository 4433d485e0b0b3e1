// Symbols chosen while a feed runs: what a change makes of the list, and the list as a file holds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

using SymbolList = std::vector<std::string>;  // each once, in the order in which a feed brings them

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

// Add puts the new ones behind the others, Remove keeps their order, Set takes the list as it is, Reset what was `set_up`.
// Error::setup: a name that is none (contract/semantics.md, 2) or is said twice; nothing would be left, or too much.
Result<ChangedSymbols> change_symbols(const SymbolList& current, const SymbolList& set_up, const SymbolChange& change);

// One name a line. Read back: Error::permanent names the line that is wrong.
std::string write_symbols(const SymbolList& symbols);
Result<SymbolList> read_symbols(std::string_view text);

// For people: all of a few, the first of many.
std::string shown_symbols(const SymbolList& symbols);

}  // namespace tidemark
