// A data directory whose log is gone: its lake holds what a log has published, and no log.db is there.
#pragma once

#include <filesystem>
#include <optional>

#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

// The sentence with the cure, if it is so. A lake that only imports have filled never had a log.
Result<std::optional<Error>> gone_log(const Lake& lake, const std::filesystem::path& data);

}  // namespace tidemark
