#include "core/time/table_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono;

bool are_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool has_zone(std::string_view time) { return time.find_first_of("Z+-") != time.npos; }

std::optional<TableTime> instant_of(const WrittenTime& written, const TimeZone& zone) {
  if (written.offset) return TableTime{written.local - *written.offset};
  return table_time_from_local(written.local, zone);
}

// A date whose year is last. The order says which of the other two numbers is the month.
std::optional<EventTime> date_with_year_last(int first, int second, int year, DateOrder order) {
  if (order == DateOrder::Unknown) return std::nullopt;
  return order == DateOrder::MonthFirst ? midnight_of(year, first, second) : midnight_of(year, second, first);
}

std::optional<EventTime> read_date_by_month_name(TimeReader& in) {
  const auto month = in.month_name();
  if (!month) return std::nullopt;
  in.take('.');
  in.take_spaces();
  const int day = in.number(1, 2);
  in.take(',');
  in.take_spaces();
  return midnight_of(in.number(4, 4), static_cast<int>(*month), day);
}

std::optional<EventTime> read_date(TimeReader& in, DateOrder order) {
  const std::size_t digits = in.digits();
  if (digits == 0) return read_date_by_month_name(in);
  if (digits == 8) {
    const int year = in.number(4, 4), month = in.number(2, 2);
    return midnight_of(year, month, in.number(2, 2));
  }
  if (digits != 4 && digits > 2) return std::nullopt;
  const int first = in.number(1, 4);
  const char separator = in.peek();
  if (separator != '-' && separator != '/' && separator != '.' && separator != ' ') return std::nullopt;
  in.expect(separator);
  if (digits <= 2)
    if (const auto month = in.month_name()) {
      in.take('.');
      in.expect(separator);
      return midnight_of(in.number(4, 4), static_cast<int>(*month), first);
    }
  if (separator == ' ') return std::nullopt;
  const int second = in.number(1, 2);
  in.expect(separator);
  if (digits == 4) return midnight_of(first, second, in.number(1, 2));
  return date_with_year_last(first, second, in.number(4, 4), order);
}

// 24:00 is the end of the day (ISO 8601).
Duration read_time_of_day(TimeReader& in, bool is_four_digits) {
  const std::size_t digits = in.digits();
  const bool is_compact = digits == 6 || (digits == 4 && is_four_digits);
  if (!is_compact && digits != 1 && digits != 2) in.fail();
  const int h = in.number(1, 2);
  if (in.peek() == '-') {  // 12-PM
    in.expect('-');
    const auto half = in.half_of_day();
    if (!half || h < 1 || h > 12) return in.fail(), Duration{};
    return hours{h % 12} + *half;
  }
  int m = 0, s = 0;
  Duration fraction{0};
  const bool has_minutes = is_compact || in.take(':');
  if (has_minutes) m = in.number(2, 2);
  if (has_minutes && (is_compact ? in.digits() == 2 : in.take(':'))) {
    s = in.number(2, 2);
    if (in.take('.') || in.take(',')) fraction = in.fraction();
  }
  TimeReader behind = in;
  behind.take_spaces();
  const auto half = behind.half_of_day();
  if (half) in = behind;
  if (!has_minutes && !half) in.fail();
  if (m > 59 || s > 59 || h > 24 || (half && (h < 1 || h > 12))) in.fail();
  const Duration time = hours{half ? h % 12 : h} + half.value_or(hours{0}) + minutes{m} + seconds{s} + fraction;
  if (time > days{1} || (half && h > 12)) in.fail();
  return time;
}

// A time of day and an optional zone, up to the end of the text.
void read_rest(TimeReader& in, bool is_four_digits, WrittenTime& written) {
  written.local += read_time_of_day(in, is_four_digits);
  in.take_spaces();
  if (!in.at_end()) {
    written.offset = in.zone();
    if (!written.offset) in.fail();
  }
  if (!in.at_end()) in.fail();
}

// The separator between date and time: T, spaces, a comma or a semicolon; after 20260105 also a hyphen or underscore.
void read_separator(TimeReader& in, bool is_compact) {
  if (in.take('T') || in.take('t')) return;
  if (is_compact && (in.take('-') || in.take('_'))) return;
  bool found = in.take_spaces();
  if (in.take(',') || in.take(';')) found = true;
  in.take_spaces();
  if (!found) in.fail();
}

