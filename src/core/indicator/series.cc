#include "core/indicator/series.h"

#include <algorithm>

#include "core/number/places.h"
#include "core/number/root.h"
#include "core/number/rounding.h"

namespace tidemark {
namespace {

constexpr Int128 fine = 1'000'000'000;         // of 1e-18 in 1e-9
constexpr std::int64_t fast_begins_at = 14;    // so that both averages of MACD are ready at step 25
constexpr std::int64_t most_numbered = 2'000;  // steps; what lies further back has no weight (§8.11)
constexpr std::int64_t whole_rsi = 1'000'000;  // 100 in 1e-4

constexpr std::int64_t distance(Price a, std::int64_t b) { return a.nanos > b ? a.nanos - b : b - a.nanos; }

// 1e-18 → 1e-9, a whole number of units.
Int128 rounded_fine(Int128 value, std::int64_t unit) { return divide_rounded(value, fine * unit) * unit; }
Int128 rounded_mean_of(Int128 sum, std::int64_t count, std::int64_t unit) {
  return divide_rounded(sum, static_cast<Int128>(count) * unit) * unit;
}

}  // namespace

void IndicatorSeries::push(const Step& step, AnchorRuler& ruler) {
  push_averages(step);
  push_close(step.close.nanos);
  const EventTime anchor =
      step.days_are_utc ? floor_to(step.start, std::chrono::days(1)) : ruler.anchor_of(step.start);
  if (anchor != anchor_ || steps_ == 1) traded_ = {};
  anchor_ = anchor;
  traded_.add(step.traded);
}

void IndicatorSeries::push_close(std::int64_t close) {
  if (steps_ >= long_length) long_sum_ -= close_before(long_length - 1);
  if (steps_ >= short_length) {
    const std::int64_t gone = close_before(short_length - 1);
    short_sum_ -= gone;
    short_square_sum_.subtract(static_cast<Int128>(gone) * gone);
  }
  long_sum_ += close;
  short_sum_ += close;
  short_square_sum_.add(static_cast<Int128>(close) * close);
  ++steps_;
  closes_[static_cast<std::size_t>((steps_ - 1) % long_length)] = close;
}

void IndicatorSeries::push_averages(const Step& step) {
  const Int128 close = step.close.nanos * fine;
  if (steps_ > 0) {
    const std::int64_t before = close_before(0), move = step.close.nanos - before;
    gain_.push(std::max<std::int64_t>(move, 0) * fine);
    loss_.push(std::max<std::int64_t>(-move, 0) * fine);
    range_.push(std::max({step.high.nanos - step.low.nanos, distance(step.high, before), distance(step.low, before)}) *
                fine);
  }
  ema_.push(close);
  slow_.push(close);
  if (steps_ >= fast_begins_at) fast_.push(close);
  if (slow_.is_ready()) signal_.push(fast_.value() - slow_.value());
}

Indicators IndicatorSeries::rounded(int price_places) const {
  Indicators indicators;
  if (steps_ == 0) return indicators;
  const std::int64_t unit = unit_of_place(price_places);
  indicators.step = std::min(steps_ - 1, most_numbered);
  indicators.last_close = divide_rounded(static_cast<Int128>(close_before(0)), unit) * unit;
  if (steps_ >= long_length) {
    indicators.sma_50 = rounded_mean_of(long_sum_, long_length, unit);
    indicators.trend_confirmation = confirmation();
  }
  if (steps_ >= short_length) round_bollinger(unit, indicators);
  round_averages(unit, indicators);
  indicators.session_vwap = traded_.average(unit);
  return indicators;
}

void IndicatorSeries::round_averages(std::int64_t unit, Indicators& indicators) const {
  if (ema_.is_ready()) indicators.ema_20 = rounded_fine(ema_.value(), unit);
  if (gain_.is_ready()) {
    const Int128 both = gain_.value() + loss_.value();
    indicators.rsi_14 =
        both == 0 ? whole_rsi / 2 : static_cast<std::int64_t>(divide_rounded(gain_.value() * whole_rsi, both));
    indicators.atr_14 = rounded_fine(range_.value(), unit);
  }
  if (signal_.is_ready()) {
    const Int128 macd = fast_.value() - slow_.value();
    indicators.macd = rounded_fine(macd, unit);
    indicators.macd_signal = rounded_fine(signal_.value(), unit);
    indicators.macd_histogram = rounded_fine(macd - signal_.value(), unit);
  }
}

// Two standard deviations, each rounded to 1e-9, around the mean: (Σx ± 40·s) / 20.
void IndicatorSeries::round_bollinger(std::int64_t unit, Indicators& indicators) const {
  constexpr auto n = static_cast<UInt128>(short_length);
  const UInt256 squares{short_square_sum_.low(), static_cast<UInt128>(short_square_sum_.high())};
  const UInt128 sum = magnitude(short_sum_);
  const Int128 deviation = rounded_root(multiply(squares, n) - multiply(sum, sum), n * n, 1);
  const Int128 width = 2 * short_length * deviation;
  indicators.bollinger_upper = rounded_mean_of(short_sum_ + width, short_length, unit);
  indicators.bollinger_middle = rounded_mean_of(short_sum_, short_length, unit);
  indicators.bollinger_lower = rounded_mean_of(short_sum_ - width, short_length, unit);
}

Confirmation IndicatorSeries::confirmation() const {
  const Int128 sma = long_sum_ * fine;  // times 50, like both others
  const Int128 ema = ema_.value() * long_length, close = close_before(0) * fine * long_length;
  if (ema > sma && close > ema) return Confirmation::Up;
  if (ema < sma && close < ema) return Confirmation::Down;
  return Confirmation::Mixed;
}

}  // namespace tidemark
