// Places: how many decimals a trend's prices and volume are written with (contract/semantics.md §4.2).
//
// The decimals of a number are the digits after its point without trailing zeros. Prices get two more than the finest
// close, at least 4 and at most 9, so that a reader can compute the signal again from the written row.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/number/integer.h"

namespace tidemark {

inline constexpr int most_places = 9;  // a unit is 1e-9
inline constexpr int least_price_places = 4;
inline constexpr int extra_price_places = 2;

inline constexpr std::array<std::int64_t, most_places + 1> units_of_places{
    1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

// The unit of the last of `places` decimals, in units of 1e-9: 4 → 100,000.
constexpr std::int64_t unit_of_place(int places) { return units_of_places[static_cast<std::size_t>(places)]; }

// How many decimals a number of units has.
constexpr int decimals_of(Int128 nanos) {
  int decimals = most_places;
  while (decimals > 0 && nanos % unit_of_place(decimals - 1) == 0) --decimals;
  return decimals;
}

// The places that a window needs for this close. Nearly every price is a whole number of cents.
constexpr int price_places_for(std::int64_t close_nanos) {
  if (close_nanos % unit_of_place(least_price_places - extra_price_places) == 0) return least_price_places;
  return std::min(decimals_of(close_nanos) + extra_price_places, most_places);
}

// The places that a window needs for this volume. Nearly every volume is whole.
constexpr int volume_places_for(Int128 volume_nanos) {
  const auto narrow = static_cast<std::int64_t>(volume_nanos);
  if (narrow == volume_nanos && narrow % unit_of_place(0) == 0) return 0;
  return decimals_of(volume_nanos);
}

}  // namespace tidemark
