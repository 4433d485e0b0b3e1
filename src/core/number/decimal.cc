#include "core/number/decimal.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tidemark {
namespace {

constexpr int places = 9;
constexpr int most_digits = 38;  // 10^38 < 2^127

constexpr std::array<std::uint64_t, 10> powers_of_ten = {1,       10,        100,        1'000,       10'000,
                                                         100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The parts of a number's text: digits d₀d₁…dₙ (the point taken out) times ten to `exponent`.
struct Parts {
  bool negative = false;
  std::string_view whole, fraction;
  std::int64_t exponent = 0;
};

std::int64_t parse_exponent(std::string_view text) {
  constexpr std::int64_t far_away = 1'000'000'000;  // beyond any text that fits in a record
  const bool negative = text.front() == '-';
  if (!is_digit(text.front())) text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : text) value = std::min(far_away, value * 10 + (c - '0'));
  return negative ? -value : value;
}

Parts split(std::string_view text) {
  Parts parts;
  if (text.front() == '-') {
    parts.negative = true;
    text.remove_prefix(1);
  }
  if (const auto e = text.find_first_of("eE"); e != text.npos) {
    parts.exponent = parse_exponent(text.substr(e + 1));
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  parts.whole = text.substr(0, point);
  if (point != text.npos) parts.fraction = text.substr(point + 1);
  return parts;
}

// Any length and exponent, digit by digit: for the numbers that the fast path does not take.
ParsedDecimal parse_slowly(std::string_view text) {
  const Parts parts = split(text);
  const std::int64_t all = static_cast<std::int64_t>(parts.whole.size() + parts.fraction.size());
  const auto digit = [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    return (index < parts.whole.size() ? parts.whole[index] : parts.fraction[index - parts.whole.size()]) - '0';
  };
  std::int64_t first = 0;
  while (first < all && digit(first) == 0) ++first;
  if (first == all) return {};
  // Digits [first, kept) stand at or above the ninth place.
  const std::int64_t kept = static_cast<std::int64_t>(parts.whole.size()) + parts.exponent + places;
  // The digits in [from, kept), with the ninth place rounded.
  const auto rounded_from = [&](std::int64_t from) {
    Int128 units = 0;
    for (std::int64_t i = from; i < kept; ++i) units = units * 10 + (i < all ? digit(i) : 0);
    if (kept >= first && kept < all && digit(kept) >= 5) ++units;
    return units;
  };
  if (kept - first > most_digits) {
    const Int128 fraction = rounded_from(kept - places);
    return {0, true, parts.negative, fraction % powers_of_ten[places] != 0};
  }
  const Int128 nanos = rounded_from(first);
  return {parts.negative ? -nanos : nanos, false, parts.negative};
}

}  // namespace

ParsedDecimal parse_decimal(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  const bool negative = *p == '-';
  if (negative) ++p;
  if (end - p > 19) return parse_slowly(text);  // at most 18 digits and a point: fits in 64 bits
  std::uint64_t units = 0;
  while (p != end && is_digit(*p)) units = units * 10 + static_cast<std::uint64_t>(*p++ - '0');
  std::ptrdiff_t fraction = 0;
  if (p != end && *p == '.') {
    const char* const point = ++p;
    while (p != end && is_digit(*p)) units = units * 10 + static_cast<std::uint64_t>(*p++ - '0');
    fraction = p - point;
  }
  if (p != end || fraction > places) return parse_slowly(text);
  const Int128 nanos = static_cast<Int128>(units) * powers_of_ten[static_cast<std::size_t>(places - fraction)];
  return {negative ? -nanos : nanos, false, negative};
}

}  // namespace tidemark
