// Writes trends as columns: doubles nearest to the exact decimals, times as text.
#include <array>
#include <utility>

#include "core/time/timestamp.h"
#include "io/parquet/row_writers.h"
#include "io/parquet/trend_measure.h"

namespace tidemark {
namespace {

// The texts of an enumeration, by value.
const std::array signal_texts{to_string(Signal::Neutral), to_string(Signal::Bullish), to_string(Signal::Bearish)};
std::span<const std::string_view> words_of(Signal) { return signal_texts; }

}  // namespace

template <ColumnKind kind, typename Value>
void TrendWriter::add(Column& column, const Value& value) {
  if constexpr (requires { value.has_value(); }) {
    if (value.has_value()) return add<kind>(column, *value);
    if constexpr (is_measure(kind))
      column.measures.add_null();
    else if constexpr (kind == ColumnKind::Count)
      column.counts.add_null();
    else
      column.texts.push_back(-1);
  } else if constexpr (kind == ColumnKind::Name) {
    column.texts.push_back(column.names.number(std::string_view(value)));
  } else if constexpr (kind == ColumnKind::Time) {
    column.texts.push_back(times_.number(nanos_since_epoch(value)));
  } else if constexpr (kind == ColumnKind::Word) {
    column.texts.push_back(static_cast<std::int32_t>(value));
  } else if constexpr (kind == ColumnKind::Count) {
    column.counts.add(value);
  } else {
    column.measures.add(*measure_of<kind>(value));
  }
}

Result<void> TrendWriter::add(const Trend& trend) {
  auto* next = columns_.begin();
  for_each_lake_column_of_trends([&](auto column) { add<column.kind>(*next++, column.of(trend)); });
  return ++rows_ < rows_per_group_ ? Result<void>{} : write_group();
}

Result<void> TrendWriter::finish() {
  if (rows_ > 0)
    if (auto written = write_group(); !written) return written;
  return file_.finish();
}

Result<void> TrendWriter::write_group() {
  std::vector<std::string> times;
  for (std::size_t i = 0; i < times_.size(); ++i) times.push_back(format_window_time(event_time_from_nanos(times_[i])));
  const std::vector<std::string_view> time_texts(times.begin(), times.end());
  auto done = file_.begin_group();
  auto* next = columns_.begin();
  for_each_lake_column_of_trends([&](auto described) {
    constexpr ColumnKind kind = described.kind;
    Column& column = *next++;
    if (!done) return;
    if constexpr (kind == ColumnKind::Name) {
      const auto names = texts_of(column.names);
      done = file_.texts({column.texts, names});
    } else if constexpr (kind == ColumnKind::Time) {
      done = file_.texts({column.texts, time_texts});
    } else if constexpr (kind == ColumnKind::Word) {
      done = file_.texts({column.texts, words_of(typename decltype(described)::Member{})});
    } else if constexpr (kind == ColumnKind::Count) {
      done = file_.integers(column.counts.values, column.counts.levels);
    } else {
      done = file_.doubles(column.measures.values, column.measures.levels);
    }
  });
  for (Column& column : columns_) {
    column.texts.clear();
    column.measures.clear();
    column.counts.clear();
    column.names.clear();
  }
  times_.clear();
  rows_ = 0;
  return done;
}

}  // namespace tidemark
