// Standard input as a feed: bars as they arrive, plain, gzip or Zstandard; its end is the end of the input. Foreign
// formats are passed on as transcribed (contract/semantics.md §7.6).
//
// Standard input cannot be read twice: what a killed process had read but not made durable is lost, and a restart
// begins with what arrives then. Use a replay of a file if that matters.
#pragma once

#include <memory>

#include "core/transcribe/bar_format.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"

namespace tidemark {

struct StdinFeedOptions {
  int descriptor = 0;
  TranscribeOptions transcribe{.format = BarFormat::Auto};
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_stdin_feed(StdinFeedOptions options, const Clock& clock);

}  // namespace tidemark
