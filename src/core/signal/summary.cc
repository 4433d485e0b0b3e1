#include "core/signal/summary.h"

#include <algorithm>

#include "core/check.h"
#include "core/number/places.h"
#include "core/number/root.h"
#include "core/number/rounding.h"
#include "core/signal/judge.h"

namespace tidemark {
namespace {

constexpr std::int64_t unit4 = unit_of_place(4);
constexpr std::int64_t units4_per_one = 10'000;

// n·Σx² − (Σx)² ≥ 0, in 1e-18 dollars².
UInt256 spread(std::int64_t count, Int128 sum, const Sum192& square_sum) {
  const UInt256 squares{square_sum.low(), static_cast<UInt128>(square_sum.high())};  // closes are positive
  const UInt128 size = magnitude(sum);
  return multiply(squares, static_cast<UInt128>(count)) - multiply(size, size);
}

// N / D rounded half away from zero. The quotient must fit in 127 bits.
Int128 divide_rounded(const UInt256& dividend, const UInt256& divisor) {
  const UInt256 quotient = divide(dividend.shifted_left(1) + divisor, divisor.shifted_left(1));
  CHECK(quotient.high == 0 && (quotient.low >> 127) == 0);
  return static_cast<Int128>(quotient.low);
}

// In 256 bits, for sums that do not fit in 128.
Int128 wide_vwap_deviation(const Sums& sums, UInt128 scale) {
  const UInt256 closes = multiply(magnitude(sums.close_sum), static_cast<UInt128>(sums.vwap_count));
  const UInt256 vwaps = multiply(magnitude(sums.vwap_sum), static_cast<UInt128>(sums.bar_count));
  if (sums.vwap_sum < 0) return -divide_rounded(multiply(closes + vwaps, scale), vwaps);
  if (closes >= vwaps) return divide_rounded(multiply(closes - vwaps, scale), vwaps);
  return -divide_rounded(multiply(vwaps - closes, scale), vwaps);
}

}  // namespace

Int128 rounded_mean(Int128 sum, std::int64_t count, std::int64_t unit) {
  const auto narrow = static_cast<std::uint64_t>(sum);
  if (narrow == static_cast<UInt128>(sum) && count < (1 << 30)) {  // nearly always: machine words hold all
    const auto by = static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(unit);
    std::uint64_t quotient = narrow / by;
    const std::uint64_t remainder = narrow % by;
    if (remainder >= by - remainder) ++quotient;
    return static_cast<Int128>(quotient) * unit;
  }
  return divide_rounded(sum, static_cast<Int128>(count) * unit) * unit;
}

Int128 rounded_deviation(std::int64_t count, Int128 sum, const Sum192& square_sum, std::int64_t unit) {
  const UInt128 pairs = static_cast<UInt128>(count) * static_cast<UInt128>(count - 1);
  return rounded_root(spread(count, sum, square_sum), pairs, unit);
}

std::optional<Int128> rounded_vwap_deviation(const Sums& sums) {
  constexpr std::int64_t scale = 100 * units4_per_one;
  if (sums.vwap_sum == 0) return std::nullopt;
  if (sums.vwap_count == sums.bar_count && sums.vwap_sum > 0) {  // nearly always every bar has a vwap
    const Int128 away = sums.close_sum - sums.vwap_sum;
    const auto narrow = static_cast<std::int64_t>(away);
    constexpr std::int64_t most = std::int64_t{1} << 43;  // times the scale, it fits in a machine word
    if (narrow == away && narrow < most && narrow > -most)
      return divide_rounded(static_cast<Int128>(narrow * scale), sums.vwap_sum);
  }
  const bool narrow = ((magnitude(sums.close_sum) | magnitude(sums.vwap_sum)) >> 80) == 0 && sums.bar_count < (1 << 20);
  if (!narrow) return wide_vwap_deviation(sums, scale);
  const Int128 vwaps = sums.vwap_sum * sums.bar_count, closes = sums.close_sum * sums.vwap_count;
  const Int128 scaled = (closes - vwaps) * scale;
  return vwaps > 0 ? divide_rounded(scaled, vwaps) : divide_rounded(-scaled, -vwaps);
}

void summarize(const WindowState& state, TrendStatus status, Trend& trend) {
  const Sums& sums = state.sums;
  const std::int64_t n = sums.bar_count;
  CHECK(n > 0);
  trend.symbol = state.symbol.text();
  trend.window = state.window;
  trend.price_places = sums.price_places;
  trend.volume_places = sums.volume_places;
  const std::int64_t price_unit = unit_of_place(sums.price_places);
  trend.avg_close = rounded_mean(sums.close_sum, n, price_unit);
  trend.max_close = sums.close_max;
  trend.min_close = sums.close_min;
  trend.price_range = static_cast<Int128>(sums.close_max) - sums.close_min;
  trend.avg_volume = rounded_mean(sums.volume_sum, n, unit_of_place(sums.volume_places));
  trend.volatility.reset();
  if (n > 1) trend.volatility = rounded_deviation(n, sums.close_sum, sums.close_square_sum, price_unit);
  trend.avg_vwap.reset();
  if (sums.vwap_count > 0) trend.avg_vwap = rounded_mean(sums.vwap_sum, sums.vwap_count, price_unit);
  trend.avg_pct_change = divide_rounded(sums.pct_change_sum, static_cast<Int128>(n) * unit4);
  trend.buy_pressure =
      static_cast<std::int64_t>(divide_rounded(static_cast<Int128>(sums.up_count) * units4_per_one, n));
  trend.bar_count = n;
  trend.vwap_deviation_pct = rounded_vwap_deviation(sums);
  trend.signal = judge(sums.close_sum - static_cast<Int128>(sums.close_min) * n, trend.price_range * n);
  trend.status = status;
  trend.revision = sums.revision;
  trend.feed = state.feed;
}

void summarize_by_contract_1(const WindowState& state, Trend& trend) {
  const Sums& sums = state.sums;
  const std::int64_t n = sums.bar_count;
  trend = Trend{};
  trend.symbol = state.symbol.text();
  trend.window = state.window;
  trend.avg_close = rounded_mean(sums.close_sum, n, unit4);
  trend.max_close = rounded_mean(sums.close_max, 1, unit4);
  trend.min_close = rounded_mean(sums.close_min, 1, unit4);
  trend.avg_volume = rounded_mean(sums.volume_sum, n, unit_of_place(0));
  if (n > 1) trend.volatility = rounded_deviation(n, sums.close_sum, sums.close_square_sum, unit4);
  trend.avg_pct_change = divide_rounded(sums.pct_change_sum, static_cast<Int128>(n) * unit4);
  trend.buy_pressure =
      static_cast<std::int64_t>(divide_rounded(static_cast<Int128>(sums.up_count) * units4_per_one, n));
  trend.bar_count = n;
  trend.feed = state.feed;
}

bool can_be_avg_vwap_of_contract_1(const Sums& sums, std::optional<Int128> avg_vwap) {
  if (!avg_vwap) return sums.vwap_count == 0;
  for (std::int64_t count = std::max<std::int64_t>(sums.vwap_count, 1); count <= sums.bar_count; ++count)
    if (rounded_mean(sums.vwap_sum, count, unit4) == *avg_vwap) return true;
  return false;
}

}  // namespace tidemark
