#include "fuzz/slow_time.h"

#include <string>

namespace tidemark::fuzz {
namespace {

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int month, int year) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Whether `text` has this shape, in which 9 stands for any digit and everything else for itself.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = shape[i] == '9' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
    if (!fits) return false;
  }
  return true;
}

int number(std::string_view digits) { return std::stoi(std::string(digits)); }

}  // namespace

std::optional<std::int64_t> read_slow_time(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  const std::string_view clock = text.substr(0, 19);
  if (!has_shape(clock, "9999-99-99T99:99:99") && !has_shape(clock, "9999-99-99 99:99:99")) return std::nullopt;
  const int year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
  const int hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)), second = number(text.substr(17, 2));
  if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 || day > days_in(month, year))
    return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;

  text.remove_prefix(19);
  std::string fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') fraction += text[0], text.remove_prefix(1);
    if (fraction.empty() || fraction.size() > 9) return std::nullopt;
  }
  fraction.resize(9, '0');

  std::int64_t offset_minutes = 0;
  if (!text.empty() && text != "Z") {
    const std::string_view zone = text.substr(1);
    if ((text[0] != '+' && text[0] != '-') || (!has_shape(zone, "99:99") && !has_shape(zone, "9999")))
      return std::nullopt;
    const int hours = number(zone.substr(0, 2)), minutes = number(zone.substr(zone.size() - 2));
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset_minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }

  std::int64_t days = day - 1;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += days_in(m, year);
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second;
  return seconds * 1'000'000'000 + number(fraction);
}

}  // namespace tidemark::fuzz