// 20260105 143000: common among vendors, so it has a fast path without a reader.
std::optional<EventTime> compact_time(std::string_view text) {
  if (text.size() != 15 || text[8] != ' ' || !are_digits(text.substr(0, 8)) || !are_digits(text.substr(9)))
    return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int h = two(9), m = two(11), s = two(13);
  const auto date = midnight_of(two(0) * 100 + two(2), two(4), two(6));
  if (!date || h > 23 || m > 59 || s > 59) return std::nullopt;
  return *date + hours{h} + minutes{m} + seconds{s};
}

std::optional<WrittenTime> read_written(std::string_view text, const TimeForm& form) {
  TimeReader in(text);
  in.take_spaces();
  const bool is_compact = in.digits() == 8;
  const auto date = read_date(in, form.order);
  if (!date || !in.ok()) return std::nullopt;
  WrittenTime written{*date, std::nullopt};
  if (!in.at_end()) {
    read_separator(in, is_compact);
    if (!in.at_end()) read_rest(in, form.is_time_of_day_four_digits, written);
  }
  return in.ok() ? std::optional(written) : std::nullopt;
}

std::optional<TableTime> read_with_format(std::string_view text, const TimeForm& form) {
  const auto read = form.format->read(text);
  if (!read) return std::nullopt;
  WrittenTime written = read->time;
  TimeReader in(read->rest);
  if (!in.at_end()) {
    read_separator(in, false);
    if (!in.at_end()) {
      const auto offset = written.offset;
      read_rest(in, form.is_time_of_day_four_digits, written);
      if (!written.offset) written.offset = offset;
    }
  }
  return in.ok() ? instant_of(written, form.zone) : std::nullopt;
}

// 202601051530 and 20260105153000.
std::optional<EventTime> date_of_digits(std::string_view digits) {
  TimeReader in(digits);
  const int year = in.number(4, 4), month = in.number(2, 2);
  const auto date = midnight_of(year, month, in.number(2, 2));
  const int h = in.number(2, 2), m = in.number(2, 2), s = in.at_end() ? 0 : in.number(2, 2);
  if (!date || !in.ok() || !in.at_end() || h > 23 || m > 59 || s > 59) return std::nullopt;
  return *date + hours{h} + minutes{m} + seconds{s};
}

std::optional<TableTime> time_of_digits(std::string_view digits, const TimeForm& form) {
  if (digits.size() == 12 || digits.size() == 14)
    if (const auto local = date_of_digits(digits)) return table_time_from_local(*local, form.zone);
  // As milliseconds these would be in 1976 or 1977. Among dates this is more likely a date that does not exist.
  if (digits.size() == 12 && digits >= "197001010000" && digits < "226201010000") return std::nullopt;
  std::int64_t number = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{}) return std::nullopt;
  const auto time = table_time_from_number(number);
  return time ? std::optional(TableTime{*time}) : std::nullopt;
}

// 1767623400.0, 1.7676234e9
bool is_number_with_point(std::string_view text) {
  if (text.size() < 8 || text.find_first_of(".eE") == text.npos) return false;
  const std::size_t point = text.find('.'), e = text.find_first_of("eE");
  const std::string_view whole = text.substr(0, std::min(point, e));
  const std::string_view fraction =
      point == text.npos ? std::string_view{} : text.substr(point + 1, e == text.npos ? e : e - point - 1);
  if (!are_digits(whole) || (point != text.npos && !are_digits(fraction)) || (whole.size() > 1 && whole[0] == '0'))
    return false;
  if (e == text.npos) return whole.size() >= 9;
  const std::string_view exponent = text.substr(e + 1);
  return are_digits(exponent.starts_with('+') ? exponent.substr(1) : exponent);
}

// The first two numbers of 01/05/2026, 5.1.2026, 05-01-2026.
std::optional<std::pair<int, int>> numbers_before_year(std::string_view text) {
  TimeReader in(text);
  in.take_spaces();
  if (in.digits() == 0 || in.digits() > 2) return std::nullopt;
  const int first = in.number(1, 2);
  const char separator = in.peek();
  if (separator != '/' && separator != '.' && separator != '-') return std::nullopt;
  in.expect(separator);
  const int second = in.number(1, 2);
  in.expect(separator);
  if (in.digits() != 4) return std::nullopt;
  in.number(4, 4);
  return in.ok() ? std::optional(std::pair(first, second)) : std::nullopt;
}

