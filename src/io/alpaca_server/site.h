// AlpacaSite: what every connection of the server shares. Used on one thread.
#pragma once

#include <cstdint>

#include "io/alpaca_server/api_keys.h"
#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/rest_api.h"
#include "io/alpaca_server/stream_hub.h"
#include "io/alpaca_server/tape_clock.h"
#include "run/interfaces/journal.h"

namespace tidemark {

struct AlpacaSite {
  const ApiKeys& keys;
  Faults& faults;
  const TapeClock& clock;
  RestApi& rest;
  StreamHub& hub;
  StreamLimits limits;
  Journal& journal;
  std::uint64_t streams = 0;  // stream connections so far
  std::uint64_t calls = 0;
  std::size_t connections = 0;  // open connections of any kind

  EventTime market_now() const { return clock.at(TapeClock::Wall::now()); }
};

}  // namespace tidemark
