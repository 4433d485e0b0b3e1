// The wall clock of this machine.
#pragma once

#include <chrono>

#include "core/time/time.h"
#include "run/interfaces/clock.h"

namespace tidemark {

class SystemClock : public Clock {
 public:
  EventTime now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
};

}  // namespace tidemark
