// The simulator as a feed: two hours of history at once, then a market that runs at `speed`.
//
// A minute is its bars in the order of the symbols, then a heartbeat at its end. A restart continues from the cursor:
// at speed 1 it produces the minutes missed meanwhile; at any other speed market time simply continues. A minute has
// the symbols that were chosen when it began, even if another process finishes it: the cursor carries them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/simulator/simulator.h"
#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"

namespace tidemark {

struct SimulatorFeedOptions {
  std::vector<SimulatedSymbol> symbols = default_simulated_symbols();  // no duplicates
  std::uint64_t seed = 1;
  std::optional<double> speed = 60.0;        // market seconds per wall second, > 0; empty: as fast as possible
  Duration history = std::chrono::hours(2);  // generated at once if there is no cursor; whole minutes
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_simulator_feed(SimulatorFeedOptions options, const Clock& clock);

}  // namespace tidemark
