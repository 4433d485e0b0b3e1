#include "fuzz/slow_judge.h"

#include <array>

#include "fuzz/slow_json.h"
#include "fuzz/slow_time.h"

namespace tidemark::fuzz {
namespace {

using Kind = SlowValue::Kind;

SlowVerdict reject(std::string reason, std::string field = "") {
  SlowVerdict verdict;
  verdict.reason = std::move(reason);
  verdict.field = std::move(field);
  return verdict;
}

// Thrown for the first wrong field.
struct Wrong {
  std::string reason, field;
};

std::u16string wide(std::string_view ascii) { return {ascii.begin(), ascii.end()}; }

enum class Need { Must, May };

// The field's value; null if it may be missing or null and is.
const SlowValue* value_of(const SlowValue& record, const std::string& name, Kind kind, Need need) {
  const SlowValue* const value = record.find(wide(name));
  if (value == nullptr) return need == Need::May ? nullptr : throw Wrong{"missing", name};
  if (value->kind == kind) return value;
  if (value->kind == Kind::Null && need == Need::May) return nullptr;
  throw Wrong{"wrong_type", name};
}

bool is_above(const SlowNumber& number, std::string_view limit) { return compare_digits(number.digits, limit) > 0; }
constexpr std::string_view largest_price = "9223372036854775806";
const std::string largest_volume(27, '9');  // 10^18 less a unit
const std::string largest_change(36, '9');  // 10^27 less a unit
const std::string largest_count = "9223372036854775807" + std::string(9, '0');

std::string symbol(const SlowValue& record) {
  const SlowValue* const value = value_of(record, "symbol", Kind::String, Need::Must);
  std::string text;
  for (const char16_t unit : value->string) {
    if (unit < u'!' || unit > u'~') throw Wrong{"bad_symbol", "symbol"};
    text += static_cast<char>(unit);
  }
  if (text.empty() || text.size() > 32) throw Wrong{"bad_symbol", "symbol"};
  return text;
}

std::int64_t time(const SlowValue& record, const std::string& name) {
  const SlowValue* const value = value_of(record, name, Kind::String, Need::Must);
  const auto text = to_utf8(value->string);
  const auto nanos = text ? read_slow_time(*text) : std::nullopt;
  return nanos ? *nanos : throw Wrong{"bad_timestamp", name};
}

Int128 price(const SlowValue& record, const std::string& name) {
  const SlowNumber number = read_slow_number(value_of(record, name, Kind::Number, Need::Must)->number);
  if (number.negative || number.digits.empty()) throw Wrong{"not_positive", name};
  if (is_above(number, largest_price)) throw Wrong{"out_of_range", name};
  return to_int128(number);
}

Int128 volume(const SlowValue& record) {
  const SlowNumber number = read_slow_number(value_of(record, "volume", Kind::Number, Need::Must)->number);
  if (number.negative) throw Wrong{"negative", "volume"};
  if (is_above(number, largest_volume)) throw Wrong{"out_of_range", "volume"};
  return to_int128(number);
}

std::optional<Int128> within(const SlowValue& record, const std::string& name, std::string_view limit) {
  const SlowValue* const value = value_of(record, name, Kind::Number, Need::May);
  if (value == nullptr) return std::nullopt;
  const SlowNumber number = read_slow_number(value->number);
  if (is_above(number, limit)) throw Wrong{"out_of_range", name};
  return to_int128(number);
}

std::optional<std::string> direction(const SlowValue& record) {
  const SlowValue* const value = value_of(record, "direction", Kind::String, Need::May);
  if (value == nullptr) return std::nullopt;
  for (const std::string way : {"up", "down", "flat"})
    if (value->string == wide(way)) return way;
  throw Wrong{"bad_direction", "direction"};
}

std::optional<Int128> trade_count(const SlowValue& record) {
  const SlowValue* const value = value_of(record, "trade_count", Kind::Number, Need::May);
  if (value == nullptr) return std::nullopt;
  SlowNumber number = read_slow_number(value->number);
  if (!number.digits.empty() && !number.digits.ends_with("000000000")) throw Wrong{"not_integer", "trade_count"};
  if (number.negative) throw Wrong{"negative", "trade_count"};
  if (is_above(number, largest_count)) throw Wrong{"out_of_range", "trade_count"};
  return to_int128(number) / 1'000'000'000;
}

std::optional<std::string> feed(const SlowValue& record) {
  const SlowValue* const value = value_of(record, "feed", Kind::String, Need::May);
  if (value == nullptr) return std::nullopt;
  const auto text = to_utf8(value->string);
  return text ? text : throw Wrong{"bad_feed", "feed"};
}

// a / b in whole steps, half away from zero; b > 0.
Int128 rounded(Int128 a, Int128 b) {
  const Int128 size = a < 0 ? -a : a;
  const Int128 result = size / b + (size % b * 2 >= b ? 1 : 0);
  return a < 0 ? -result : result;
}

SlowVerdict judge_bar(const SlowValue& record) {
  SlowVerdict bar;
  bar.kind = SlowVerdict::Kind::Bar;
  bar.symbol = symbol(record);
  bar.time = time(record, "timestamp");
  bar.open = price(record, "open");
  bar.high = price(record, "high");
  bar.low = price(record, "low");
  bar.close = price(record, "close");
  bar.volume = volume(record);
  bar.vwap = within(record, "vwap", largest_price);
  if (bar.vwap == Int128{0}) bar.vwap.reset();  // no price (2.7)
  const auto price_change = within(record, "price_change", largest_change);
  const auto pct_change = within(record, "pct_change", largest_change);
  const auto way = direction(record);
  bar.trade_count = trade_count(record);
  bar.feed = feed(record);
  if (bar.high < bar.low) throw Wrong{"high_below_low", "high"};
  if (bar.low > bar.open) throw Wrong{"low_above_open", "low"};
  if (bar.open > bar.high) throw Wrong{"open_above_high", "high"};
  if (bar.low > bar.close) throw Wrong{"low_above_close", "low"};
  if (bar.close > bar.high) throw Wrong{"close_above_high", "high"};
  // In units of 1e-4, which are 100,000 of 1e-9.
  const Int128 change = bar.close - bar.open;
  bar.price_change = price_change ? *price_change : rounded(change, 100'000) * 100'000;
  bar.pct_change = pct_change ? *pct_change : rounded(change * 100 * 10'000, bar.open) * 100'000;
  bar.direction = way ? *way : change > 0 ? "up" : change < 0 ? "down" : "flat";
  return bar;
}

SlowVerdict judge_heartbeat(const SlowValue& record) {
  SlowVerdict heartbeat;
  heartbeat.kind = SlowVerdict::Kind::Heartbeat;
  heartbeat.time = time(record, "heartbeat");
  value_of(record, "source", Kind::String, Need::May);
  return heartbeat;
}

}  // namespace

SlowVerdict judge_slowly(std::string_view record) {
  if (record.size() > 65'536) return reject("too_long");
  const auto json = read_slow_json(record);
  if (!json) return reject("bad_json");
  if (json->kind != Kind::Object) return reject("not_an_object");
  if (json->depth() > 64) return reject("too_deep");
  if (json->has_duplicate_key()) return reject("duplicate_key");
  try {
    return json->find(u"heartbeat") != nullptr ? judge_heartbeat(*json) : judge_bar(*json);
  } catch (const Wrong& wrong) {
    return reject(wrong.reason, wrong.field);
  }
}

}  // namespace tidemark::fuzz
