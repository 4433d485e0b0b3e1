#include "core/signal/summary.h"

#include <cmath>

#include "core/check.h"
#include "core/number/rounding.h"
#include "core/signal/judge.h"

namespace tidemark {
namespace {

constexpr std::int64_t nanos_per_unit4 = 100'000;  // 1e-4 in units of 1e-9
constexpr std::int64_t units4_per_one = 10'000;

// n·Σx² − (Σx)² ≥ 0, in 1e-18 dollars².
UInt256 spread(std::int64_t count, Int128 sum, const Sum192& square_sum) {
  const UInt256 squares{square_sum.low(), static_cast<UInt128>(square_sum.high())};  // closes are positive
  const UInt128 size = magnitude(sum);
  return multiply(squares, static_cast<UInt128>(count)) - multiply(size, size);
}

double as_double(const UInt256& value) {
  return std::ldexp(static_cast<double>(value.high), 128) + static_cast<double>(value.low);
}

}  // namespace

std::int64_t rounded_mean(Int128 sum, std::int64_t count) {
  return static_cast<std::int64_t>(divide_rounded(sum, static_cast<Int128>(count) * nanos_per_unit4));
}

// The answer r, in units of 1e-4, is the largest with (2r − 1)²·n(n−1)·10^10 ≤ 4·spread: then √(spread / n(n−1)) lies in
// [r − ½, r + ½), and a tie goes up. A double guesses r, integers prove it; the guess is off by a few at the very most.
std::int64_t rounded_deviation(std::int64_t count, Int128 sum, const Sum192& square_sum) {
  const UInt256 total = spread(count, sum, square_sum);
  if (total == UInt256{}) return 0;
  const UInt128 pairs = static_cast<UInt128>(count) * static_cast<UInt128>(count - 1);
  const double guess = std::sqrt(as_double(total) / static_cast<double>(pairs)) / nanos_per_unit4;
  auto r = static_cast<std::uint64_t>(guess + 0.5);
  constexpr UInt128 unit_square = static_cast<UInt128>(nanos_per_unit4) * nanos_per_unit4;
  const UInt256 fourfold = total.shifted_left(2);
  // Nearly always 128 bits hold both sides, also for the candidates next to the answer.
  const bool narrow = fourfold.high == 0 && (fourfold.low >> 120) == 0 && count < (1 << 20);
  const auto reaches = [&](std::uint64_t candidate) {
    const UInt128 odd = static_cast<UInt128>(candidate) * 2 - 1;
    if (narrow) return odd * odd * (pairs * unit_square) <= fourfold.low;
    return multiply(multiply(odd * odd, pairs), unit_square) <= fourfold;
  };
  while (r > 0 && !reaches(r)) --r;
  while (reaches(r + 1)) ++r;
  return static_cast<std::int64_t>(r);
}

void summarize(const WindowState& state, TrendStatus status, Trend& trend) {
  const Sums& sums = state.sums;
  const std::int64_t n = sums.bar_count;
  CHECK(n > 0);
  trend.symbol = state.symbol.text();
  trend.window = state.window;
  trend.avg_close = rounded_mean(sums.close_sum, n);
  trend.max_close = rounded_mean(sums.close_max, 1);
  trend.min_close = rounded_mean(sums.close_min, 1);
  trend.avg_volume = static_cast<std::int64_t>(divide_rounded(sums.volume_sum, static_cast<Int128>(n) * 1'000'000'000));
  trend.volatility.reset();
  if (n > 1) trend.volatility = rounded_deviation(n, sums.close_sum, sums.close_square_sum);
  trend.avg_vwap.reset();
  if (sums.vwap_count > 0) trend.avg_vwap = rounded_mean(sums.vwap_sum, sums.vwap_count);
  trend.avg_pct_change = divide_rounded(sums.pct_change_sum, static_cast<Int128>(n) * nanos_per_unit4);
  trend.buy_pressure =
      static_cast<std::int64_t>(divide_rounded(static_cast<Int128>(sums.up_count) * units4_per_one, n));
  trend.bar_count = n;
  trend.price_range = trend.max_close - trend.min_close;
  trend.vwap_deviation_pct.reset();
  if (trend.avg_vwap && *trend.avg_vwap != 0) {
    const Int128 away = static_cast<Int128>(trend.avg_close) - *trend.avg_vwap;
    const Int128 scaled = away * 100 * units4_per_one;
    const Int128 by = *trend.avg_vwap;
    trend.vwap_deviation_pct = by > 0 ? divide_rounded(scaled, by) : divide_rounded(-scaled, -by);
  }
  trend.signal = judge(trend.avg_close - trend.min_close, trend.price_range);
  trend.status = status;
  trend.revision = sums.revision;
  trend.feed = state.feed;
}

}  // namespace tidemark
