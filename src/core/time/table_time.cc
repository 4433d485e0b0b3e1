#include "core/time/table_time.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

bool are_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A compact date or time with its separators put in: 20260105 → 2026-01-05, 153000 → 15:30:00.
std::string spread(std::string_view digits, std::size_t first, char separator) {
  std::string text(digits.substr(0, first));
  for (std::size_t i = first; i < digits.size(); i += 2) text.append(1, separator).append(digits.substr(i, 2));
  return text;
}

bool has_zone(std::string_view time) { return time.find_first_of("Z+-") != time.npos; }

// The text in the contract's grammar: date, T, time with seconds; what is no time stays what it is.
std::string completed(std::string_view text) {
  const bool is_compact = text.size() >= 8 && are_digits(text.substr(0, 8));
  const std::size_t date_size = is_compact ? 8 : 10;
  std::string all = is_compact ? spread(text.substr(0, 8), 4, '-') : std::string(text.substr(0, date_size));
  std::string_view time = text.substr(std::min(text.size(), date_size));
  if (time.empty()) return all + "T00:00:00";
  if (time.front() != 'T' && time.front() != ' ') return {};
  time.remove_prefix(1);
  all += 'T';
  if (time.size() == 6 && are_digits(time)) return all + spread(time, 2, ':');
  all += time;
  if (time.size() == 5) all += ":00";
  return all;
}

}  // namespace

std::optional<EventTime> table_time_from_number(std::int64_t number) {
  struct Unit {
    std::int64_t least, end, nanos;
  };
  constexpr std::int64_t second = 1'000'000'000;
  constexpr Unit units[] = {{100'000'000, 10 * second, second},
                            {100 * second, 10'000 * second, 1'000'000},
                            {100'000 * second, 10'000'000 * second, 1'000},
                            {100'000'000 * second, INT64_MAX, 1}};
  for (const Unit& unit : units)
    if (number >= unit.least && number < unit.end && number < INT64_MAX / unit.nanos)
      return event_time_from_nanos(number * unit.nanos);
  return std::nullopt;
}

std::optional<EventTime> parse_table_time(std::string_view text, const TimeZone& zone) {
  if (text.size() > 8 && are_digits(text)) {
    std::int64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) return std::nullopt;
    return table_time_from_number(number);
  }
  auto time = parse_timestamp(text);
  if (!time) time = parse_timestamp(completed(text));
  if (!time) return std::nullopt;
  return text.size() > 10 && has_zone(text.substr(10)) ? time : zone.instant(*time);
}

}  // namespace tidemark
