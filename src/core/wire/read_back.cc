// Reads back trends and judged bars from the log, for the lake and the page, and dead letters, for redrive. Rows as
// encode.cc and reject.cc write them are read in one pass. Any other object with the contract's keys goes to
// row_members.h.
#include <algorithm>
#include <charconv>

#include "core/market/trend_columns.h"
#include "core/number/places.h"
#include "core/number/rounding.h"
#include "core/time/timestamp.h"
#include "core/wire/base64.h"
#include "core/wire/decode.h"
#include "core/wire/row_members.h"

namespace tidemark {
namespace {

constexpr Int128 nanos_per_unit4 = 100'000;

// A cursor over one row whose keys are in a known order. After a mismatch it has failed for good.
class RowReader {
 public:
  explicit RowReader(std::string_view row) : rest_(row) {}

  void expect(std::string_view literal) {
    if (rest_.substr(0, literal.size()) == literal)
      rest_.remove_prefix(literal.size());
    else
      fail();
  }
  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  bool take_null() { return take("null"); }
  // Text between quotes, as append_json_string wrote it.
  std::string string() {
    expect("\"");
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    if (!ok_ || end >= rest_.size()) return fail(), std::string{};
    const std::string_view raw = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return unescape(raw);
  }
  std::optional<std::string> optional_string() {
    if (take_null()) return std::nullopt;
    return string();
  }
  Int128 nanos() {
    int places = 0;
    return nanos(places);
  }
  // Raises `places` to those that the number has.
  Int128 nanos(int& places) {
    const char* const end = end_of_number(rest_.data(), rest_.data() + rest_.size());
    const auto size = static_cast<std::size_t>(end - rest_.data());
    if (size == 0) return fail(), Int128{0};
    const ParsedDecimal number = parse_decimal(rest_.substr(0, size));
    if (number.out_of_range) return fail(), Int128{0};
    places = std::max(places, written_places(rest_.substr(0, size), number.nanos));
    rest_.remove_prefix(size);
    return number.nanos;
  }
  void ratio(Int128& value) { value = divide_rounded(nanos(), nanos_per_unit4); }
  void ratio(std::int64_t& value) { value = narrow(divide_rounded(nanos(), nanos_per_unit4)); }
  Price price() { return Price{narrow(nanos())}; }
  std::int64_t integer() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return fail(), 0;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  template <typename Value>
  Value checked(std::optional<Value> value) {
    if (!value) fail();
    return value.value_or(Value{});
  }
  bool ok() const { return ok_ && rest_.empty(); }

 private:
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  std::int64_t narrow(Int128 value) {
    if (value != static_cast<std::int64_t>(value)) fail();
    return static_cast<std::int64_t>(value);
  }

