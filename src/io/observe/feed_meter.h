// The counts of a live feed as metrics: tidemark_SOURCE_stream_lost_total …
#pragma once

#include <memory>
#include <string_view>

#include "io/observe/metrics.h"
#include "run/live_feed/feed_counts.h"

namespace tidemark {

// `source`: in the metrics' names, "alpaca"; `vendor`: in their help, "Alpaca". `metrics` outlives it.
std::unique_ptr<FeedMeter> make_feed_meter(std::string_view source, std::string_view vendor, Metrics& metrics);

}  // namespace tidemark
