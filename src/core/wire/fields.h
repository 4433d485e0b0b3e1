// Fields: what a record contains, field by field, before it is validated.
//
// Four readers fill this table: two of JSON, one fast and one complete, one of CSV and one of Parquet. One validator
// reads it, so that all formats agree on what a bar is.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/number/decimal.h"
#include "core/time/time.h"

namespace tidemark {

// In the order in which they are validated (contract/semantics.md §2.4).
enum class FieldName : std::uint8_t {
  Symbol,
  Timestamp,
  Open,
  High,
  Low,
  Close,
  Volume,
  Vwap,
  PriceChange,
  PctChange,
  Direction,
  TradeCount,
  Feed,
  Heartbeat,
  Source,
  IngestedAt,  // known, never validated
};
inline constexpr std::size_t field_count = 16;
std::string_view to_string(FieldName name);  // "symbol" …
std::optional<FieldName> parse_field_name(std::string_view text);

enum class ValueKind : std::uint8_t { Missing, Null, Number, String, Time, Other };

struct FieldValue {
  ValueKind kind = ValueKind::Missing;
  bool lone_surrogate = false;  // of a string: it has no UTF-8 form
  bool is_naive = false;        // of a time: written without a zone …
  std::chrono::duration<std::int32_t> again{
      0};                 // … and its local time occurs again this much later (core/time/time_zone.h)
  std::string_view text;  // of a string: unescaped
  EventTime time{};       // of a time column; JSON has none
  ParsedDecimal number;   // of a number
};

static_assert(sizeof(FieldValue) == 64, "one cache line: a record fills and clears sixteen of them");

class Fields {
 public:
  FieldValue& operator[](FieldName name) { return values_[static_cast<std::size_t>(name)]; }
  const FieldValue& operator[](FieldName name) const { return values_[static_cast<std::size_t>(name)]; }
  bool has(FieldName name) const { return (*this)[name].kind != ValueKind::Missing; }
  void clear() {
    for (FieldValue& value : values_) value.kind = ValueKind::Missing;
  }

 private:
  std::array<FieldValue, field_count> values_;
};

}  // namespace tidemark
