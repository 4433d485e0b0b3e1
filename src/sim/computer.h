// A computer that can be killed, cut from power, and filled up: its storage, the fate over it, and its wall clock.
#pragma once

#include <cstdint>

#include "sim/fate.h"
#include "sim/sim_clock.h"
#include "sim/storage.h"

namespace tidemark::sim {

struct Computer {
  Computer(std::uint64_t seed, const Hostility& hostility, EventTime now) : clock(now), fate(seed, hostility, clock) {}

  Storage storage;
  SimClock clock;
  Fate fate;
  EventTime log_is_busy_until{};  // a person's shell holds the log's write lock
};

}  // namespace tidemark::sim
