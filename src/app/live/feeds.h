// Makes the feed of a run.
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

// `names` are the symbols, for a feed whose symbols can be chosen. Clock, journal and metrics outlive it. Error::setup
// for an invalid address. Null for the feed none.
Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& names, const Clock& clock,
                                        Journal& journal, Metrics& metrics);

// Checks that the files of a replay can be read, before anything is created; "-" is standard input. Error::setup names
// the unreadable file.
Result<void> check_replayed_files(const RunOptions& options);

// Refuses a log with bars of another feed, because bars of one symbol come from one feed.
Result<void> check_feed_is_of_log(const RunOptions& options, Log& log);

// Journals the end of a feed with what it has brought, if the feed has ended.
void tell_if_ended(const FeedStatus& feed, Journal& journal);

}  // namespace tidemark
