// Derived fields: computed where a bar's source did not give them (contract/semantics.md, bars).
//
//     price_change = close − open                  dollars, 4 places
//     pct_change   = (close − open) / open × 100   percent, 4 places, from the exact values
//     direction    = close against open
#pragma once

#include "core/market/bar.h"
#include "core/number/rounding.h"

namespace tidemark {

inline constexpr Int128 nanos_per_fourth_place = 100'000;  // 1e-4 in units of 1e-9

inline Decimal derive_price_change(const BarValues& bar) {
  const Int128 change = static_cast<Int128>(bar.close.nanos) - bar.open.nanos;
  return Decimal{divide_rounded(change, nanos_per_fourth_place) * nanos_per_fourth_place};
}

inline Decimal derive_pct_change(const BarValues& bar) {
  const Int128 change = static_cast<Int128>(bar.close.nanos) - bar.open.nanos;
  return Decimal{divide_rounded(change * 1'000'000, bar.open.nanos) * nanos_per_fourth_place};
}

inline Direction derive_direction(const BarValues& bar) {
  if (bar.close > bar.open) return Direction::Up;
  return bar.close < bar.open ? Direction::Down : Direction::Flat;
}

// All three, for sources that give prices only.
inline void derive(BarValues& bar) {
  bar.price_change = derive_price_change(bar);
  bar.pct_change = derive_pct_change(bar);
  bar.direction = derive_direction(bar);
}

}  // namespace tidemark
