#include "core/wire/trend_lines.h"

#include "core/market/trend_columns.h"
#include "core/wire/row_writer.h"

namespace tidemark {
namespace {

[[gnu::always_inline]] inline void write_price(Int128 nanos, int places, RowWriter& row) { row.price(nanos, places); }
[[gnu::always_inline]] inline void write_price(LastPlaces price, int places, RowWriter& row) {
  row.last_places(price, places);
}
[[gnu::always_inline]] inline void write_volume(Int128 nanos, int places, RowWriter& row) { row.volume(nanos, places); }
[[gnu::always_inline]] inline void write_volume(LastPlaces volume, int places, RowWriter& row) {
  row.last_places(volume, places);
}

// Writes the value of a column; a time is written elsewhere.
template <ColumnKind kind, typename Value, typename AnyTrend>
[[gnu::always_inline]] inline void write_value(const Value& value, const AnyTrend& trend, RowWriter& row) {
  if constexpr (requires { value.has_value(); }) {
    if (!value.has_value()) return row.text("null");
    write_value<kind>(*value, trend, row);
  } else if constexpr (kind == ColumnKind::Name) {
    row.name(value);
  } else if constexpr (kind == ColumnKind::Price) {
    write_price(value, trend.price_places, row);
  } else if constexpr (kind == ColumnKind::Volume) {
    write_volume(value, trend.volume_places, row);
  } else if constexpr (kind == ColumnKind::Ratio) {
    row.fixed4(value);
  } else if constexpr (kind == ColumnKind::Count) {
    row.integer(value);
  } else {
    row.text("\"");
    row.text(to_string(value));
    row.text("\"");
  }
}

// A row has room for them of their own, since it may be as long as can be without them.
void append_indicators(const Indicators& indicators, const Trend& trend, std::string& out) {
  out.pop_back();  // the closing brace
  append_row(out, 0, [&](RowWriter row) {
    for_each_indicator_column([&](auto column) {
      row.key<',', decltype(column)>();
      write_value<column.kind>(column.of(indicators), trend, row);
    });
    row.text("}");
    return row.end();
  });
}

}  // namespace

template <typename AnyTrend>
void TrendLines::append_columns(const AnyTrend& trend, std::string& out) {
  append_row(out, trend.symbol.size() + (trend.feed ? trend.feed->size() : 0), [&](RowWriter row) {
    for_each_trend_column([&] [[gnu::always_inline]] (auto column) {
      constexpr std::string_view name = column.name;
      row.key<name == "symbol" ? '{' : ',', decltype(column)>();
      if constexpr (column.kind == ColumnKind::Time) {
        row.text("\"");
        row.text((name == "window_start" ? start_ : end_).text_of(column.of(trend)));
        row.text("\"");
      } else {
        write_value<column.kind>(column.of(trend), trend, row);
      }
    });
    row.text("}");
    return row.end();
  });
}

void TrendLines::append(const Trend& trend, std::string& out) { append_columns(trend, out); }
void TrendLines::append(const Trend& trend, const std::optional<Indicators>& indicators, std::string& out) {
  append_columns(trend, out);
  if (indicators) append_indicators(*indicators, trend, out);
}
void TrendLines::append(const OrdinaryTrend& trend, std::string& out) { append_columns(trend, out); }

void append_trend(const Trend& trend, std::string& out) { TrendLines().append(trend, out); }

}  // namespace tidemark
