// Symbols chosen at run time: DIR/symbols, one name a line. The file overrides the setting `symbols` until it is reset.
// Only the holder of the directory's lock writes it.
#pragma once

#include <filesystem>
#include <optional>

#include "app/config/run_options.h"
#include "core/result.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

inline constexpr const char* chosen_symbols_name = "symbols";

// None if no symbols were chosen. Error::setup names the file, the wrong line and the cure.
Result<std::optional<SymbolList>> chosen_symbols(const std::filesystem::path& data);

// Durable when it returns. None removes the choice.
Result<void> choose_symbols(const std::filesystem::path& data, const std::optional<SymbolList>& symbols);

// The symbols that the settings name.
SymbolList set_up_symbols(const RunOptions& options);

// Why the symbols of a feed cannot be chosen; none if they can.
std::optional<Error> why_not_chosen(const FeedSpec& feed);

}  // namespace tidemark
