// A data directory whose log is gone: the lake holds rows that a log has published, but log.db is missing.
#pragma once

#include <filesystem>
#include <optional>

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

// The error with its cure if the log is gone, else none. A lake that only imports have filled never had a log.
Result<std::optional<Error>> gone_log(const Lake& lake, const std::filesystem::path& data);

}  // namespace tidemark
