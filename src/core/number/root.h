// The square root of an exact quotient, rounded once, half away from zero: a standard deviation.
#pragma once

#include <cstdint>

#include "core/number/integer.h"

namespace tidemark {

// √(total / divisor), rounded to a whole number of `unit`s. divisor > 0; the root is below 2^63.
Int128 rounded_root(const UInt256& total, UInt128 divisor, std::int64_t unit);

}  // namespace tidemark
