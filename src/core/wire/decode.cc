#include "core/wire/decode.h"

#include <algorithm>
#include <utility>

#include "core/market/derive.h"
#include "core/market/limits.h"
#include "core/time/table_time.h"
#include "core/time/time_limits.h"
#include "core/time/timestamp.h"
#include "core/wire/plain_record.h"
#include "core/wire/table_columns.h"

namespace tidemark {
namespace {

// Validates a record's fields in the contract's order (§2.4). The first failure is reported; later ones do not count.
class Validator {
 public:
  explicit Validator(const Fields& fields) : fields_(fields) {}

  void heartbeat(Decoded& into) {
    const EventTime time = timestamp(FieldName::Heartbeat);
    if (fields_.has(FieldName::Source)) optional(FieldName::Source, ValueKind::String);
    if (reject_)
      into = *reject_;
    else
      into = Heartbeat{time};
  }

  void bar(Decoded& into) {
    Bar& bar = into.emplace<Bar>();
    BarValues& values = bar.values;
    bar.symbol = symbol();
    values.time = timestamp(FieldName::Timestamp);
    values.open = price(FieldName::Open);
    values.high = price(FieldName::High);
    values.low = price(FieldName::Low);
    values.close = price(FieldName::Close);
    values.volume = volume();
    values.vwap = vwap();
    const auto price_change = change(FieldName::PriceChange);
    const auto pct_change = change(FieldName::PctChange);
    const auto way = direction();
    values.trade_count = trade_count();
    bar.feed = feed();
    cross_check(values);
    if (reject_) {
      into = *reject_;
      return;
    }
    values.price_change = price_change ? *price_change : derive_price_change(values);
    values.pct_change = pct_change ? *pct_change : derive_pct_change(values);
    values.direction = way ? *way : derive_direction(values);
  }

 private:
  void fail(Reason reason, FieldName field) {
    if (!reject_) reject_ = Reject{reason, to_string(field)};
  }
  void require(bool holds, Reason reason, FieldName field) {
    if (!holds) fail(reason, field);
  }

  // The value of a required field; null if the check failed.
  const FieldValue* required(FieldName name, ValueKind kind) {
    const FieldValue& value = fields_[name];
    if (value.kind == kind) return &value;
    fail(value.kind == ValueKind::Missing ? Reason::Missing : Reason::WrongType, name);
    return nullptr;
  }
  // The value of a field that may be missing or null; null if it is, or if the check failed.
  const FieldValue* optional(FieldName name, ValueKind kind) {
    const FieldValue& value = fields_[name];
    if (value.kind == kind) return &value;
    if (value.kind != ValueKind::Missing && value.kind != ValueKind::Null) fail(Reason::WrongType, name);
    return nullptr;
  }

  std::string_view symbol() {
    const FieldValue* const value = required(FieldName::Symbol, ValueKind::String);
    if (!value) return {};
    require(is_symbol_name(value->text), Reason::BadSymbol, FieldName::Symbol);
    return value->text;
  }

  EventTime timestamp(FieldName name) {
    if (const FieldValue& value = fields_[name]; value.kind == ValueKind::Time) {
      require(is_instant(value.time), Reason::BadTimestamp, name);
      return value.time;
    }
    const FieldValue* const value = required(name, ValueKind::String);
    if (!value) return {};
    const auto time = parse_timestamp(value->text);
    require(time.has_value(), Reason::BadTimestamp, name);
    return time.value_or(EventTime{});
  }

  Price price(FieldName name) {
    const FieldValue* const value = required(name, ValueKind::Number);
    if (!value) return {};
    const ParsedDecimal& number = value->number;
    require(number.out_of_range ? !number.negative : number.nanos > 0, Reason::NotPositive, name);
    require(!number.out_of_range && is_price(number.nanos), Reason::OutOfRange, name);
    return Price{static_cast<std::int64_t>(number.nanos)};
  }

  Decimal volume() {
    const FieldValue* const value = required(FieldName::Volume, ValueKind::Number);
    if (!value) return {};
    const ParsedDecimal& number = value->number;
    require(number.out_of_range ? !number.negative : number.nanos >= 0, Reason::Negative, FieldName::Volume);
    require(!number.out_of_range && is_volume(number.nanos), Reason::OutOfRange, FieldName::Volume);
    return Decimal{number.nanos};
  }

  OptionalPrice vwap() {
    const FieldValue* const value = optional(FieldName::Vwap, ValueKind::Number);
    if (!value) return {};
    const ParsedDecimal& number = value->number;
    const bool fits = !number.out_of_range && is_vwap(number.nanos);
    require(fits, Reason::OutOfRange, FieldName::Vwap);
    return fits ? known_vwap(Price{static_cast<std::int64_t>(number.nanos)}) : OptionalPrice{};
  }

