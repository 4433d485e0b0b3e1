// What the doctor finds of Alpaca: whether the keys are good, what the plan gives, whether stream and history answer.
#pragma once

#include <vector>

#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/data_dir/check.h"

namespace tidemark {

extern const FeedSpec alpaca_feed;

// Nothing where nobody means Alpaca. Connects to its servers; to the stream only while no run uses the one connection.
std::vector<Check> examine_alpaca(const RunOptions& options);

}  // namespace tidemark
