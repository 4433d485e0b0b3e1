// A clock that counts since the machine booted, also during sleep. It cannot be set, so it measures time while the wall
// clock jumps.
#pragma once

#include <ctime>

#include "run/interfaces/clock.h"

namespace tidemark {

class BootClock : public Clock {
 public:
  EventTime now() const override {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return EventTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }
};

}  // namespace tidemark
