// The market's clock: that on the wall, or the one of a server whose market runs at another time and speed.
#pragma once

#include <cmath>
#include <string_view>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

class MarketClock {
 public:
  MarketClock() = default;  // the wall's
  // By what GET /v2/clock answered when the wall showed `wall`: {"timestamp":"…","speed":60}, where speed may be missing.
  static Result<MarketClock> read(std::string_view json, EventTime wall);

  EventTime at(EventTime wall) const {
    if (speed_ == 1.0) return market_ + (wall - wall_);
    return market_ + Duration(std::llround(static_cast<double>((wall - wall_).count()) * speed_));
  }
  double speed() const { return speed_; }  // market seconds a second

 private:
  EventTime wall_{}, market_{};
  double speed_ = 1.0;
};

}  // namespace tidemark
