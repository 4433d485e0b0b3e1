// The signal: where the exact average is between the lowest and the highest close
// (contract/semantics.md §4.5).
#pragma once

#include "core/market/trend.h"
#include "core/number/integer.h"

namespace tidemark {

// `rise` = Σclose − n·min and `range` = n·(max − min), exact and in the same unit: n times the distance of the average
// above the lowest close, and n times the range. Above 60 % of the range BULLISH, below 40 % BEARISH. On the borders,
// and without a range, NEUTRAL.
constexpr Signal judge(Int128 rise, Int128 range) {
  if (rise * 10 > range * 6) return Signal::Bullish;
  if (rise * 10 < range * 4) return Signal::Bearish;
  return Signal::Neutral;
}

}  // namespace tidemark
