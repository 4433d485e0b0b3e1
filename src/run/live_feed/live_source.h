// LiveSource: what a live feed must know of its vendor, beside its stream and its history.
#pragma once

#include <string>

#include "core/time/time.h"
#include "run/live_feed/market_calendar.h"

namespace tidemark {

struct LiveSource {
  std::string name;                          // "alpaca": of the feed, and before the events of its journal
  std::string series;                        // "iex": the feed's cursor is "alpaca/iex"
  std::string plan;                          // what it gives, for people: "IEX, one exchange"
  const MarketCalendar* calendar = nullptr;  // when its market trades
  Duration lag{};                            // so much later than they are its bars come
  bool has_history = true;                   // else what its stream misses stays missing
  bool has_own_clock = false;                // the server is one of our own, and says how its market runs
  std::string backfill;  // the command that brings older bars, without its dates; empty: there is none
};

}  // namespace tidemark
