// The feed that a run was asked for.
#pragma once

#include <memory>

#include "app/options.h"
#include "run/clock.h"
#include "run/feed.h"
#include "run/symbol_choice.h"

namespace tidemark {

// `names` are for a feed whose symbols can be chosen. The clock outlives it.
std::unique_ptr<Feed> make_feed(const RunOptions& options, const SymbolList& names, const Clock& clock);

}  // namespace tidemark
