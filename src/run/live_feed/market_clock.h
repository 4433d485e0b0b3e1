// The market's clock of a server of one's own, whose market runs at another time and speed than the world's.
#pragma once

#include <cmath>
#include <optional>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

// What such a clock shows in an answer.
struct ShownTime {
  EventTime market{};
  double speed = 1;  // market seconds a second
};

// What a server says of its market's clock: nothing where it has none, Error::permanent where it cannot be read.
struct ServerClock {
  std::optional<Result<ShownTime>> shown;
};

class MarketClock {
 public:
  MarketClock() = default;  // shows what the wall shows
  // It was asked when the wall showed `asked`, and answered when it showed `wall`. Here the wall is any clock that goes steadily.
  MarketClock(const ShownTime& shown, EventTime asked, EventTime wall)
      : wall_(wall),
        market_(shown.market),
        speed_(shown.speed),
        unsure_(std::llround(static_cast<double>((wall - asked).count()) * shown.speed)) {}

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
