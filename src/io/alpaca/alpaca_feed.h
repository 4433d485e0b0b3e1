// Alpaca's live bars as a feed without holes (run/live_feed/live_feed.h): what a live feed must know of Alpaca.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time/time.h"
#include "io/alpaca/account.h"
#include "io/observe/metrics.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/live_feed.h"

namespace tidemark {

struct AlpacaFeedOptions {
  AlpacaFeed feed = AlpacaFeed::Iex;
  std::vector<std::string> symbols;                 // at least one
  Duration retry_delay = std::chrono::seconds(10);  // before connecting again; doubled each time, with jitter
  std::optional<std::uint64_t> max_retries;         // in a row without a bar; none: for ever
  std::optional<std::uint32_t> jitter_seed;         // none: by chance
  bool has_own_clock = false;                       // the server is one of our own, and says how its market runs
};

// Calendar, plan and delay of one of Alpaca's feeds.
LiveSource alpaca_source(AlpacaFeed feed);

// The references, those of the clocks too, must outlive the feed.
std::unique_ptr<Feed> make_alpaca_feed(const AlpacaFeedOptions& options, std::unique_ptr<BarStream> stream,
                                       std::unique_ptr<HistorySlices> history, const FeedClocks& clocks,
                                       Journal& journal, Metrics& metrics);

// The name of its cursor in a log: "alpaca/iex".
std::string alpaca_feed_name(AlpacaFeed feed);

}  // namespace tidemark
