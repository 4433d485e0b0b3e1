#include "core/wire/row_members.h"

#include <algorithm>
#include <string>

#include "core/number/places.h"
#include "core/number/rounding.h"
#include "core/time/timestamp.h"
#include "core/wire/base64.h"
#include "core/wire/decode.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

// The members of one object by key; the first that is missing or wrong makes it fail for good.
class Members {
 public:
  explicit Members(std::string_view json) : ok_(!reader_.read_members(json)) {}

  bool ok() const { return ok_; }

  bool has(std::string_view key) const { return find(key) != nullptr; }
  std::string_view text(std::string_view key) {
    const FieldValue* const value = required(key, ValueKind::String);
    return value && !value->lone_surrogate ? value->text : fail<std::string_view>();
  }
  std::optional<std::string> optional_text(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return std::string(text(key));
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
  std::optional<Int128> optional_nanos(std::string_view key, int& places) {
    if (!has(key)) return std::nullopt;
    return nanos(key, places);
  }
  Int128 fixed4(std::string_view key) { return divide_rounded(nanos(key), unit_of_place(4)); }
  std::optional<Int128> optional_fixed4(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return fixed4(key);
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
  // None if it is missing or null.
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

}  // namespace

int written_places(std::string_view number, Int128 nanos) {
  if (number.find_first_of("eE") != number.npos) return decimals_of(nanos);
  const std::size_t point = number.find('.');
  return point == number.npos ? 0 : std::min(static_cast<int>(number.size() - point) - 1, most_places);
}

std::optional<Trend> trend_of_members(std::string_view json) {
  Members row(json);
  Trend trend;
  trend.symbol = row.text("symbol");
  trend.window.start = row.checked(parse_window_time(row.text("window_start")));
  trend.window.end = row.checked(parse_window_time(row.text("window_end")));
  trend.avg_close = row.nanos("avg_close", trend.price_places);
  trend.max_close = row.nanos("max_close", trend.price_places);
  trend.min_close = row.nanos("min_close", trend.price_places);
  trend.avg_volume = row.nanos("avg_volume", trend.volume_places);
  trend.volatility = row.optional_nanos("volatility", trend.price_places);
  trend.avg_vwap = row.optional_nanos("avg_vwap", trend.price_places);
  trend.avg_pct_change = row.fixed4("avg_pct_change");
  trend.buy_pressure = row.narrow(row.fixed4("buy_pressure"));
  trend.bar_count = row.integer("bar_count");
  trend.price_range = row.nanos("price_range", trend.price_places);
  trend.vwap_deviation_pct = row.optional_fixed4("vwap_deviation_pct");
  trend.signal = row.checked(parse_signal(row.text("trend_signal")));
  trend.status = row.has("status") ? row.checked(parse_trend_status(row.text("status"))) : TrendStatus::Final;
  trend.revision = row.has("revision") ? row.integer("revision") : trend.bar_count;
  trend.feed = row.optional_text("feed");
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
  // An offset may have moved a bar just outside of the years that a record may say.
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
