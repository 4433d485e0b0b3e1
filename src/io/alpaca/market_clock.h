// The market's clock of a server of one's own, whose market runs at another time and speed than the world's.
#pragma once

#include <cmath>
#include <string_view>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

class MarketClock {
 public:
  MarketClock() = default;  // shows what the wall shows
  // By what GET /v2/clock answered when the wall showed `wall`: {"timestamp":"…","speed":60}, where speed may be missing. It was
  // asked when the wall showed `asked`. Here the wall is any clock that goes steadily. A time outside the years 2000 to 2099 is none.
  static Result<MarketClock> read(std::string_view json, EventTime asked, EventTime wall);

  EventTime at(EventTime wall) const {
    if (speed_ == 1.0) return market_ + (wall - wall_);
    return market_ + Duration(std::llround(static_cast<double>((wall - wall_).count()) * speed_));
  }
  double speed() const { return speed_; }  // market seconds a second

  // What the server's clock shows at most: its answer was on its way for a while, in which a fast market goes far.
  EventTime latest(EventTime wall) const { return at(wall) + unsure_; }
  // It shows at least this. Says whether that was news.
  bool catch_up(EventTime market, EventTime wall) {
    const Duration behind = market - at(wall);
    if (behind <= Duration(0) || behind > unsure_) return false;
    market_ += behind;
    unsure_ -= behind;
    return true;
  }

 private:
  EventTime wall_{}, market_{};
  double speed_ = 1.0;
  Duration unsure_{};  // so much it may be behind
};

}  // namespace tidemark
