// A row of JSON under construction: names, numbers and fixed text, written straight to where they stay.
//
// The writer holds only the place where it goes on, and its functions are inlined, so that this place stays in a register.
// Functions that are rare and long take it and return it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "core/market/ordinary_trend.h"
#include "core/market/symbol_name.h"
#include "core/number/integer.h"
#include "core/number/places.h"
#include "core/wire/eight_bytes.h"

namespace tidemark {

// "00" … "99": two digits at a time.
inline constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

inline constexpr auto powers_of_ten = [] {
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
inline char* write_digits_before(char* end, std::uint64_t value) {
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
inline char* write_padded_before(char* end, std::uint64_t value, int digits) {
  for (; digits >= 2; digits -= 2, value /= 100) {
    end -= 2;
    std::memcpy(end, &digit_pairs[value % 100 * 2], 2);
  }
  if (digits == 1) *--end = static_cast<char>('0' + value % 10);
  return end;
}

inline void write_four_digits(char* to, std::uint32_t value) {
  const std::uint32_t first = value / 100;
  std::memcpy(to, &digit_pairs[first * 2], 2);
  std::memcpy(to + 2, &digit_pairs[(value - first * 100) * 2], 2);
}

inline char* write_wide_before(char* end, UInt128 value) {
  constexpr std::uint64_t chunk = 10'000'000'000'000'000'000u;  // 10^19
  while ((value >> 64) != 0) {
    end = write_padded_before(end, static_cast<std::uint64_t>(value % chunk), 19);
    value /= chunk;
  }
  return write_digits_before(end, static_cast<std::uint64_t>(value));
}

constexpr bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The most bytes that a character or a byte of a name takes: \u001f.
inline constexpr std::size_t most_escape_bytes = 6;

// Writes a character that needs an escape. Returns the end.
char* write_escape(char* p, char c);

class RowWriter {
 public:
  // Names apart, no row is longer. Functions that write whole words write beyond the end of the text.
  static constexpr std::size_t most_bytes = 1024 + 64;

  explicit RowWriter(char* to) : p_(to) {}
  char* end() const { return p_; }

  template <std::size_t size>
  [[gnu::always_inline]] void text(const char (&literal)[size]) {
    std::memcpy(p_, literal, size - 1);
    p_ += size - 1;
  }
  [[gnu::always_inline]] void text(std::string_view text) {
    std::memcpy(p_, text.data(), text.size());
    p_ += text.size();
  }
  // `before` and the column's name as a key: one copy, because its size is known at compile time.
  template <char before, typename Column>
  [[gnu::always_inline]] void key() {
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
  [[gnu::always_inline]] void integer(std::int64_t value) {
    if (static_cast<std::uint64_t>(value) < 10) {
      *p_++ = static_cast<char>('0' + value);
      return;
    }
    if (value < 0) *p_++ = '-';
    digits(static_cast<std::uint64_t>(magnitude(value)));
  }
  [[gnu::always_inline]] void fixed4(std::int64_t units) {
    const std::uint64_t size = units < 0 ? -static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
    *p_ = '-';
    p_ += units < 0 ? 1 : 0;  // no branch: nobody can predict it
    if (size < most_of_eight_digits) return fixed4_of_eight_digits(static_cast<std::uint32_t>(size));
    p_ = write_fixed4(p_, static_cast<Int128>(size));
  }
  [[gnu::always_inline]] void fixed4(Int128 units) {
    if (units == static_cast<std::int64_t>(units)) return fixed4(static_cast<std::int64_t>(units));
    p_ = write_fixed4(p_, units);
  }
  // Units of 1e-9, a whole number of the last place. Separate from the two below, because it is rare and long.
  void fixed(Int128 nanos, int places) { p_ = write_fixed(p_, nanos, places); }
  [[gnu::always_inline]] void last_places(LastPlaces value, int places) {
    if (places == 4) return fixed4(value.count);
    if (places == 0 && value.count >= 0) return digits(static_cast<std::uint64_t>(value.count));
    fixed(static_cast<Int128>(value.count) * unit_of_place(places), places);
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
  void decimal(Int128 nanos) { p_ = write_decimal(p_, nanos); }
  // A name in quotes, with the escapes that JSON demands.
  void name(std::string_view name) { p_ = write_name(p_, name); }
  // A name without escapes in one copy.
  [[gnu::always_inline]] void name(const SymbolName& name) {
    std::uint64_t special = 0;
    for (const std::uint64_t word : name.words())
      special |= zero_bytes(word ^ each_byte * '"') | zero_bytes(word ^ each_byte * '\\');
    if (special != 0) return this->name(name.text());
    *p_++ = '"';
    std::memcpy(p_, name.words().data(), sizeof(name.words()));
    p_ += name.size();
    *p_++ = '"';
  }

 private:
  static constexpr std::uint64_t most_of_eight_digits = 100'000'000;
  static constexpr std::uint64_t zeros = each_byte * '0';

  static char* write_decimal(char* p, Int128 nanos);
  static char* write_fixed(char* p, Int128 nanos, int places);
  static char* write_fixed4(char* p, Int128 units);
  static char* write_digits(char* p, std::uint64_t value);
  static char* write_name(char* p, std::string_view name);

  // Up to four digits, a point, four digits. Writes whole words: there is room behind every row.
  [[gnu::always_inline]] void fixed4_of_eight_digits(std::uint32_t units) {
    const std::uint64_t all = eight_digits_of(units);
    constexpr std::uint64_t last_whole_digit = std::uint64_t{1} << 24;  // is written even if it is 0
    const std::size_t skipped = first_marked(all | last_whole_digit);
    const std::uint64_t text = (all | zeros) >> (8 * skipped), fraction = (all | zeros) >> 32 << 8 | '.';
    std::memcpy(p_, &text, sizeof(text));
    p_ += 4 - skipped;
    std::memcpy(p_, &fraction, sizeof(fraction));
    p_ += 5;
  }
  [[gnu::always_inline]] void digits(std::uint64_t value) {
    if (value >= most_of_eight_digits) {
      p_ = write_digits(p_, value);
      return;
    }
    const std::uint64_t all = eight_digits_of(static_cast<std::uint32_t>(value));
    constexpr std::uint64_t last_digit = std::uint64_t{1} << 56;
    const std::size_t skipped = first_marked(all | last_digit);
    const std::uint64_t text = (all | zeros) >> (8 * skipped);
    std::memcpy(p_, &text, sizeof(text));
    p_ += 8 - skipped;
  }

  char* p_;
};

// Appends to `out` what `write` writes: a row whose names have `name_bytes` bytes.
template <typename Write>
[[gnu::always_inline]] inline void append_row(std::string& out, std::size_t name_bytes, Write write) {
  const std::size_t before = out.size();
  out.resize_and_overwrite(before + RowWriter::most_bytes + name_bytes * most_escape_bytes,
                           [&] [[gnu::always_inline]] (char* text, std::size_t) {
                             return static_cast<std::size_t>(write(RowWriter(text + before)) - text);
                           });
}

}  // namespace tidemark
