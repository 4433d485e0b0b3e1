#include "core/wire/encode.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "core/market/trend_columns.h"
#include "core/number/places.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

// "00" … "99": two digits at a time.
constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr auto powers_of_ten = [] {
  std::array<std::uint64_t, 20> all{};
  std::uint64_t power = 1;
  for (auto& each : all) each = std::exchange(power, power * 10);
  return all;
}();

// 1 for 0. 1233/4096 is just above log10(2), so the guess from the bits is right or one too small.
constexpr int count_digits(std::uint64_t value) {
  const auto guess = static_cast<std::size_t>(std::bit_width(value | 1) * 1233 >> 12);
  return static_cast<int>(guess) + (value >= powers_of_ten[guess] ? 1 : 0) + (guess == 0 && value == 0 ? 1 : 0);
}

// Writes the digits of `value` so that they end at `end`. Returns where they begin.
char* write_digits_before(char* end, std::uint64_t value) {
  while (value >= 100) {
    end -= 2;
    std::memcpy(end, &digit_pairs[value % 100 * 2], 2);
    value /= 100;
  }
  if (value >= 10) {
    end -= 2;
    std::memcpy(end, &digit_pairs[value * 2], 2);
    return end;
  }
  *--end = static_cast<char>('0' + value);
  return end;
}

// The same with leading zeros up to `digits`.
char* write_padded_before(char* end, std::uint64_t value, int digits) {
  for (; digits >= 2; digits -= 2, value /= 100) {
    end -= 2;
    std::memcpy(end, &digit_pairs[value % 100 * 2], 2);
  }
  if (digits == 1) *--end = static_cast<char>('0' + value % 10);
  return end;
}

void write_four_digits(char* to, std::uint32_t value) {
  const std::uint32_t first = value / 100;
  std::memcpy(to, &digit_pairs[first * 2], 2);
  std::memcpy(to + 2, &digit_pairs[(value - first * 100) * 2], 2);
}

char* write_wide_before(char* end, UInt128 value) {
  constexpr std::uint64_t chunk = 10'000'000'000'000'000'000u;  // 10^19
  while ((value >> 64) != 0) {
    end = write_padded_before(end, static_cast<std::uint64_t>(value % chunk), 19);
    value /= chunk;
  }
  return write_digits_before(end, static_cast<std::uint64_t>(value));
}

