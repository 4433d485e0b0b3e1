// A log as another process than its owner sees it: each answer is of the moment in which it is given.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "run/interfaces/log.h"

namespace tidemark {

// What would write is refused. The tables of this version must be there.
Result<std::unique_ptr<Log>> open_read_only_log(const std::string& path, const ConnectionOptions& options);

}  // namespace tidemark
