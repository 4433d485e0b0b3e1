// Wide integers, for the exact sums of windows.
//
// Int128 is the compiler's. Sum192 and the 256-bit comparisons exist because n·Σx² of large prices
// does not fit in 128 bits (contract/semantics.md, numbers).
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

namespace tidemark {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

constexpr UInt128 magnitude(Int128 value) {
  return value < 0 ? UInt128(0) - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

// A signed sum of Int128 values in 192 bits, two's complement: exact for any count that fits in memory.
class Sum192 {
 public:
  constexpr Sum192() = default;
  constexpr explicit Sum192(Int128 value) : low_(static_cast<UInt128>(value)), high_(value < 0 ? -1 : 0) {}

  constexpr void add(Int128 value) { add(Sum192(value)); }
  constexpr void add(const Sum192& other) {
    const UInt128 before = low_;
    low_ += other.low_;
    high_ += other.high_ + (low_ < before ? 1 : 0);
  }

  constexpr void subtract(Int128 value) {
    const Sum192 other(value);
    const bool borrow = low_ < other.low_;
    low_ -= other.low_;
    high_ -= other.high_ + (borrow ? 1 : 0);
  }

  constexpr bool fits_int128() const { return high_ == ((low_ >> 127) != 0 ? -1 : 0); }
  constexpr Int128 as_int128() const { return static_cast<Int128>(low_); }
  constexpr bool is_negative() const { return high_ < 0; }
  constexpr UInt128 low() const { return low_; }
  constexpr std::int64_t high() const { return high_; }

  friend constexpr bool operator==(const Sum192&, const Sum192&) = default;

 private:
  UInt128 low_ = 0;
  std::int64_t high_ = 0;
};

// An unsigned 256-bit integer with what the variance needs: product, difference, comparison, halving.
struct UInt256 {
  UInt128 low = 0;
  UInt128 high = 0;

  friend constexpr bool operator==(const UInt256&, const UInt256&) = default;
  friend constexpr std::strong_ordering operator<=>(const UInt256& a, const UInt256& b) {
    if (a.high != b.high) return a.high < b.high ? std::strong_ordering::less : std::strong_ordering::greater;
    if (a.low != b.low) return a.low < b.low ? std::strong_ordering::less : std::strong_ordering::greater;
    return std::strong_ordering::equal;
  }
  friend constexpr UInt256 operator+(const UInt256& a, const UInt256& b) {
    UInt256 sum{a.low + b.low, a.high + b.high};
    if (sum.low < a.low) ++sum.high;
    return sum;
  }
  friend constexpr UInt256 operator-(const UInt256& a, const UInt256& b) {
    UInt256 difference{a.low - b.low, a.high - b.high};
    if (a.low < b.low) --difference.high;
    return difference;
  }
  constexpr UInt256 shifted_left(unsigned bits) const {  // 0 <= bits < 128
    if (bits == 0) return *this;
    return {low << bits, (high << bits) | (low >> (128 - bits))};
  }
  constexpr bool bit(unsigned index) const {
    return index < 128 ? ((low >> index) & 1) != 0 : ((high >> (index - 128)) & 1) != 0;
  }
};

// The whole product of two 128-bit numbers.
constexpr UInt256 multiply(UInt128 a, UInt128 b) {
  const UInt128 mask = ~std::uint64_t{0};
  const UInt128 al = a & mask, ah = a >> 64, bl = b & mask, bh = b >> 64;
  const UInt128 ll = al * bl, lh = al * bh, hl = ah * bl, hh = ah * bh;
  const UInt128 middle = (ll >> 64) + (lh & mask) + (hl & mask);
  return {(ll & mask) | (middle << 64), hh + (lh >> 64) + (hl >> 64) + (middle >> 64)};
}

// The low 256 bits of a·b. The caller knows that the product fits.
constexpr UInt256 multiply(const UInt256& a, UInt128 b) {
  UInt256 product = multiply(a.low, b);
  product.high += a.high * b;
  return product;
}

// ⌊dividend / divisor⌋ by long division, one bit per step: for the rare sums beyond 128 bits.
constexpr UInt256 divide(const UInt256& dividend, const UInt256& divisor) {
  UInt256 quotient, remainder;
  for (unsigned index = 256; index-- > 0;) {
    remainder = remainder.shifted_left(1);
    if (dividend.bit(index)) remainder.low |= 1;
    if (remainder < divisor) continue;
    remainder = remainder - divisor;
    if (index < 128)
      quotient.low |= UInt128{1} << index;
    else
      quotient.high |= UInt128{1} << (index - 128);
  }
  return quotient;
}

}  // namespace tidemark