constexpr bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// A row under construction in a stack buffer. Rows have a known maximum size, so no step checks for room. Names come
// from outside and go through append_json_string instead.
class RowWriter {
 public:
  template <std::size_t size>
  void text(const char (&literal)[size]) {
    std::memcpy(p_, literal, size - 1);
    p_ += size - 1;
  }
  void text(std::string_view text) {
    std::memcpy(p_, text.data(), text.size());
    p_ += text.size();
  }
  // `before` and the column's name as a key: one copy, because its size is known at compile time.
  template <char before, typename Column>
  void key() {
    static constexpr auto literal = [] {
      std::array<char, Column::name.size() + 4> text{before, '"'};
      std::ranges::copy(Column::name, text.begin() + 2);
      text[text.size() - 2] = '"';
      text[text.size() - 1] = ':';
      return text;
    }();
    std::memcpy(p_, literal.data(), literal.size());
    p_ += literal.size();
  }
  void integer(std::int64_t value) {
    if (value < 0) *p_++ = '-';
    digits(static_cast<std::uint64_t>(magnitude(value)));
  }
  void fixed4(std::int64_t units) {
    if (units < 0) *p_++ = '-';
    const auto size = static_cast<std::uint64_t>(magnitude(units));
    digits(size / 10'000);
    *p_ = '.';
    p_ += 5;
    write_padded_before(p_, size % 10'000, 4);
  }
  void fixed4(Int128 units) {
    if (units == static_cast<std::int64_t>(units)) return fixed4(static_cast<std::int64_t>(units));
    if (units < 0) *p_++ = '-';
    const UInt128 size = magnitude(units);
    char* begin = write_padded_before(scratch_end(), static_cast<std::uint64_t>(size % 10'000), 4);
    *--begin = '.';
    copy_from(write_wide_before(begin, size / 10'000));
  }
  // Units of 1e-9, a whole number of the last place. Separate from the two below, because it is rare and long.
  [[gnu::noinline]] void fixed(Int128 nanos, int places) {
    if (nanos < 0) *p_++ = '-';
    const UInt128 size = magnitude(nanos);
    copy_from(write_wide_before(scratch_end(), size / 1'000'000'000));
    if (places == 0) return;
    const auto fraction = static_cast<std::uint64_t>(size % 1'000'000'000);
    *p_ = '.';
    p_ += places + 1;
    write_padded_before(p_, fraction / static_cast<std::uint64_t>(unit_of_place(places)), places);
  }
  // Nearly always positive, in a machine word, with four places.
  void price(Int128 nanos, int places) {
    const auto size = static_cast<std::uint64_t>(nanos);
    if (places != 4 || static_cast<UInt128>(nanos) != size) return fixed(nanos, places);
    const std::uint64_t whole = size / 1'000'000'000;
    digits(whole);
    *p_ = '.';
    write_four_digits(p_ + 1, static_cast<std::uint32_t>(size - whole * 1'000'000'000) / 100'000);
    p_ += 5;
  }
  // Nearly always whole, in a machine word.
  void volume(Int128 nanos, int places) {
    const auto size = static_cast<std::uint64_t>(nanos);
    if (places != 0 || static_cast<UInt128>(nanos) != size) return fixed(nanos, places);
    digits(size / 1'000'000'000);
  }
  void decimal(Int128 nanos) {
    if (nanos < 0) *p_++ = '-';
    const UInt128 size = magnitude(nanos);
    const UInt128 whole = size / 1'000'000'000;
    auto fraction = static_cast<std::uint64_t>(size % 1'000'000'000);
    copy_from(write_wide_before(scratch_end(), whole));
    if (fraction == 0) return;
    int places = 9;
    for (; fraction % 10 == 0; fraction /= 10) --places;
    *p_++ = '.';
    copy_from(write_padded_before(scratch_end(), fraction, places));
  }
  // Writes a name that needs no escapes and fits. False: use append_json_string.
  bool plain_name(std::string_view name) {
    if (name.size() > 64 || std::any_of(name.begin(), name.end(), needs_escape)) return false;
    *p_++ = '"';
    text(name);
    *p_++ = '"';
    return true;
  }
  void window_time(EventTime time) {
    write_window_time(time, p_);
    p_ += window_time_size;
  }
  // Appends what was written to `out` and starts again.
  void flush(std::string& out) {
    out.append(row_.data(), p_);
    p_ = row_.data();
  }

 private:
  void digits(std::uint64_t value) {
    p_ += count_digits(value);
    write_digits_before(p_, value);
  }
  char* scratch_end() { return scratch_.data() + scratch_.size(); }
  void copy_from(const char* begin) {
    const auto size = static_cast<std::size_t>(scratch_end() - begin);
    std::memcpy(p_, begin, size);
    p_ += size;
  }

  std::array<char, 1024> row_;
  std::array<char, 48> scratch_;
  char* p_ = row_.data();
};

void append_name(std::string_view name, RowWriter& row, std::string& out) {
  if (row.plain_name(name)) return;
  row.flush(out);
  append_json_string(name, out);
}

// Writes the value of a trend's column.
template <ColumnKind kind, typename Value>
void append_value(const Value& value, const Trend& trend, RowWriter& row, std::string& out) {
  if constexpr (requires { value.has_value(); }) {
    if (!value.has_value()) return row.text("null");
    append_value<kind>(*value, trend, row, out);
  } else if constexpr (kind == ColumnKind::Name) {
    append_name(value, row, out);
  } else if constexpr (kind == ColumnKind::Time) {
    row.text("\"");
    row.window_time(value);
    row.text("\"");
  } else if constexpr (kind == ColumnKind::Price) {
    row.price(value, trend.price_places);
  } else if constexpr (kind == ColumnKind::Volume) {
    row.volume(value, trend.volume_places);
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

// A bar without the closing brace.
void append_open_bar(const Bar& bar, std::string& out) {
  const BarValues& values = bar.values;
  RowWriter row;
  row.text(R"({"symbol":)");
  append_name(bar.symbol, row, out);
  row.text(R"(,"timestamp":")");
  row.flush(out);
  append_timestamp(values.time, out);
  row.text(R"(","open":)");
  row.decimal(values.open.nanos);
  row.text(R"(,"high":)");
  row.decimal(values.high.nanos);
  row.text(R"(,"low":)");
  row.decimal(values.low.nanos);
  row.text(R"(,"close":)");
  row.decimal(values.close.nanos);
  row.text(R"(,"volume":)");
  row.decimal(values.volume.nanos);
  row.text(R"(,"vwap":)");
  if (values.vwap.has_value())
    row.decimal(values.vwap.value().nanos);
  else
    row.text("null");
  row.text(R"(,"price_change":)");
  row.decimal(values.price_change.nanos);
  row.text(R"(,"pct_change":)");
  row.decimal(values.pct_change.nanos);
  row.text(R"(,"direction":")");
  row.text(to_string(values.direction));
  row.text(R"(","trade_count":)");
  if (values.trade_count.has_value())
    row.integer(values.trade_count.value());
  else
    row.text("null");
  row.text(R"(,"feed":)");
  if (bar.feed)
    append_name(*bar.feed, row, out);
  else
    row.text("null");
  row.flush(out);
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // nothing from here on has been written yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    const auto c = static_cast<unsigned char>(text[i]);
    out.append(text, plain, i - plain);
    plain = i + 1;
    constexpr std::string_view raw = "\"\\\b\t\n\f\r", names = "\"\\btnfr";
    if (const auto named = raw.find(static_cast<char>(c)); named != raw.npos) {
      out += '\\';
      out += names[named];
    } else {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void append_decimal(Int128 nanos, std::string& out) {
  RowWriter row;
  row.decimal(nanos);
  row.flush(out);
}

void append_fixed4(Int128 units, std::string& out) {
  RowWriter row;
  row.fixed4(units);
  row.flush(out);
}

void append_fixed(Int128 nanos, int places, std::string& out) {
  RowWriter row;
  row.fixed(nanos, places);
  row.flush(out);
}

void append_bar(const Bar& bar, std::string& out) {
  append_open_bar(bar, out);
  out += '}';
}

void append_judged_bar(const Bar& bar, Verdict verdict, std::int64_t position, std::string& out) {
  append_open_bar(bar, out);
  out += R"(,"verdict":)";
  append_json_string(to_string(verdict), out);
  out += R"(,"position":)";
  out += std::to_string(position);
  out += '}';
}

void append_trend(const Trend& trend, std::string& out) {
  RowWriter row;
  for_each_trend_column([&](auto column) {
    constexpr std::string_view name = column.name;
    row.key<name == "symbol" ? '{' : ',', decltype(column)>();
    append_value<column.kind>(column.of(trend), trend, row, out);
  });
  row.text("}");
  row.flush(out);
}

}  // namespace tidemark
