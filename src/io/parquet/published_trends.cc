#include "io/parquet/published_trends.h"

#include "core/time/timestamp.h"
#include "io/parquet/nearest_double.h"

namespace tidemark {
namespace {

constexpr std::array number_names{"avg_close", "max_close",      "min_close",    "avg_volume",  "volatility",
                                  "avg_vwap",  "avg_pct_change", "buy_pressure", "price_range", "vwap_deviation_pct"};

template <typename Units>
std::optional<double> nearest(const std::optional<Units>& units) {
  return units ? std::optional(nearest_double(*units)) : std::nullopt;
}

// Takes a column that was read, or says what went wrong first.
template <typename Column>
void take(Result<Column> read, Column& into, Result<void>& outcome) {
  if (!outcome) return;
  if (read)
    into = std::move(*read);
  else
    outcome = std::unexpected(read.error());
}

}  // namespace

Result<PublishedTrends> PublishedTrends::read(const LakeRows& rows, RowSlice slice) {
  PublishedTrends found;
  Result<void> outcome;
  for (std::size_t i = 0; i < number_count; ++i) take(rows.doubles(number_names[i], slice), found.numbers_[i], outcome);
  take(rows.integers("bar_count", slice), found.bar_count_, outcome);
  take(rows.integers("revision", slice), found.revision_, outcome);
  take(rows.texts("window_end", slice), found.end_, outcome);
  take(rows.texts("trend_signal", slice), found.signal_, outcome);
  take(rows.texts("feed", slice), found.feed_, outcome);
  if (!outcome) return std::unexpected(outcome.error());
  for (const std::string_view text : texts_of(found.end_.texts)) found.end_times_.push_back(parse_window_time(text));
  for (const std::string_view text : texts_of(found.signal_.texts)) found.signals_.push_back(parse_signal(text));
  return found;
}

std::array<std::optional<double>, PublishedTrends::number_count> PublishedTrends::numbers_of(const Trend& trend) {
  return {nearest_double(trend.avg_close),       nearest_double(trend.max_close),    nearest_double(trend.min_close),
          static_cast<double>(trend.avg_volume), nearest(trend.volatility),          nearest(trend.avg_vwap),
          nearest_double(trend.avg_pct_change),  nearest_double(trend.buy_pressure), nearest_double(trend.price_range),
          nearest(trend.vwap_deviation_pct)};
}

bool PublishedTrends::is(std::size_t row, const Trend& trend) const {
  const auto numbers = numbers_of(trend);
  for (std::size_t i = 0; i < number_count; ++i) {
    if (numbers_[i].has(row) != numbers[i].has_value()) return false;
    if (numbers[i] && *numbers[i] != numbers_[i].values[row]) return false;
  }
  if (!bar_count_.has(row) || bar_count_.values[row] != trend.bar_count) return false;
  const std::int32_t end = end_.numbers[row], signal = signal_.numbers[row], feed = feed_.numbers[row];
  if (end < 0 || end_times_[static_cast<std::size_t>(end)] != trend.window.end) return false;
  if (signal < 0 || signals_[static_cast<std::size_t>(signal)] != trend.signal) return false;
  if ((feed >= 0) != trend.feed.has_value()) return false;
  return !trend.feed || feed_.texts[static_cast<std::size_t>(feed)] == *trend.feed;
}

}  // namespace tidemark
