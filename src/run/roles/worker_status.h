// How a worker's machine is doing, as text that goes with its commits: for the page, which is another process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "run/interfaces/live.h"

namespace tidemark {

// A line for each thing that is known: "accepted=17". Trends are not in it.
std::string write_vitals(const LiveBatch& state);
// Nothing when it is no such text. Names that are not known are skipped: a newer worker may say more.
std::optional<LiveBatch> parse_vitals(std::string_view text);

}  // namespace tidemark
