// What was traded: Σ volume and Σ price·volume of bars, exact, for a volume-weighted average price
// (contract/semantics.md §8.1, §8.9).
#pragma once

#include <cstdint>
#include <optional>

#include "core/market/bar.h"
#include "core/number/integer.h"

namespace tidemark {

class Traded {
 public:
  // The price of a bar is its vwap, or (high + low + close) / 3 where that is missing.
  void add(const BarValues& bar);
  void add(const Traded& other);

  // The average price in 1e-9 dollars, rounded to a whole number of `unit`s; empty while nothing was traded.
  std::optional<Int128> average(std::int64_t unit) const;

 private:
  // Thirds of price·volume. A vwap may be negative, so both signs are summed up apart.
  UInt256 above_zero_, below_zero_;
  UInt128 volume_ = 0;  // 1e-9
};

}  // namespace tidemark
