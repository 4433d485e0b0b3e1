#include "io/query/plain_number.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>

namespace tidemark {
namespace {

constexpr int first_kept_exponent = 21, last_kept_exponent = -13;

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

// A number with one digit before its point: 8.12e-06 is 812, 1 and -6.
struct Scientific {
  std::string digits;
  int exponent = 0;
};

// Where the number at the beginning of `text` ends; digits, a point, an exponent.
std::size_t length_of_number(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (is_decimal_digit(text[at]) || text[at] == '.')) ++at;
  std::size_t behind = at + 1;
  if (at == 0 || behind >= text.size() || (text[at] != 'e' && text[at] != 'E')) return at;
  if (text[behind] == '+' || text[behind] == '-') ++behind;
  if (behind >= text.size() || !is_decimal_digit(text[behind])) return at;
  while (behind < text.size() && is_decimal_digit(text[behind])) ++behind;
  return behind;
}

// `number` has no sign.
void append_plain(std::string_view number, std::string& out) {
  const auto e = number.find_first_of("eE");
  if (e == std::string_view::npos) {
    out += number;
    return;
  }
  Scientific value;
  auto begin = number.begin() + static_cast<std::ptrdiff_t>(e) + 1;
  if (*begin == '+') ++begin;
  const auto read = std::from_chars(begin, number.end(), value.exponent);
  const auto mantissa = number.substr(0, e);
  const bool has_one_digit = mantissa.size() == 1 || mantissa.find('.') == 1;
  if (read.ec != std::errc{} || !has_one_digit || value.exponent >= first_kept_exponent ||
      value.exponent <= last_kept_exponent) {
    out += number;
    return;
  }
  std::ranges::copy_if(mantissa, std::back_inserter(value.digits), is_decimal_digit);
  if (value.exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-value.exponent) - 1, '0');
    out += value.digits;
    return;
  }
  const auto whole = static_cast<std::size_t>(value.exponent) + 1;
  if (value.digits.size() <= whole) value.digits.append(whole + 1 - value.digits.size(), '0');
  out.append(value.digits, 0, whole);
  out += '.';
  out.append(value.digits, whole);
}

}  // namespace

void append_plain_numbers(std::string_view text, std::string& out) {
  char quote = 0;  // none: outside
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (quote == 0 && is_decimal_digit(c)) {
      const auto length = length_of_number(text.substr(at));
      append_plain(text.substr(at, length), out);
      at += length;
      continue;
    }
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote != 0 && c == '\\' && at + 1 < text.size()) {
      out += c;
      ++at;
    }
    out += text[at++];
  }
}

}  // namespace tidemark
