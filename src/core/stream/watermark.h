// The watermark: how far event time has certainly come.
//
//     events    o  o   o o     o
//     ──────────┼──────┼───────┼────────▶ event time
//            watermark └ delay ┘ largest seen
//
// watermark = largest event time seen − delay (contract/semantics.md §3.2). It never moves back by itself; only a control
// record lowers it.
#pragma once

#include <algorithm>
#include <optional>

#include "core/time/time.h"
#include "core/time/time_limits.h"

namespace tidemark {

// Whether a watermark may be lowered to this time (§3.2).
constexpr bool can_lower_to(EventTime time) { return is_in_years(time); }

class Watermark {
 public:
  explicit constexpr Watermark(Duration delay) : delay_(delay) {}

  // Learns of an event. Early and repeated times are harmless.
  constexpr void observe(EventTime time) { largest_ = largest_ ? std::max(*largest_, time) : time; }

  // Moves the watermark back to `to` where it is above; says whether it was.
  constexpr bool lower(EventTime to) {
    if (!largest_ || *largest_ - delay_ <= to) return false;
    largest_ = to + delay_;
    return true;
  }

  // The largest event time seen, or what a lowering left of it; none before the first.
  constexpr std::optional<EventTime> largest_seen() const { return largest_; }

  // None is below every time.
  constexpr std::optional<EventTime> time() const {
    if (!largest_) return std::nullopt;
    return *largest_ - delay_;
  }

 private:
  Duration delay_;
  std::optional<EventTime> largest_;
};

}  // namespace tidemark
