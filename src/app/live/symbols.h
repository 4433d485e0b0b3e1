// The verb symbols: shows or changes the symbols of the feed, in the running instance at once, else for the next start.
#pragma once

#include <optional>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

struct SymbolsVerbOptions {
  std::optional<SymbolChange> change;  // none: only list the symbols
  bool json = false;
  RunOptions run;  // the run whose symbols they are: data directory, feed and settings
};

using SymbolsRequest = Configured<SymbolsVerbOptions>;

}  // namespace tidemark
