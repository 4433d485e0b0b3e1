// Rounding half away from zero, the only rounding in the program (contract/semantics.md, trends).
#pragma once

#include <cstdint>

#include "core/check.h"
#include "core/number/integer.h"

namespace tidemark {

// dividend / divisor, rounded half away from zero. divisor > 0; 2·divisor fits.
constexpr Int128 divide_rounded(Int128 dividend, Int128 divisor) {
  CHECK(divisor > 0);
  const UInt128 size = magnitude(dividend);
  const UInt128 by = static_cast<UInt128>(divisor);
  UInt128 quotient = 0, remainder = 0;
  if ((size >> 64) == 0 && (by >> 64) == 0) {  // nearly always: one machine division
    quotient = static_cast<std::uint64_t>(size) / static_cast<std::uint64_t>(by);
    remainder = static_cast<std::uint64_t>(size) % static_cast<std::uint64_t>(by);
  } else {
    quotient = size / by;
    remainder = size % by;
  }
  if (remainder >= by - remainder) ++quotient;
  return static_cast<Int128>(dividend < 0 ? -quotient : quotient);  // as unsigned, the lowest number fits, too
}

// The same for a 192-bit sum. The quotient must fit in 127 bits.
constexpr Int128 divide_rounded(const Sum192& dividend, Int128 divisor) {
  if (dividend.fits_int128()) return divide_rounded(dividend.as_int128(), divisor);
  UInt256 size{dividend.low(), static_cast<UInt128>(static_cast<Int128>(dividend.high()))};
  if (dividend.is_negative()) size = UInt256{} - size;
  const UInt256 by{static_cast<UInt128>(divisor), 0};
  const UInt256 quotient = divide(size.shifted_left(1) + by, by.shifted_left(1));  // ⌊x/d + 1/2⌋
  CHECK(quotient.high == 0 && (quotient.low >> 127) == 0);
  return dividend.is_negative() ? -static_cast<Int128>(quotient.low) : static_cast<Int128>(quotient.low);
}

}  // namespace tidemark
