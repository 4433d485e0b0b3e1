// Standard input as a feed: JSON lines as they come, plain or gzip; its end is the end of the input.
//
// Standard input cannot be read twice: what a killed process had read and not made durable is lost with it, and
// a restart begins with what comes then. Who needs more replays a file.
#pragma once

#include <memory>

#include "run/clock.h"
#include "run/feed.h"

namespace tidemark {

struct StdinFeedOptions {
  int descriptor = 0;
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_stdin_feed(StdinFeedOptions options, const Clock& clock);

}  // namespace tidemark
