// A copy of the log as it is at one moment, while its owner goes on writing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"

namespace tidemark {

// Told how many bytes are done, and of how many; false ends it with an error.
using LogCopyWatch = std::function<bool(std::uint64_t done, std::uint64_t all)>;

// A row that is not what was written is an error: a copy of it would be no backup.
// Both are paths of a log.db; `to` is not there yet. The copy is durable and one single file: no WAL belongs to it.
// A log of another version than this program writes is refused.
Result<void> copy_log(const std::string& from, const std::string& to, const LogCopyWatch& watch);

}  // namespace tidemark
