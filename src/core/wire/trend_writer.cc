#include "core/wire/trend_writer.h"

#include "core/market/trend_columns.h"
#include "core/wire/row_writer.h"

namespace tidemark {
namespace {

void append_price(Int128 nanos, int places, RowWriter& row) { row.price(nanos, places); }
void append_price(LastPlaces price, int places, RowWriter& row) { row.last_places(price, places); }
void append_volume(Int128 nanos, int places, RowWriter& row) { row.volume(nanos, places); }
void append_volume(LastPlaces volume, int places, RowWriter& row) { row.last_places(volume, places); }

// Writes the value of a column; a time is written elsewhere.
template <ColumnKind kind, typename Value, typename AnyTrend>
void append_value(const Value& value, const AnyTrend& trend, RowWriter& row, std::string& out) {
  if constexpr (requires { value.has_value(); }) {
    if (!value.has_value()) return row.text("null");
    append_value<kind>(*value, trend, row, out);
  } else if constexpr (kind == ColumnKind::Name) {
    append_name(value, row, out);
  } else if constexpr (kind == ColumnKind::Price) {
    append_price(value, trend.price_places, row);
  } else if constexpr (kind == ColumnKind::Volume) {
    append_volume(value, trend.volume_places, row);
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

// Begins with an empty buffer, since a row that is as long as can be leaves too little room.
void append_indicators(const Trend& trend, RowWriter& row, std::string& out) {
  row.flush(out);
  for_each_indicator_column([&](auto column) {
    row.key<',', decltype(column)>();
    append_value<column.kind>(column.of(*trend.indicators), trend, row, out);
  });
}

}  // namespace

template <typename AnyTrend>
void TrendWriter::append_columns(const AnyTrend& trend, std::string& out) {
  RowWriter row;
  for_each_trend_column([&](auto column) {
    constexpr std::string_view name = column.name;
    row.key<name == "symbol" ? '{' : ',', decltype(column)>();
    if constexpr (column.kind == ColumnKind::Time) {
      row.text("\"");
      row.text((name == "window_start" ? start_ : end_).text_of(column.of(trend)));
      row.text("\"");
    } else {
      append_value<column.kind>(column.of(trend), trend, row, out);
    }
  });
  if constexpr (requires { trend.indicators; })
    if (trend.indicators) append_indicators(trend, row, out);
  row.text("}");
  row.flush(out);
}

void TrendWriter::append(const Trend& trend, std::string& out) { append_columns(trend, out); }
void TrendWriter::append(const OrdinaryTrend& trend, std::string& out) { append_columns(trend, out); }

void append_trend(const Trend& trend, std::string& out) { TrendWriter().append(trend, out); }

}  // namespace tidemark
