// The watermark: how far event time has certainly come.
//
//     events    o  o   o o     o
//     ──────────┼──────┼───────┼────────▶ event time
//            watermark └ delay ┘ largest seen
//
// watermark = largest event time seen − delay (contract/semantics.md §3.2); it never moves backwards.
#pragma once

#include <algorithm>
#include <optional>

#include "core/time/time.h"

namespace tidemark {

class Watermark {
 public:
  explicit constexpr Watermark(Duration delay) : delay_(delay) {}

  // Learns of an event. Early and repeated times are harmless.
  constexpr void observe(EventTime time) { largest_ = largest_ ? std::max(*largest_, time) : time; }

  // The largest event time seen; none before the first.
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
