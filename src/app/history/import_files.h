// The files that the operands of an import name. A folder stands for all files in it, and Hive's folder names give the
// symbol.
//
//     bars/symbol=AAPL/dt=2024-01-02/part-0.parquet     the symbol is AAPL; dt and other keys are ignored
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

// Lists the files, those of a folder in the order of their paths. Names that begin with . or _ are no data (_SUCCESS).
Result<std::vector<std::string>> files_of(const std::vector<std::string>& operands);

// The symbol from the innermost folder `symbol=…` or `ticker=…`, with %2F decoded to a slash.
std::optional<std::string> symbol_of_folders(std::string_view path);

}  // namespace tidemark
