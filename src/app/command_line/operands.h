// Operands: what stands behind a verb without a dash, where it is more than a list of files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

// Behind `symbols`: nothing, list, reset, or what is done and to which; names with commas or spaces between them. None: the
// list is asked for.
Result<std::optional<SymbolChange>> read_symbol_change(const std::vector<std::string>& words);

// The one folder of a verb that has one; what is wrong with the words otherwise.
std::optional<Error> take_folder(const std::vector<std::string>& words, std::filesystem::path& folder);

}  // namespace tidemark
