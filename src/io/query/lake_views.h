// The lake as SQL: what a DuckDB is told before the first question, so that it has the views and nothing else.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace tidemark {

// Statements, in order: the views over this folder, then the locks that nothing can open again. A table
// without a file yet is an empty view with its columns. Error::setup if there is no such folder.
Result<std::vector<std::string>> lake_statements(const std::string& lake);

}  // namespace tidemark
