#include "core/wire/table_number.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

bool has_suffix(FieldName field) { return field == FieldName::Volume || field == FieldName::TradeCount; }

// The power of ten that a letter behind a number says; 0: it is none.
int exponent_of_suffix(char letter) {
  switch (letter) {
    case 'k':
    case 'K':
      return 3;
    case 'm':
    case 'M':
      return 6;
    case 'b':
    case 'B':
      return 9;
    default:
      return 0;
  }
}

// Appends the digits in front of the decimal point; false when they are not grouped as thousands are: one to three
// digits, then groups of three (in India of two, the last of three).
bool append_whole(std::string_view text, char thousands, std::string& out) {
  std::size_t in_group = 0;
  bool is_grouped = false;
  for (const char c : text) {
    if (thousands != '\0' && c == thousands) {
      const bool fits = is_grouped ? in_group == 2 || in_group == 3 : in_group >= 1 && in_group <= 3;
      if (!fits) return false;
      is_grouped = true;
      in_group = 0;
    } else if (is_decimal_digit(c)) {
      out += c;
      ++in_group;
    } else {
      return false;
    }
  }
  if (is_grouped && in_group != 3) return false;
  return !(text.size() > 1 && text.front() == '0');
}

// The number in the grammar of JSON, so many powers of ten larger; empty where the text is none.
std::string as_json_number(std::string_view text, int exponent, const NumberForm& form) {
  std::string number;
  if (text.starts_with('-')) number += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find(form.decimal);
  const std::string_view whole = mantissa.substr(0, point);
  const std::string_view fraction = point == mantissa.npos ? std::string_view{} : mantissa.substr(point + 1);
  if (whole.empty() && fraction.empty()) return {};
  if (!append_whole(whole, form.thousands, number) || !std::ranges::all_of(fraction, is_decimal_digit)) return {};
  if (whole.empty()) number += '0';
  if (!fraction.empty()) number.append(1, '.').append(fraction);
  if (e == text.npos) return exponent == 0 ? number : fmt::format("{}e{}", number, exponent);
  std::string_view digits = text.substr(e + 1);
  const bool is_negative = digits.starts_with('-');
  if (is_negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 9 || !std::ranges::all_of(digits, is_decimal_digit)) return {};
  int said = 0;
  for (const char c : digits) said = said * 10 + (c - '0');
  return fmt::format("{}e{}", number, (is_negative ? -said : said) + exponent);
}

// What a number proves about a table.
enum class Proof : std::uint8_t { None, Point, PointAndCommas, Comma, CommaAndPoints, EitherComma };

bool is_in_thousands(std::string_view text, char separator) {
  std::string ignored;
  return append_whole(text, separator, ignored);
}

Proof proof_of(std::string_view text) {
  if (!text.empty() && exponent_of_suffix(text.back()) != 0) text.remove_suffix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto commas = std::ranges::count(text, ','), points = std::ranges::count(text, '.');
  if (text.find_first_not_of("0123456789.,") != text.npos) return Proof::None;
  if (commas == 0 && points == 1) {
    // 1.250 may be a thousand and more where the comma is the decimal one.
    const std::size_t point = text.find('.');
    const bool may_be_thousands = text.size() - point == 4 && point >= 1 && point <= 3 && text.front() != '0';
    return may_be_thousands ? Proof::None : Proof::Point;
  }
  if (commas > 0 && points > 0) {
    const bool is_point_last = text.rfind('.') > text.rfind(',');
    const char decimal = is_point_last ? '.' : ',', thousands = is_point_last ? ',' : '.';
    const std::size_t at = text.find(decimal);
    if (std::ranges::count(text, decimal) > 1 || !is_in_thousands(text.substr(0, at), thousands)) return Proof::None;
    return is_point_last ? Proof::PointAndCommas : Proof::CommaAndPoints;
  }
  if (commas > 1) return is_in_thousands(text, ',') ? Proof::PointAndCommas : Proof::None;
  if (points > 1) return is_in_thousands(text, '.') ? Proof::CommaAndPoints : Proof::None;
  if (commas == 1) return is_in_thousands(text, ',') ? Proof::EitherComma : Proof::Comma;
  return Proof::None;
}

}  // namespace

int NumberForm::exponent_of(FieldName field) const {
  switch (field) {
    case FieldName::Open:
    case FieldName::High:
    case FieldName::Low:
    case FieldName::Close:
    case FieldName::Vwap:
    case FieldName::PriceChange:
      return price_exponent;
    default:
      return 0;
  }
}

std::optional<ParsedDecimal> parse_table_number(std::string_view text, FieldName field, const NumberForm& form) {
  int exponent = form.exponent_of(field);
  if (form.is_plain() && exponent == 0) {
    const char* const end = text.data() + text.size();
    if (!text.empty() && end_of_number(text.data(), end) == end) return parse_decimal(text);
  }
  if (has_suffix(field) && !text.empty()) {
    const int suffix = exponent_of_suffix(text.back());
    if (suffix != 0) text.remove_suffix(1);
    exponent += suffix;
  }
  const std::string number = as_json_number(text, exponent, form);
  return number.empty() ? std::nullopt : std::optional(parse_decimal(number));
}

Result<void> learn_number_form(std::span<const std::string> numbers, NumberForm& form) {
  const std::string* either = nullptr;
  const std::string* with_point = nullptr;
  const std::string* with_comma = nullptr;
  bool has_thousands = false;
  for (const std::string& number : numbers) {
    const Proof proof = proof_of(number);
    if (proof == Proof::EitherComma && !either) either = &number;
    if ((proof == Proof::Point || proof == Proof::PointAndCommas) && !with_point) with_point = &number;
    if ((proof == Proof::Comma || proof == Proof::CommaAndPoints) && !with_comma) with_comma = &number;
    has_thousands |= proof == Proof::PointAndCommas;
  }
  const auto refuse = [](std::string message) { return std::unexpected(Error::setup(std::move(message))); };
  constexpr std::string_view cure = "say --decimal , or --thousands ,";
  if (with_point && with_comma)
    return refuse(fmt::format("its numbers are written in two ways, as {} and {}: {}", *with_point, *with_comma, cure));
  if (either && !with_point && !with_comma)
    return refuse(
        fmt::format("nothing tells whether the comma of its numbers, as {}, is a decimal one: {}", *either, cure));
  if (with_comma)
    form.decimal = ',', form.thousands = '.';
  else if (has_thousands || either)
    form.thousands = ',';
  return {};
}

}  // namespace tidemark
