#include "io/lake/published_trends.h"

#include <algorithm>
#include <cmath>

#include "core/number/places.h"
#include "core/signal/summary.h"
#include "core/time/timestamp.h"
#include "io/parquet/nearest_double.h"
#include "io/parquet/trend_measure.h"

namespace tidemark {
namespace {

// Of the columns that are doubles, in the table's order.
constexpr auto number_names = [] {
  std::array<std::string_view, count_lake_columns_of_trends(is_measure)> names;
  auto* next = names.begin();
  for_each_lake_column_of_trends([&](auto column) {
    if constexpr (is_measure(column.kind)) *next++ = column.name;
  });
  return names;
}();

// The contracts since which they are there.
constexpr auto number_since = [] {
  std::array<int, count_lake_columns_of_trends(is_measure)> since{};
  auto* next = since.begin();
  for_each_lake_column_of_trends([&](auto column) {
    if constexpr (is_measure(column.kind)) *next++ = column.since;
  });
  return since;
}();

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
  found.contract_ = rows.contract();
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
  std::array<std::optional<double>, number_count> numbers;
  auto* next = numbers.begin();
  for_each_lake_column_of_trends([&](auto column) {
    if constexpr (is_measure(column.kind)) *next++ = measure_of<column.kind>(column.of(trend));
  });
  return numbers;
}

bool PublishedTrends::has_number(std::size_t row, std::size_t number, std::optional<double> value) const {
  if (numbers_[number].has(row) != value.has_value()) return false;
  return !value || *value == numbers_[number].values[row];
}

bool PublishedTrends::is_of_same_bars(std::size_t row, const Trend& trend) const {
  if (!bar_count_.has(row) || bar_count_.values[row] != trend.bar_count) return false;
  const std::int32_t end = end_.numbers[row], feed = feed_.numbers[row];
  if (end < 0 || end_times_[static_cast<std::size_t>(end)] != trend.window.end) return false;
  if ((feed >= 0) != trend.feed.has_value()) return false;
  return !trend.feed || feed_.texts[static_cast<std::size_t>(feed)] == *trend.feed;
}

bool PublishedTrends::is(std::size_t row, const Trend& trend, Newer newer) const {
  const auto numbers = numbers_of(trend);
  for (std::size_t i = 0; i < number_count; ++i) {
    const bool may_be_null = newer == Newer::MayBeNull && number_since[i] > contract_;
    if (!has_number(row, i, numbers[i]) && !(may_be_null && !numbers_[i].has(row))) return false;
  }
  const std::int32_t signal = signal_.numbers[row];
  if (signal < 0 || signals_[static_cast<std::size_t>(signal)] != trend.signal) return false;
  return is_of_same_bars(row, trend);
}

// In 1e-9; nothing for a number that has more than four places, which no row of contract 1 has.
std::optional<Int128> PublishedTrends::units4(std::size_t row, std::size_t number) const {
  if (!numbers_[number].has(row)) return std::nullopt;
  const double value = numbers_[number].values[row];
  constexpr double most = 1e14;  // no price is larger, by far
  if (!(std::abs(value) < most)) return std::nullopt;
  const auto units = static_cast<std::int64_t>(std::llround(value * 10'000));
  if (nearest_double(units) != value) return std::nullopt;
  return static_cast<Int128>(units) * unit_of_place(4);
}

bool PublishedTrends::is_of_contract_1(std::size_t row, const Trend& trend, const Sums& sums) const {
  constexpr auto avg_vwap =
      static_cast<std::size_t>(std::ranges::find(number_names, "avg_vwap") - number_names.begin());
  static_assert(avg_vwap < number_count);
  const auto numbers = numbers_of(trend);
  for (std::size_t i = 0; i < number_count; ++i) {
    if (number_since[i] > first_contract) continue;
    const bool follows_from_others = number_names[i] == "price_range" || number_names[i] == "vwap_deviation_pct";
    if (!follows_from_others && i != avg_vwap && !has_number(row, i, numbers[i])) return false;
  }
  const auto said = units4(row, avg_vwap);
  if (said.has_value() != numbers_[avg_vwap].has(row)) return false;
  return is_of_same_bars(row, trend) && can_be_avg_vwap_of_contract_1(sums, said);
}

}  // namespace tidemark
