// The clock that counts since this machine booted, asleep too. Nobody can set it, so it measures time while the wall's jumps.
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