  std::optional<Decimal> change(FieldName name) {
    const FieldValue* const value = optional(name, ValueKind::Number);
    if (!value) return std::nullopt;
    const ParsedDecimal& number = value->number;
    const bool fits = !number.out_of_range && is_change(number.nanos);
    require(fits, Reason::OutOfRange, name);
    return Decimal{number.nanos};
  }

  std::optional<Direction> direction() {
    const FieldValue* const value = optional(FieldName::Direction, ValueKind::String);
    if (!value) return std::nullopt;
    const auto way = parse_direction(value->text);
    require(way.has_value(), Reason::BadDirection, FieldName::Direction);
    return way;
  }

  OptionalCount trade_count() {
    const FieldValue* const value = optional(FieldName::TradeCount, ValueKind::Number);
    if (!value) return {};
    const ParsedDecimal& number = value->number;
    const Int128 count = number.nanos / units_of_one;
    require(number.out_of_range ? !number.has_fraction : count * units_of_one == number.nanos, Reason::NotInteger,
            FieldName::TradeCount);
    require(number.out_of_range ? !number.negative : count >= 0, Reason::Negative, FieldName::TradeCount);
    const bool fits = !number.out_of_range && is_trade_count(count);
    require(fits, Reason::OutOfRange, FieldName::TradeCount);
    return fits ? OptionalCount{static_cast<std::int64_t>(count)} : OptionalCount{};
  }

  std::optional<std::string_view> feed() {
    const FieldValue* const value = optional(FieldName::Feed, ValueKind::String);
    if (!value) return std::nullopt;
    require(!value->lone_surrogate, Reason::BadFeed, FieldName::Feed);
    return value->text;
  }

  void cross_check(const BarValues& bar) {
    require(bar.high >= bar.low, Reason::HighBelowLow, FieldName::High);
    require(bar.low <= bar.open, Reason::LowAboveOpen, FieldName::Low);
    require(bar.open <= bar.high, Reason::OpenAboveHigh, FieldName::High);
    require(bar.low <= bar.close, Reason::LowAboveClose, FieldName::Low);
    require(bar.close <= bar.high, Reason::CloseAboveHigh, FieldName::High);
  }

  const Fields& fields_;
  std::optional<Reject> reject_;
};

// Reads texts as numbers and numbers as times, as a table would.
void take_as_tables_do(Fields& fields) {
  FieldValue& time = fields[FieldName::Timestamp];
  std::optional<EventTime> instant;
  if (time.kind == ValueKind::Number) instant = table_time_from_decimal(time.number);
  if (time.kind == ValueKind::String)
    if (const auto read = parse_table_time(time.text, {})) instant = read->time;
  if (instant) {
    time = {};
    time.kind = ValueKind::Time;
    time.time = *instant;
  }
  for (const FieldName name : {FieldName::Open, FieldName::High, FieldName::Low, FieldName::Close, FieldName::Volume,
                               FieldName::Vwap, FieldName::PriceChange, FieldName::PctChange, FieldName::TradeCount})
    if (FieldValue& value = fields[name]; value.kind == ValueKind::String) set_text_field(name, value.text, {}, value);
}

}  // namespace

void Decoder::decode(std::string_view record, Decoded& into) {
  if (record.size() > max_record_bytes) {
    into = Reject{Reason::TooLong, {}};
    return;
  }
  if (!decode_as_learned(record, into)) decode_completely(record, into);
}

bool Decoder::decode_as_learned(std::string_view record, Decoded& into) {
  Bar* const reused = std::get_if<Bar>(&into);
  if (!shape_.read(record, reused ? *reused : into.emplace<Bar>())) return false;
  missed_ = false;
  return true;
}

void Decoder::decode_completely(std::string_view record, Decoded& into) {
  fields_.clear();
  const bool is_plain = read_plain_record(record, fields_);
  if (!is_plain) {
    fields_.clear();
    if (const auto reason = json_.read(record, fields_)) {
      into = Reject{*reason, {}};
      return;
    }
  }
  Validator validator(fields_);
  if (fields_.has(FieldName::Heartbeat))
    validator.heartbeat(into);
  else
    validator.bar(into);
  // Where shapes alternate, learning each time would cost more than it gives. So a shape stays until it misses twice in
  // a row.
  if (std::exchange(missed_, true) && is_plain && std::holds_alternative<Bar>(into)) shape_.learn(record);
  if (leniency_ == Leniency::None || fields_.has(FieldName::Heartbeat) || !std::holds_alternative<Reject>(into)) return;
  take_as_tables_do(fields_);
  Validator(fields_).bar(into);
}

void judge_bar(const Fields& fields, Decoded& into) { Validator(fields).bar(into); }

bool is_blank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

}  // namespace tidemark
