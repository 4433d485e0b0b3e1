// TapeClock: maps wall-clock time to market time, which may run faster or slower.
#pragma once

#include <chrono>
#include <cmath>

#include "core/time/time.h"

namespace tidemark {

class TapeClock {
 public:
  using Wall = std::chrono::steady_clock;

  // The market is at `start` when the wall clock is at `wall`, and passes `speed` seconds per wall-clock second.
  TapeClock(EventTime start, double speed, Wall::time_point wall) : start_(start), speed_(speed), wall_(wall) {}

  double speed() const { return speed_; }
  EventTime start() const { return start_; }

  EventTime at(Wall::time_point wall) const {
    const std::chrono::duration<double, std::nano> gone = wall - wall_;
    return start_ + Duration(std::llround(gone.count() * speed_));
  }

  // The wall-clock time at which the market reaches `time`.
  Wall::time_point wall_of(EventTime time) const {
    const double gone = static_cast<double>((time - start_).count()) / speed_;
    return wall_ + std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(gone)));
  }

 private:
  EventTime start_;
  double speed_;
  Wall::time_point wall_;
};

}  // namespace tidemark
