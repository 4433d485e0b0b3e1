// A computer that can be killed, cut from power, and filled up: its storage, the fate over it, and its wall clock.
#pragma once

#include <cstdint>

#include "run/clock.h"
#include "sim/fate.h"
#include "sim/storage.h"

namespace tidemark::sim {

class SimClock final : public Clock {
 public:
  explicit SimClock(EventTime time) : time_(time) {}
  EventTime now() const override { return time_; }
  void advance(Duration by) { time_ += by; }  // may be negative: somebody has set it

 private:
  EventTime time_;
};

struct Computer {
  Computer(std::uint64_t seed, const Hostility& hostility, EventTime now) : fate(seed, hostility), clock(now) {}

  Storage storage;
  Fate fate;
  SimClock clock;
  EventTime log_is_busy_until{};  // a person's shell holds the log's write lock
};

}  // namespace tidemark::sim
