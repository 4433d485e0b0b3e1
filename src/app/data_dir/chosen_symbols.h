// Symbols that were chosen at run time: DIR/symbols, one name a line, which goes before the setting `symbols` until they
// are reset. Whoever writes it holds the directory's lock.
#pragma once

#include <filesystem>
#include <optional>

#include "app/config/run_options.h"
#include "core/result.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

inline constexpr const char* chosen_symbols_name = "symbols";

// None: nobody chose any. Error::setup names the file, the line that is wrong, and the cure.
Result<std::optional<SymbolList>> chosen_symbols(const std::filesystem::path& data);

// Durable when it returns; none forgets the choice.
Result<void> choose_symbols(const std::filesystem::path& data, const std::optional<SymbolList>& symbols);

// What the settings say.
SymbolList set_up_symbols(const RunOptions& options);

// Why a feed's symbols cannot be chosen; nothing for one whose can.
std::optional<Error> why_not_chosen(const FeedSpec& feed);

}  // namespace tidemark
