// Checks of the metastore: whether it answers, and whether its tables are ours. Changes nothing.
#pragma once

#include <vector>

#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

// No checks if no metastore is named.
std::vector<Check> examine_hive(const RunOptions& options);

}  // namespace tidemark
