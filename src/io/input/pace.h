// Pace: how market time runs against the wall, at so many market seconds per wall second.
//
//     market  ──┬────────┬────────┬──▶        due at  wall begin + (market − market begin) / speed
//     wall    ──┴───┴───┴─────────▶
#pragma once

#include <chrono>
#include <optional>

#include "core/time/time.h"

namespace tidemark {

// What happens when the wall is far ahead: the machine slept, or the log was slow.
enum class Lag { CatchUp, Forget };

class Pace {
 public:
  // No speed: everything is due at once.
  Pace(std::optional<double> speed, Lag lag) : speed_(speed), lag_(lag) {}

  void begin(EventTime market, EventTime wall) {
    market_ = newest_ = market;
    wall_ = last_wall_ = wall;
  }

  // What lies before the beginning, or before what was due already, is due at once: a late bar holds nobody up. With Lag::Forget
  // what is later than ten seconds of the wall begins anew.
  // A wall clock that is set back does not hold up the market.
  bool is_due(EventTime market, EventTime wall) {
    if (wall < last_wall_) wall_ -= last_wall_ - wall;
    last_wall_ = wall;
    if (!speed_ || market <= newest_) return true;
    const std::chrono::duration<double, std::nano> wait =
        std::chrono::duration<double, std::nano>(market - market_) / *speed_;
    const std::chrono::duration<double, std::nano> waited = wall - wall_;
    if (waited < wait) return false;
    newest_ = market;
    if (lag_ == Lag::Forget && waited - wait > std::chrono::seconds(10)) begin(market, wall);
    return true;
  }

 private:
  std::optional<double> speed_;
  Lag lag_;
  EventTime market_{}, wall_{};
  EventTime newest_{};     // that was due
  EventTime last_wall_{};  // when it was asked last
};

}  // namespace tidemark
