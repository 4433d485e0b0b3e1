#include "fuzz/slow_number.h"

#include <algorithm>

namespace tidemark::fuzz {
namespace {

constexpr std::int64_t places = 9;
// More than the digits of any record, so a larger exponent decides alone; and small enough to loop over.
constexpr std::int64_t most_exponent = 300'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void add_one(std::string& digits) {
  for (std::size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '9') return static_cast<void>(++digits[i]);
    digits[i] = '0';
  }
  digits.insert(0, "1");
}

}  // namespace

std::size_t end_of_slow_number(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  const auto at_digit = [&] { return at < text.size() && is_digit(text[at]); };
  const auto digits = [&] {
    const std::size_t from = at;
    while (at_digit()) ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0')
    ++at;  // a zero has no further digits
  else if (digits() == 0)
    return begin;
  if (at_digit()) return begin;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return begin;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return begin;
  }
  return at;
}

SlowNumber read_slow_number(std::string_view text) {
  SlowNumber number;
  std::int64_t behind_point = 0, exponent = 0;
  std::size_t at = 0;
  if (text[at] == '-') number.negative = true, ++at;
  for (bool point = false; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    number.digits += text[at];
    behind_point += point ? 1 : 0;
  }
  if (at < text.size()) {
    ++at;
    const bool down = text[at] == '-';
    for (; at < text.size(); ++at)
      if (is_digit(text[at])) exponent = std::min(exponent * 10 + (text[at] - '0'), most_exponent);
    if (down) exponent = -exponent;
  }
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  // The value is digits · 10^(exponent − behind_point); its units are nine places further left.
  const std::int64_t shift = exponent - behind_point + places;
  if (number.digits.empty()) {
    number.negative = false;
    return number;
  }
  if (shift >= 0) {
    number.digits.append(static_cast<std::size_t>(shift), '0');
    return number;
  }
  const auto cut = static_cast<std::size_t>(-shift);
  if (cut > number.digits.size()) {
    number.digits.clear();
  } else {
    const std::size_t kept = number.digits.size() - cut;
    const bool up = number.digits[kept] >= '5';
    number.digits.resize(kept);
    if (up) add_one(number.digits);
  }
  number.negative = number.negative && !number.digits.empty();
  return number;
}

int compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b) < 0 ? -1 : a.compare(b) > 0 ? 1 : 0;
}

Int128 to_int128(const SlowNumber& number) {
  Int128 value = 0;
  for (const char digit : number.digits) value = value * 10 + (digit - '0');
  return number.negative ? -value : value;
}

}  // namespace tidemark::fuzz
