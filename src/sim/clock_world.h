// A world of clocks: the product's live feed and machine, in a market whose machine or server shows a wrong time.
//
//     world's time ─┬─▶ stream, history      a bar comes when its minute is over
//                   ├─▶ steady clock         since the machine was switched on
//                   ├─▶ wall clock           jumps forward and back, for a while or for good, or is wrong from the start
//                   └─▶ server's Date        lies, is silent, or of another century
//
// One of the two lies, never both. Promises: no bar is late because of a clock, none is rejected; time goes on; the finals are those
// of a world whose clocks are right.
#pragma once

#include <cstdint>

#include "sim/world.h"

namespace tidemark::sim {

// Counts its lies and bars in the outcome.
WorldOutcome run_clock_world(std::uint64_t seed, const Trace& trace);

}  // namespace tidemark::sim
