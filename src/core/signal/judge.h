// The signal: where the average stands between the lowest and the highest close
// (contract/semantics.md §4.5).
#pragma once

#include <cstdint>

#include "core/market/trend.h"

namespace tidemark {

// `rise` = avg_close − min_close and `range` = max_close − min_close, in the same unit. In integers:
// above 60 % of the range BULLISH, below 40 % BEARISH, at the borders and without a range NEUTRAL.
constexpr Signal judge(std::int64_t rise, std::int64_t range) {
  const Int128 tenfold = static_cast<Int128>(rise) * 10;
  if (tenfold > static_cast<Int128>(range) * 6) return Signal::Bullish;
  if (tenfold < static_cast<Int128>(range) * 4) return Signal::Bearish;
  return Signal::Neutral;
}

}  // namespace tidemark
