#include "io/alpaca_server/bar_sum.h"

#include <algorithm>

namespace tidemark {

void BarSum::add(const TapeBar& bar) {
  if (empty_) {
    bar_ = bar;
    bar_.volume = {};
  }
  empty_ = false;
  bar_.high = std::max(bar_.high, bar.high);
  bar_.low = std::min(bar_.low, bar.low);
  bar_.close = bar.close;
  bar_.volume.nanos += bar.volume.nanos;
  has_count_ = has_count_ && bar.trade_count.has_value();
  if (has_count_) trades_ += bar.trade_count.value();
  has_vwap_ = has_vwap_ && bar.vwap.has_value() && bar.vwap.value().nanos >= 0;
  if (has_vwap_)
    turnover_ =
        turnover_ + multiply(static_cast<UInt128>(bar.vwap.value().nanos), static_cast<UInt128>(bar.volume.nanos));
}

TapeBar BarSum::finish(EventTime start) const {
  constexpr UInt128 nanos_per_millionth = 1'000;
  TapeBar sum = bar_;
  sum.time = start;
  sum.trade_count = has_count_ ? OptionalCount(trades_) : OptionalCount();
  sum.vwap = {};
  if (has_vwap_ && sum.volume.nanos > 0) {
    // ⌊x/d + 1/2⌋ in millionths
    const UInt256 unit = multiply(static_cast<UInt128>(sum.volume.nanos), nanos_per_millionth);
    const UInt256 millionths = divide(turnover_.shifted_left(1) + unit, unit.shifted_left(1));
    sum.vwap = Price{static_cast<std::int64_t>(millionths.low * nanos_per_millionth)};
  }
  return sum;
}

}  // namespace tidemark
