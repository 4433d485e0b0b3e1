// The lake as SQL: the statements that give DuckDB the views and then deny it everything else.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace tidemark {

// Statements, in order: the views over this folder, then settings that nothing can undo. A table without files is an
// empty view with its columns. Error::setup if there is no such folder.
Result<std::vector<std::string>> lake_statements(const std::string& lake);

}  // namespace tidemark
