// The feed stdin: JSON lines as they come.
#include <chrono>

#include "app/config/feed_spec.h"
#include "io/input/stdin_feed.h"

namespace tidemark {
namespace {

Result<std::unique_ptr<Feed>> make(const RunOptions& options, const SymbolList& /*symbols*/, const FeedNeeds& needs) {
  return make_stdin_feed({.transcribe = options.transcribe}, needs.clock);
}

}  // namespace

// Replays and the simulator have clocks of their own, and a live feed's heartbeats are a limit themselves.
extern const FeedSpec stdin_feed{
    .name = "stdin", .help = "standard input", .max_ahead = std::chrono::hours(1), .make = make};

}  // namespace tidemark
