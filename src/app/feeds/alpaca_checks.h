// The doctor's checks of Alpaca: whether the keys are valid, what the plan allows, and whether stream and history
// answer.
#pragma once

#include <vector>

#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

extern const FeedSpec alpaca_feed;

// No checks if Alpaca is not set up. Connects to its servers, and to the stream only while no run uses the one connection.
std::vector<Check> examine_alpaca(const RunOptions& options);

}  // namespace tidemark
