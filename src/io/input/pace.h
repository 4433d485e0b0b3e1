// Pace: maps market time to wall time, at a number of market seconds per wall second.
//
//     market  ──┬────────┬────────┬──▶        due at  wall begin + (market − market begin) / speed
//     wall    ──┴───┴───┴─────────▶
#pragma once

#include <chrono>
#include <optional>

#include "core/time/time.h"

namespace tidemark {

// What happens if the wall clock is far ahead, because the machine slept or the log was slow.
enum class Lag { CatchUp, Forget };

class Pace {
 public:
  // Without a speed, everything is due at once.
  Pace(std::optional<double> speed, Lag lag) : speed_(speed), lag_(lag) {}

  void begin(EventTime market, EventTime wall) {
    market_ = newest_ = market;
    wall_ = last_wall_ = wall;
  }

  // Times before the beginning, or before one that was already due, are due at once, so a late bar delays nothing. With
  // Lag::Forget, a time that is more than ten seconds of the wall overdue starts the pace again. Setting the wall clock
  // back does not delay the market.
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
  EventTime newest_{};     // the latest that was due
  EventTime last_wall_{};  // at the last call
};

}  // namespace tidemark
