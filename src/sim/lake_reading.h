// The lake's files read back with Parquet's own reader: every row as text.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "io/lake/lake.h"
#include "sim/storage.h"

namespace tidemark::sim {

// The rows of all files of a table ("stock_trends", "bars"), sorted: the day of the folder, then "column=value" for each
// column. Whatever else lies there is an error: nothing may be left over.
Result<std::vector<std::string>> read_lake(const Storage& storage, const std::string& lake, const std::string& table);

// Those of one file, in its order.
Result<std::vector<std::string>> read_lake_file(const Lake& lake, LakeTable table, LakeDay day,
                                                const std::string& name);

}  // namespace tidemark::sim
