// The lake as SQL: the statements that give DuckDB the views and then deny it everything else.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "io/query/query.h"

namespace tidemark {

// Statements, in order: the views over the folder, of the days that are asked for, then settings that nothing can undo. A table without files is an
// empty view with its columns. Error::setup if there is no such folder.
Result<std::vector<std::string>> lake_statements(const LakeQueryOptions& options);

}  // namespace tidemark
