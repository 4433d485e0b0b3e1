#include "core/time/time_reader.h"

#include <algorithm>
#include <array>

#include "core/time/time_limits.h"

namespace tidemark {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

}  // namespace

bool TimeReader::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

void TimeReader::expect(char c) {
  if (!take(c)) fail();
}

bool TimeReader::take_spaces() {
  const std::size_t before = rest_.size();
  while (take(' ')) {
  }
  return rest_.size() < before;
}

std::size_t TimeReader::digits() const {
  return static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_digit) - rest_.begin());
}

int TimeReader::number(std::size_t least, std::size_t most) {
  const std::size_t count = std::min(digits(), most);
  if (count < least) return fail(), 0;
  int value = 0;
  for (const char c : rest_.substr(0, count)) value = value * 10 + (c - '0');
  rest_.remove_prefix(count);
  return value;
}

Duration TimeReader::fraction() {
  const std::size_t count = digits();
  if (count > 9) return fail(), Duration{};
  std::int64_t nanos = number(1, 9);
  for (std::size_t i = count; i < 9; ++i) nanos *= 10;
  return Duration{nanos};
}

bool TimeReader::take_word(std::string_view lower_case) {
  const std::string_view word = rest_.substr(0, lower_case.size());
  if (!std::ranges::equal(word, lower_case, {}, lower)) return false;
  if (rest_.size() > word.size() && is_letter(rest_[word.size()])) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::optional<unsigned> TimeReader::month_name() {
  for (unsigned i = 0; i < months.size(); ++i)
    if (take_word(months[i]) || take_word(months[i].substr(0, 3))) return i + 1;
  return take_word("sept") ? std::optional(9U) : std::nullopt;
}

std::optional<hours> TimeReader::half_of_day() {
  if (take_word("am")) return hours{0};
  if (take_word("pm")) return hours{12};
  return std::nullopt;
}

std::optional<seconds> TimeReader::offset() {
  const bool west = peek() == '-';
  if (!take('+') && !take('-')) return std::nullopt;
  const int h = number(2, 2);
  const bool has_colon = take(':');
  const int m = has_colon || digits() > 0 ? number(2, 2) : 0;
  if (h > 23 || m > 59) fail();
  const seconds offset = hours{h} + minutes{m};
  return west ? -offset : offset;
}

std::optional<seconds> TimeReader::zone() {
  if (take_word("z")) return seconds{0};
  if (take_word("utc") || take_word("gmt")) return offset().value_or(seconds{0});
  return offset();
}

std::optional<EventTime> midnight_of(int y, int m, int d) {
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!date.ok() || date.year() < first_year || date.year() > last_year) return std::nullopt;
  return EventTime{sys_days{date}};
}

}  // namespace tidemark
