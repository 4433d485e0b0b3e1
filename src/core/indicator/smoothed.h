// An average that begins as the mean of its first values, and later weighs in each value by `weight` of `parts`:
// an EMA of n with 2 of n + 1, Wilder's average of n with 1 of n (contract/semantics.md §8.4, §8.5, §8.6, §8.8).
#pragma once

#include <cstdint>

#include "core/number/integer.h"
#include "core/number/rounding.h"

namespace tidemark {

// Values and averages are whole numbers of 1e-18, below 2^94.
template <int first, int weight, int parts>
class Smoothed {
 public:
  bool is_ready() const { return count_ == first; }
  Int128 value() const { return value_; }  // if it is ready

  void push(Int128 value) {
    if (is_ready()) {
      value_ = divide_rounded(weight * value + (parts - weight) * value_, parts);
      return;
    }
    value_ += value;  // a sum until it is ready
    if (++count_ == first) value_ = divide_rounded(value_, first);
  }

 private:
  Int128 value_ = 0;
  std::int32_t count_ = 0;
};

template <int length>
using Ema = Smoothed<length, 2, length + 1>;
template <int length>
using Wilder = Smoothed<length, 1, length>;

}  // namespace tidemark
