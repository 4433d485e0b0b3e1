// Checks that a lake belongs to a log: the log must know of every published row.
#pragma once

#include <string>

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/log.h"

namespace tidemark {

// A log that is older than the lake, because it comes from another backup or its WAL has lost durable commits, would
// publish the same rows again under other names. The error names both, in `data`, and the cure.
Result<void> check_lake_is_of_log(const Lake& lake, Log& log, const std::string& data);

}  // namespace tidemark
