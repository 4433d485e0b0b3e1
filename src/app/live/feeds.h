// The feed that a run was asked for.
#pragma once

#include <memory>

#include "app/config/run_options.h"
#include "core/result.h"
#include "io/observe/metrics.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

// `names` are for a feed whose symbols can be chosen. Clock, journal and metrics outlive it. Error::setup: an address that is none.
// Nothing for the feed none.
Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& names, const Clock& clock,
                                        Journal& journal, Metrics& metrics);

// Whether the files of a replay are there, before anything is made for it; "-" is standard input. Error::setup names the file that cannot be read.
Result<void> check_replayed_files(const RunOptions& options);

// Bars of one symbol come from one feed: a log that has those of another one is refused.
Result<void> check_feed_is_of_log(const RunOptions& options, Log& log);

// Journals the end of a feed that has come to its end, with what it brought; says nothing of any other.
void tell_if_ended(const FeedStatus& feed, Journal& journal);

}  // namespace tidemark
