#include "core/number/root.h"

#include <cmath>

namespace tidemark {
namespace {

double as_double(const UInt256& value) {
  return std::ldexp(static_cast<double>(value.high), 128) + static_cast<double>(value.low);
}

// √(total / divisor) in units, off by a few at most. A double alone would be off by thousands near 2^63, so one step of
// Newton's method from the exact remainder follows there.
std::uint64_t guess_root(const UInt256& total, UInt128 divisor, std::int64_t unit) {
  constexpr std::uint64_t doubles_suffice = std::uint64_t{1} << 48;
  const double by = static_cast<double>(divisor) * static_cast<double>(unit) * static_cast<double>(unit);
  const auto guess = static_cast<std::uint64_t>(std::sqrt(as_double(total) / by) + 0.5);
  if (guess < doubles_suffice) return guess;
  const UInt128 unit_square = static_cast<UInt128>(unit) * static_cast<UInt128>(unit);
  const UInt256 square = multiply(multiply(static_cast<UInt128>(guess) * guess, divisor), unit_square);
  const double left = square <= total ? as_double(total - square) : -as_double(square - total);
  const double step = left / (2 * static_cast<double>(guess) * by);
  return guess + static_cast<std::uint64_t>(std::llround(step));  // a step down wraps around to where it should be
}

}  // namespace

// The answer is the largest r with (2r − 1)²·divisor·unit² ≤ 4·total: √(total / divisor) then lies in [r − ½, r + ½)
// units, and a tie rounds up. A double guesses r, and integers verify it.
Int128 rounded_root(const UInt256& total, UInt128 divisor, std::int64_t unit) {
  if (total == UInt256{}) return 0;
  const UInt128 unit_square = static_cast<UInt128>(unit) * static_cast<UInt128>(unit);
  const UInt256 fourfold = total.shifted_left(2);
  // Nearly always 128 bits hold both sides, also for the candidates next to the answer.
  const bool narrow = fourfold.high == 0 && (fourfold.low >> 120) == 0 && (divisor >> 40) == 0;
  const UInt128 weight = divisor * unit_square;  // where it is narrow
  const auto reaches = [&](std::uint64_t candidate) {
    const UInt128 odd = static_cast<UInt128>(candidate) * 2 - 1;
    if (narrow) return odd * odd * weight <= fourfold.low;
    return multiply(multiply(odd * odd, divisor), unit_square) <= fourfold;
  };
  std::uint64_t r = guess_root(total, divisor, unit);
  while (r > 0 && !reaches(r)) --r;
  while (reaches(r + 1)) ++r;
  return static_cast<Int128>(r) * unit;
}

}  // namespace tidemark