  std::string unescape(std::string_view raw) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '\\') {
        text += raw[i];
        continue;
      }
      constexpr std::string_view raw_names = "\"\\btnfr", values = "\"\\\b\t\n\f\r";
      const char name = raw[++i];
      if (const auto index = raw_names.find(name); index != raw_names.npos) {
        text += values[index];
        continue;
      }
      unsigned code = 0;
      const char* const digits = raw.data() + i + 1;
      if (name != 'u' || raw.size() - i < 5 || std::from_chars(digits, digits + 4, code, 16).ptr != digits + 4 ||
          code > 0x1f)
        return fail(), std::string{};
      text += static_cast<char>(code);
      i += 4;
    }
    return text;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Fills a column of a trend. Raises the trend's places to those of its prices and volumes.
template <ColumnKind kind, typename Value>
void read_value(RowReader& in, Value& value, Trend& trend) {
  if constexpr (requires { value.has_value(); }) {
    if (in.take_null()) return;
    read_value<kind>(in, value.emplace(), trend);
  } else if constexpr (kind == ColumnKind::Name) {
    value = in.string();
  } else if constexpr (kind == ColumnKind::Time) {
    value = in.checked(parse_window_time(in.string()));
  } else if constexpr (kind == ColumnKind::Price) {
    value = in.nanos(trend.price_places);
  } else if constexpr (kind == ColumnKind::Volume) {
    value = in.nanos(trend.volume_places);
  } else if constexpr (kind == ColumnKind::Ratio) {
    in.ratio(value);
  } else if constexpr (kind == ColumnKind::Count) {
    value = in.integer();
  } else {
    value = in.checked(parse_word<Value>(in.string()));
  }
}

std::optional<Trend> plain_trend(std::string_view json) {
  RowReader in(json);
  Trend trend;
  for_each_trend_column([&](auto column) {
    in.expect(column.name == "symbol" ? "{\"" : ",\"");
    in.expect(column.name);
    in.expect("\":");
    read_value<column.kind>(in, column.of(trend), trend);
  });
  in.expect("}");
  if (!in.ok()) return std::nullopt;
  return trend;
}

std::optional<JudgedBar> plain_judged_bar(std::string_view json) {
  RowReader in(json);
  JudgedBar bar;
  BarValues& values = bar.values;
  in.expect(R"({"symbol":)");
  bar.symbol = in.string();
  in.expect(R"(,"timestamp":)");
  values.time = in.checked(parse_written_timestamp(in.string()));
  in.expect(R"(,"open":)");
  values.open = in.price();
  in.expect(R"(,"high":)");
  values.high = in.price();
  in.expect(R"(,"low":)");
  values.low = in.price();
  in.expect(R"(,"close":)");
  values.close = in.price();
  in.expect(R"(,"volume":)");
  values.volume = Decimal{in.nanos()};
  in.expect(R"(,"vwap":)");
  if (!in.take_null()) values.vwap = known_vwap(in.price());
  in.expect(R"(,"price_change":)");
  values.price_change = Decimal{in.nanos()};
  in.expect(R"(,"pct_change":)");
  values.pct_change = Decimal{in.nanos()};
  in.expect(R"(,"direction":)");
  values.direction = in.checked(parse_direction(in.string()));
  in.expect(R"(,"trade_count":)");
  if (!in.take_null()) values.trade_count = OptionalCount{in.integer()};
  in.expect(R"(,"feed":)");
  bar.feed = in.optional_string();
  in.expect(R"(,"verdict":)");
  bar.verdict = in.checked(parse_verdict(in.string()));
  in.expect(R"(,"position":)");
  bar.position = in.integer();
  in.expect("}");
  if (!in.ok()) return std::nullopt;
  return bar;
}

std::optional<DeadLetter> plain_dead_letter(std::string_view json) {
  RowReader in(json);
  DeadLetter letter;
  in.expect(R"({"reason":)");
  letter.reason = in.checked(parse_reason(in.string()));
  in.expect(R"(,"field":)");
  letter.field = in.string();
  in.expect(R"(,"source":)");
  letter.source = in.string();
  in.expect(R"(,"position":)");
  letter.position = in.integer();
  in.expect(R"(,"record":)");
  if (!in.take_null()) {
    letter.record = in.string();
  } else {
    in.expect(R"(,"record_base64":)");
    letter.record = in.checked(parse_base64(in.string()));
  }
  if (in.take(R"(,"record_bytes":)")) letter.bytes_in_all = in.integer();
  in.expect("}");
  if (!in.ok()) return std::nullopt;
  return letter;
}

}  // namespace

std::optional<Trend> decode_trend(std::string_view json) {
  auto trend = plain_trend(json);
  return trend ? trend : trend_of_members(json);
}

std::optional<JudgedBar> decode_judged_bar(std::string_view json) {
  auto bar = plain_judged_bar(json);
  return bar ? bar : judged_bar_of_members(json);
}

std::optional<DeadLetter> decode_dead_letter(std::string_view json) {
  auto letter = plain_dead_letter(json);
  return letter ? letter : dead_letter_of_members(json);
}

}  // namespace tidemark
