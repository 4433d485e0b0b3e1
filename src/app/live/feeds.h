// Makes the feed of a run.
#pragma once

#include <memory>

#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "core/result.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

// Null for the feed none. `symbols` are for a feed whose symbols can be chosen. Error::setup for an invalid address.
Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& symbols, const FeedNeeds& needs);

// Checks that the feed's input can be read, before anything is created for it. Error::setup names what is unreadable.
Result<void> check_feed_input(const RunOptions& options);

// Refuses a log with bars of another feed, because bars of one symbol come from one feed.
Result<void> check_feed_is_of_log(const RunOptions& options, Log& log);

// Journals the end of a feed with what it has brought, if the feed has ended.
void tell_if_ended(const FeedStatus& feed, Journal& journal);

}  // namespace tidemark
