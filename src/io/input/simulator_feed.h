// The simulator as a feed: two hours of the past at once, then a market that lives at `speed`.
//
// A minute is its bars in the order of the symbols, then a heartbeat at its end. A restart goes on from the cursor:
// at speed 1 it brings the minutes missed meanwhile, at any other speed market time simply continues. A minute has the
// symbols that were wanted when it was begun, also when it is finished by another process: the cursor carries them.
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
  std::vector<SimulatedSymbol> symbols = default_simulated_symbols();  // no name twice
  std::uint64_t seed = 1;
  std::optional<double> speed = 60.0;        // market seconds per wall second, > 0; none: as fast as it goes
  Duration history = std::chrono::hours(2);  // laid down at once when there is no cursor; whole minutes
};

// The clock must outlive the feed.
std::unique_ptr<Feed> make_simulator_feed(SimulatorFeedOptions options, const Clock& clock);

}  // namespace tidemark