// The number of digits of a time of day without colons at the end of the text; 0 if there is none.
std::size_t digits_of_time(std::string_view text) {
  const std::size_t begin = text.find_last_of(" ;,T");
  if (begin == text.npos || begin < 8) return 0;
  const std::string_view last = text.substr(begin + 1);
  return are_digits(last) ? last.size() : 0;
}

Result<void> refuse(std::string message) { return std::unexpected(Error::setup(std::move(message))); }

}  // namespace

std::optional<TableTime> table_time_from_local(EventTime local, const TimeZone& zone) {
  const auto instant = zone.resolve(local);
  if (!instant) return std::nullopt;
  return TableTime{instant->time, instant->again, true};
}

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

std::optional<EventTime> table_time_from_decimal(const ParsedDecimal& number) {
  constexpr Int128 one = 1'000'000'000;
  if (number.out_of_range || number.nanos < 0 || number.nanos / one > INT64_MAX) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(number.nanos / one);
  const auto time = table_time_from_number(whole);
  if (!time || number.nanos % one == 0) return time;
  const std::int64_t unit = nanos_since_epoch(*time) / whole;  // of the number, in nanoseconds
  const Int128 fraction = number.nanos % one * unit;
  if (fraction % one != 0) return std::nullopt;
  return *time + Duration{static_cast<std::int64_t>(fraction / one)};
}

std::optional<TableTime> parse_table_time(std::string_view text, const TimeForm& form) {
  if (form.format) return read_with_format(text, form);
  if (text.size() > 8 && are_digits(text)) return time_of_digits(text, form);
  if (const auto time = parse_timestamp(text))
    return has_zone(text.substr(10)) ? TableTime{*time} : table_time_from_local(*time, form.zone);
  if (const auto time = compact_time(text)) return table_time_from_local(*time, form.zone);
  if (is_number_with_point(text)) {
    const auto time = table_time_from_decimal(parse_decimal(text));
    return time ? std::optional(TableTime{*time}) : std::nullopt;
  }
  const auto written = read_written(text, form);
  return written ? instant_of(*written, form.zone) : std::nullopt;
}

std::optional<Duration> parse_time_of_day(std::string_view text, const TimeForm& form) {
  TimeReader in(text);
  in.take_spaces();
  const Duration time = read_time_of_day(in, form.is_time_of_day_four_digits);
  in.take_spaces();
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return time;
}

Result<void> learn_time_form(std::span<const std::string> times, TimeForm& form) {
  if (form.format) {
    const auto fits = [&](const std::string& text) { return parse_table_time(text, form).has_value(); };
    if (times.empty() || std::ranges::any_of(times, fits)) return {};
    return refuse(fmt::format("--time-format {} fits none of its times, the first is \"{}\"", form.format->pattern(),
                              times.front()));
  }
  const std::string* unordered = nullptr;
  bool is_day_first = false, is_month_first = false, are_hours = !times.empty();
  std::size_t four = 0, other = 0;
  for (const std::string& text : times) {
    if (const auto numbers = numbers_before_year(text)) {
      if (!unordered) unordered = &text;
      is_day_first |= numbers->first > 12;
      is_month_first |= numbers->second > 12;
    }
    if (const std::size_t digits = digits_of_time(text)) ++(digits == 4 ? four : other);
    are_hours &= text.size() == 10 && are_digits(text) && date_of_digits(text + "00").has_value();
  }
  form.is_time_of_day_four_digits = four > 0 && other == 0;
  if (are_hours)
    return refuse(
        fmt::format("its times, such as {}, may be dates with an hour or seconds since 1970: use --time-format "
                    "%Y%m%d%H or --time-format %s",
                    times.front()));
  if (!unordered) return {};
  if (is_day_first == is_month_first) {
    const char separator = (*unordered)[unordered->find_first_of("/.-")];
    return refuse(fmt::format(
        "in its times, such as {0}, {1}: use --time-format %m{2}%d{2}%Y or %d{2}%m{2}%Y", *unordered,
        is_day_first ? "sometimes the day comes first and sometimes the month" : "nothing tells the month from the day",
        separator));
  }
  form.order = is_day_first ? DateOrder::DayFirst : DateOrder::MonthFirst;
  return {};
}

}  // namespace tidemark
