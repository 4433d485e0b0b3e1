// The verb symbols: what the feed brings, and what it shall bring; of the instance that runs, at once, or of the next.
#pragma once

#include <optional>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

struct SymbolsVerbOptions {
  std::optional<SymbolChange> change;  // none: only say which they are
  bool json = false;
  RunOptions run;  // whose they are: its data directory, its feed and its settings
};

using SymbolsRequest = Configured<SymbolsVerbOptions>;

}  // namespace tidemark
