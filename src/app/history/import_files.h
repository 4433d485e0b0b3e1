// The files that an import's operands name: a folder stands for all that is in it; and what folders of Hive say by
// their names.
//
//     bars/symbol=AAPL/dt=2024-01-02/part-0.parquet     the symbol is AAPL; dt and others say nothing
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

// Files of a folder in the order of their paths. What is called .something or _something is not of the data (_SUCCESS).
Result<std::vector<std::string>> files_of(const std::vector<std::string>& operands);

// Of the innermost folder `symbol=…` or `ticker=…`, with %2F read as the slash that it stands for.
std::optional<std::string> symbol_of_folders(std::string_view path);

}  // namespace tidemark
