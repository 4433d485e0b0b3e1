// The feed of a run: whether it goes with the log, and what is told when it ends. Which feeds there are: app/config/feed_spec.h.
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

// Nothing for the feed none. `symbols` are for a feed whose symbols can be chosen. Error::setup: an address that is none.
Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& symbols, const FeedNeeds& needs);

// Whether the feed's input is there, before anything is made for it. Error::setup.
Result<void> check_feed_input(const RunOptions& options);

// Bars of one symbol come from one feed: a log that has those of another one is refused.
Result<void> check_feed_is_of_log(const RunOptions& options, Log& log);

// Journals the end of a feed that has come to its end, with what it brought; says nothing of any other.
void tell_if_ended(const FeedStatus& feed, Journal& journal);

}  // namespace tidemark
