// The wall clock of a simulated computer.
#pragma once

#include "run/interfaces/clock.h"

namespace tidemark::sim {

class SimClock final : public Clock {
 public:
  explicit SimClock(EventTime time) : time_(time) {}
  EventTime now() const override { return time_; }
  void advance(Duration by) { time_ += by; }  // may be negative: somebody has set it

 private:
  EventTime time_;
};

}  // namespace tidemark::sim
