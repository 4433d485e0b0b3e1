// Bars as a live source brings them: each a record of alpaca_trends, with what the feed must know of it.
#pragma once

#include "core/time/time.h"
#include "run/interfaces/log.h"

namespace tidemark {

// What is no good bar becomes a record all the same: the machine judges, and its bytes land in the dead letters.
struct FetchedBar {
  EventTime time{};  // its minute; of what is no bar: that of the one before it
  Record record;     // key: its symbol
  bool is_bar = false;
};

struct StreamBar {
  FetchedBar bar;
  bool is_update = false;  // a minute that came before, with trades that were late
};

}  // namespace tidemark
