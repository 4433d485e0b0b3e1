// Trends as columns: doubles nearest to the exact decimals, times as text.
#include <array>

#include "core/time/timestamp.h"
#include "io/parquet/nearest_double.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

const std::array signal_texts{to_string(Signal::Neutral), to_string(Signal::Bullish), to_string(Signal::Bearish)};

void add_optional(NumberColumn<double>& column, std::optional<double> number) {
  if (number)
    column.add(*number);
  else
    column.add_null();
}

}  // namespace

Result<void> TrendWriter::add(const Trend& trend) {
  symbol_.push_back(symbols_.number(std::string_view(trend.symbol)));
  start_.push_back(times_.number(nanos_since_epoch(trend.window.start)));
  end_.push_back(times_.number(nanos_since_epoch(trend.window.end)));
  avg_close_.add(nearest_double_of_nanos(trend.avg_close));
  max_close_.add(nearest_double_of_nanos(trend.max_close));
  min_close_.add(nearest_double_of_nanos(trend.min_close));
  avg_volume_.add(nearest_double_of_nanos(trend.avg_volume));
  add_optional(volatility_, trend.volatility.transform(nearest_double_of_nanos));
  add_optional(avg_vwap_, trend.avg_vwap.transform(nearest_double_of_nanos));
  avg_pct_change_.add(nearest_double(trend.avg_pct_change));
  buy_pressure_.add(nearest_double(trend.buy_pressure));
  bar_count_.add(trend.bar_count);
  price_range_.add(nearest_double_of_nanos(trend.price_range));
  add_optional(vwap_deviation_pct_, trend.vwap_deviation_pct.transform(nearest_double));
  signal_.push_back(static_cast<std::int32_t>(trend.signal));
  revision_.add(trend.revision);
  feed_.push_back(trend.feed ? feeds_.number(std::string_view(*trend.feed)) : -1);
  return symbol_.size() < rows_per_group_ ? Result<void>{} : write_group();
}

Result<void> TrendWriter::finish() {
  if (!symbol_.empty())
    if (auto written = write_group(); !written) return written;
  return file_.finish();
}

Result<void> TrendWriter::write_group() {
  std::vector<std::string> times;
  for (std::size_t i = 0; i < times_.size(); ++i) times.push_back(format_window_time(event_time_from_nanos(times_[i])));
  const std::vector<std::string_view> time_texts(times.begin(), times.end());
  const auto symbols = texts_of(symbols_), feeds = texts_of(feeds_);
  auto done = file_.begin_group();
  const auto texts = [&](const std::vector<std::int32_t>& numbers, std::span<const std::string_view> values) {
    if (done) done = file_.texts({numbers, values});
  };
  const auto doubles = [&](NumberColumn<double>& column) {
    if (done) done = file_.doubles(column.values, column.levels);
    column.clear();
  };
  const auto integers = [&](NumberColumn<std::int64_t>& column) {
    if (done) done = file_.integers(column.values, column.levels);
    column.clear();
  };
  texts(symbol_, symbols);
  texts(start_, time_texts);
  texts(end_, time_texts);
  for (auto* const column : {&avg_close_, &max_close_, &min_close_, &avg_volume_, &volatility_, &avg_vwap_,
                             &avg_pct_change_, &buy_pressure_})
    doubles(*column);
  integers(bar_count_);
  doubles(price_range_);
  doubles(vwap_deviation_pct_);
  texts(signal_, signal_texts);
  integers(revision_);
  texts(feed_, feeds);
  for (auto* const numbers : {&symbol_, &start_, &end_, &signal_, &feed_}) numbers->clear();
  symbols_.clear();
  feeds_.clear();
  times_.clear();
  return done;
}

}  // namespace tidemark
