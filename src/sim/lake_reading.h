// The lake's files read back with Parquet's own reader: every row as text.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "sim/storage.h"

namespace tidemark::sim {

// The rows of all files of a table ("stock_trends", "bars"), sorted: the day of the folder, then "column=value" for each
// column. Whatever else lies there is an error: nothing may be left over.
Result<std::vector<std::string>> read_lake(const Storage& storage, const std::string& lake, const std::string& table);

}  // namespace tidemark::sim
