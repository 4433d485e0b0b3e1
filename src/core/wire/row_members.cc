#include "core/wire/row_members.h"

#include <algorithm>
#include <string>

#include "core/market/trend_columns.h"
#include "core/number/places.h"
#include "core/number/rounding.h"
#include "core/time/timestamp.h"
#include "core/wire/base64.h"
#include "core/wire/decode.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

// The members of one object by key. After one that is missing or wrong it has failed for good.
class Members {
 public:
  explicit Members(std::string_view json) : ok_(!reader_.read_members(json)) {}

  bool ok() const { return ok_; }

  bool has(std::string_view key) const { return find(key) != nullptr; }
  std::string_view text(std::string_view key) {
    const FieldValue* const value = required(key, ValueKind::String);
    return value && !value->lone_surrogate ? value->text : fail<std::string_view>();
  }
  Int128 nanos(std::string_view key) {
    int places = 0;
    return nanos(key, places);
  }
  // Raises `places` to those that the number has.
  Int128 nanos(std::string_view key, int& places) {
    const FieldValue* const value = required(key, ValueKind::Number);
    if (!value || value->number.out_of_range) return fail<Int128>();
    places = std::max(places, written_places(value->text, value->number.nanos));
    return value->number.nanos;
  }
  void ratio(std::string_view key, Int128& value) { value = divide_rounded(nanos(key), unit_of_place(4)); }
  void ratio(std::string_view key, std::int64_t& value) {
    value = narrow(divide_rounded(nanos(key), unit_of_place(4)));
  }
  std::int64_t integer(std::string_view key) {
    const Int128 value = nanos(key);
    const Int128 whole = value / unit_of_place(0);
    if (whole * unit_of_place(0) != value) return fail<std::int64_t>();
    return narrow(whole);
  }
  std::int64_t narrow(Int128 value) {
    return value == static_cast<std::int64_t>(value) ? static_cast<std::int64_t>(value) : fail<std::int64_t>();
  }
  template <typename Value>
  Value checked(std::optional<Value> value) {
    return value ? *value : fail<Value>();
  }

 private:
  template <typename Value>
  Value fail() {
    ok_ = false;
    return Value{};
  }
  // Null if it is missing or null.
  const FieldValue* find(std::string_view key) const {
    if (!ok_) return nullptr;
    for (const JsonReader::Member& member : reader_.members())
      if (member.key == key) return member.value.kind == ValueKind::Null ? nullptr : &member.value;
    return nullptr;
  }
  const FieldValue* required(std::string_view key, ValueKind kind) const {
    const FieldValue* const value = find(key);
    return value && value->kind == kind ? value : nullptr;
  }

  JsonReader reader_;
  bool ok_;
};

// Fills a column of a trend. Raises the trend's places to those of its prices and volumes.
template <ColumnKind kind, typename Value>
void read_member(Members& row, std::string_view key, Value& value, Trend& trend) {
  if constexpr (requires { value.has_value(); }) {
    read_member<kind>(row, key, value.emplace(), trend);
  } else if constexpr (kind == ColumnKind::Name) {
    value = row.text(key);
  } else if constexpr (kind == ColumnKind::Time) {
    value = row.checked(parse_window_time(row.text(key)));
  } else if constexpr (kind == ColumnKind::Price) {
    value = row.nanos(key, trend.price_places);
  } else if constexpr (kind == ColumnKind::Volume) {
    value = row.nanos(key, trend.volume_places);
  } else if constexpr (kind == ColumnKind::Ratio) {
    row.ratio(key, value);
  } else if constexpr (kind == ColumnKind::Count) {
    value = row.integer(key);
  } else {
    value = row.checked(parse_word<Value>(row.text(key)));
  }
}

}  // namespace

int written_places(std::string_view number, Int128 nanos) {
  if (number.find_first_of("eE") != number.npos) return decimals_of(nanos);
  const std::size_t point = number.find('.');
  return point == number.npos ? 0 : std::min(static_cast<int>(number.size() - point) - 1, most_places);
}

std::optional<Trend> trend_of_members(std::string_view json) {
  Members row(json);
  Trend trend;
  for_each_trend_column([&](auto column) {
    const bool may_be_missing = column.presence == Presence::Optional || column.nullable;
    if (!may_be_missing || row.has(column.name)) read_member<column.kind>(row, column.name, column.of(trend), trend);
  });
  if (!row.has("revision")) trend.revision = trend.bar_count;
  if (!row.ok()) return std::nullopt;
  return trend;
}

std::optional<JudgedBar> judged_bar_of_members(std::string_view json) {
  Members row(json);
  JudgedBar judged;
  judged.verdict = row.checked(parse_verdict(row.text("verdict")));
  judged.position = row.integer("position");
  if (!row.ok()) return std::nullopt;
  JsonReader reader;
  Fields fields;
  if (reader.read(json, fields)) return std::nullopt;
  // An offset may have moved a bar slightly outside of the years that a record may state.
  FieldValue& timestamp = fields[FieldName::Timestamp];
  if (const auto time = timestamp.kind == ValueKind::String ? parse_written_timestamp(timestamp.text) : std::nullopt) {
    timestamp.kind = ValueKind::Time;
    timestamp.time = *time;
  }
  Decoded decoded;
  judge_bar(fields, decoded);
  const auto* const bar = std::get_if<Bar>(&decoded);
  if (!bar) return std::nullopt;
  judged.symbol = bar->symbol;
  judged.feed = bar->feed;
  judged.values = bar->values;
  return judged;
}

std::optional<DeadLetter> dead_letter_of_members(std::string_view json) {
  Members row(json);
  DeadLetter letter;
  letter.reason = row.checked(parse_reason(row.text("reason")));
  letter.field = row.text("field");
  letter.source = row.text("source");
  letter.position = row.integer("position");
  if (row.has("record"))
    letter.record = row.text("record");
  else
    letter.record = row.checked(parse_base64(row.text("record_base64")));
  if (row.has("record_bytes")) letter.bytes_in_all = row.integer("record_bytes");
  if (!row.ok()) return std::nullopt;
  return letter;
}

}  // namespace tidemark
