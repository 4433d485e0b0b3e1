#include "core/signal/ordinary_summary.h"

#include <cmath>

#include "core/check.h"
#include "core/signal/judge.h"
#include "core/signal/summary.h"

namespace tidemark {
namespace {

constexpr std::uint64_t unit_of_prices = 100'000, unit_of_volumes = 1'000'000'000;  // four places, and none
static_assert(unit_of_prices == static_cast<std::uint64_t>(unit_of_place(least_price_places)));
static_assert(unit_of_volumes == static_cast<std::uint64_t>(unit_of_place(0)));

// sum / divisor, rounded half up. The divisor is even, and the sum is far from overflow.
constexpr std::uint64_t divide_up(std::uint64_t sum, std::uint64_t divisor) { return (sum + divisor / 2) / divisor; }

// The same with divisors that the compiler knows, which it turns into multiplications.
template <std::uint64_t unit>
std::uint64_t mean_of_few(std::uint64_t sum, std::int32_t count) {
  switch (count) {
    case 1:
      return divide_up(sum, 1 * unit);
    case 2:
      return divide_up(sum, 2 * unit);
    case 3:
      return divide_up(sum, 3 * unit);
    case 4:
      return divide_up(sum, 4 * unit);
    case 5:
      return divide_up(sum, 5 * unit);
    default:
      return divide_up(sum, static_cast<std::uint64_t>(count) * unit);
  }
}

// sum / (count · unit), rounded half away from zero. Sums of ordinary bars are below 2^62.
std::int64_t mean(std::int64_t sum, std::int32_t count, std::uint64_t unit) {
  const auto size = static_cast<std::uint64_t>(sum < 0 ? -sum : sum);
  std::uint64_t quotient = 0;
  if (unit == unit_of_prices)
    quotient = mean_of_few<unit_of_prices>(size, count);
  else if (unit == unit_of_volumes)
    quotient = mean_of_few<unit_of_volumes>(size, count);
  else  // an odd divisor has no tie, so its half may be rounded down
    quotient = divide_up(size, static_cast<std::uint64_t>(count) * unit);
  return sum < 0 ? -static_cast<std::int64_t>(quotient) : static_cast<std::int64_t>(quotient);
}

// A double has the answer unless it is near a tie. Its error is below 1e-6: relative 4e-16 of at most 1e9. Integers
// decide the rest.
std::int64_t deviation(const OrdinarySums& sums, std::int64_t unit) {
  const auto count = static_cast<std::int64_t>(sums.bar_count);
  const auto spread =
      static_cast<UInt128>(sums.close_square_sum * count - static_cast<Int128>(sums.close_sum) * sums.close_sum);
  if (spread == 0) return 0;
  constexpr double largest = 1e9, margin = 1e-6;
  // Signed words: converting unsigned ones takes a branch.
  const auto high = static_cast<std::int64_t>(spread >> 63), low = static_cast<std::int64_t>(spread & INT64_MAX);
  const double size = static_cast<double>(high) * 0x1p63 + static_cast<double>(low);
  const double unit_square = static_cast<double>(unit) * static_cast<double>(unit);
  const double root = std::sqrt(size / (static_cast<double>(count * (count - 1)) * unit_square)) + 0.5;
  if (root < largest) {
    const auto rounded = static_cast<std::int64_t>(root);
    const double fraction = root - static_cast<double>(rounded);
    if (fraction > margin && fraction < 1 - margin) return rounded;
  }
  return static_cast<std::int64_t>(rounded_deviation(count, sums.close_sum, Sum192(sums.close_square_sum), unit) /
                                   unit);
}

// Where every bar has a vwap and the averages are near each other, 64 bits suffice.
std::optional<Int128> vwap_deviation(const OrdinarySums& sums) {
  constexpr std::int64_t scale = 1'000'000, most = std::int64_t{1} << 42;
  const std::int64_t away = sums.close_sum - sums.vwap_sum;
  if (sums.vwap_count != sums.bar_count || sums.vwap_sum <= 0 || away >= most || away <= -most)
    return rounded_vwap_deviation(sums.widened());
  const auto size = static_cast<std::uint64_t>((away < 0 ? -away : away) * scale);
  const auto by = static_cast<std::uint64_t>(sums.vwap_sum);
  const auto rounded = static_cast<std::int64_t>((size + by / 2) / by);  // an odd divisor has no tie
  return away < 0 ? -rounded : rounded;
}

}  // namespace

OrdinaryTrend summarize(const OrdinaryWindow& window) {
  const OrdinarySums& sums = window.sums;
  const std::int32_t n = sums.bar_count;
  CHECK(n > 0);
  const std::int64_t price_unit = unit_of_place(sums.price_places);
  const auto unit = static_cast<std::uint64_t>(price_unit);
  OrdinaryTrend trend;
  trend.symbol = window.symbol;
  trend.window = window.window;
  trend.price_places = sums.price_places;
  trend.volume_places = sums.volume_places;
  trend.avg_close = {mean(sums.close_sum, n, unit)};
  trend.max_close = {mean(sums.close_max, 1, unit)};
  trend.min_close = {mean(sums.close_min, 1, unit)};
  trend.price_range = {trend.max_close.count - trend.min_close.count};  // closes are whole numbers of the last place
  trend.avg_volume = {mean(sums.volume_sum, n, static_cast<std::uint64_t>(unit_of_place(sums.volume_places)))};
  if (n > 1) trend.volatility = LastPlaces{deviation(sums, price_unit)};
  if (sums.vwap_count > 0) trend.avg_vwap = LastPlaces{mean(sums.vwap_sum, sums.vwap_count, unit)};
  trend.avg_pct_change = mean(sums.pct_change_sum, n, unit_of_prices);
  trend.buy_pressure = (static_cast<std::int64_t>(sums.up_count) * 20'000 + n) / (2 * n);
  trend.bar_count = n;
  trend.vwap_deviation_pct = vwap_deviation(sums);
  trend.signal = judge(sums.close_sum - static_cast<Int128>(sums.close_min) * n,
                       static_cast<Int128>(sums.close_max - sums.close_min) * n);
  trend.revision = sums.revision;
  if (window.feed) trend.feed = *window.feed;
  return trend;
}

}  // namespace tidemark
