// A measure of a trend as the lake stores it: the double nearest to the exact decimal (docs/lake.md).
#pragma once

#include <optional>

#include "core/market/trend_columns.h"
#include "io/parquet/nearest_double.h"

namespace tidemark {

// For a column whose kind is_measure(). None for a null.
template <ColumnKind kind, typename Value>
std::optional<double> measure_of(const Value& value) {
  static_assert(is_measure(kind));
  if constexpr (requires { value.has_value(); })
    return value.has_value() ? measure_of<kind>(*value) : std::nullopt;
  else if constexpr (kind == ColumnKind::Ratio)
    return nearest_double(value);
  else
    return nearest_double_of_nanos(value);
}

}  // namespace tidemark
