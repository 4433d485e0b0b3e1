#include "core/indicator/traded.h"

#include "core/check.h"
#include "core/number/rounding.h"

namespace tidemark {
namespace {

// Three times the price of a bar, in 1e-9 dollars.
Int128 price_thirds(const BarValues& bar) {
  if (bar.vwap.has_value()) return static_cast<Int128>(bar.vwap.value().nanos) * 3;
  return static_cast<Int128>(bar.high.nanos) + bar.low.nanos + bar.close.nanos;
}

bool is_narrow(const UInt256& value) { return value.high == 0 && (value.low >> 126) == 0; }

}  // namespace

void Traded::add(const BarValues& bar) {
  const Int128 thirds = price_thirds(bar);
  const auto volume = static_cast<UInt128>(bar.volume.nanos);
  UInt256& sum = thirds < 0 ? below_zero_ : above_zero_;
  sum = sum + multiply(magnitude(thirds), volume);
  volume_ += volume;
}

void Traded::add(const Traded& other) {
  above_zero_ = above_zero_ + other.above_zero_;
  below_zero_ = below_zero_ + other.below_zero_;
  volume_ += other.volume_;
}

std::optional<Int128> Traded::average(std::int64_t unit) const {
  if (volume_ == 0) return std::nullopt;
  const bool negative = above_zero_ < below_zero_;
  const UInt256 size = negative ? below_zero_ - above_zero_ : above_zero_ - below_zero_;
  const UInt256 by = multiply(volume_, static_cast<UInt128>(unit) * 3);
  Int128 count = 0;
  if (is_narrow(size) && is_narrow(by)) {  // nearly always
    count = divide_rounded(static_cast<Int128>(size.low), static_cast<Int128>(by.low));
  } else {
    const UInt256 quotient = divide(size.shifted_left(1) + by, by.shifted_left(1));  // ⌊x/d + 1/2⌋
    CHECK(quotient.high == 0 && (quotient.low >> 64) == 0);                          // an average of prices
    count = static_cast<Int128>(quotient.low);
  }
  return (negative ? -count : count) * unit;
}

}  // namespace tidemark
