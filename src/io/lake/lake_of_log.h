// Whether a lake belongs to a log: the log knows of every row that was published.
#pragma once

#include <string>

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"

namespace tidemark {

// A log that is older than the lake would publish the same rows once more under other names: one from another backup, or one
// whose WAL has lost commits that were durable. The error names both, in `data`, and the cure.
Result<void> check_lake_is_of_log(const Lake& lake, Log& log, const std::string& data);

}  // namespace tidemark
