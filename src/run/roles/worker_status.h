// The status of a worker's machine as text, committed with its results, for the page in another process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "run/interfaces/live.h"

namespace tidemark {

// One line for each known value: "accepted=17". Trends are not included.
std::string write_worker_status(const LiveBatch& state);
// Empty if it is no such text. Unknown names are skipped, because a newer worker may write more.
std::optional<LiveBatch> parse_worker_status(std::string_view text);

}  // namespace tidemark
