// Fields: what a record said, field by field, before anybody judges it.
//
// Two readers of JSON fill this table, one fast and one complete, one of CSV and one of Parquet; one judge reads it. So
// they agree on what a bar is by having no opinion.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/number/decimal.h"
#include "core/time/time.h"

namespace tidemark {

// In the order in which they are judged (contract/semantics.md §2.4).
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
  IngestedAt,  // known, never judged
};
inline constexpr std::size_t field_count = 16;
std::string_view to_string(FieldName name);  // "symbol" …
std::optional<FieldName> parse_field_name(std::string_view text);

enum class ValueKind : std::uint8_t { Missing, Null, Number, String, Time, Other };

struct FieldValue {
  ValueKind kind = ValueKind::Missing;
  bool lone_surrogate = false;  // of a string: it cannot be written as UTF-8
  bool is_naive = false;        // of a time: it was written without a zone …
  std::chrono::duration<std::int32_t> again{
      0};                 // … and so much later its local time comes once more (core/time/time_zone.h)
  std::string_view text;  // of a string: unescaped
  EventTime time{};       // of a column of times; JSON has none
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
