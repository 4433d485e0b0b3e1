// Times as they stand in tables of bars (contract/semantics.md §6.6), where the contract's own grammar is one of several.
//
//     2026-01-05T14:30:00Z   2026-01-05 09:30:00-05:00   2026/1/5 9:30   2026.01.05   5-Jan-2026   Jan 5, 2026 9:30 AM
//     20260105   20260105 153000   20260105;153000   202601051530   20260105153000
//     1767623400   1767623400.0   1767623400000   1767623400000000   1767623400000000000
//     01/05/2026   05.01.2026 15:30                    once it is known whether the month or the day stands first
//
// A date alone is its midnight. Whole numbers of 9–10, 12–13, 15–16 and 18–19 digits are seconds, ms, µs and ns since
// 1970, but 12 digits that are a date and a time of day are one; 14 digits always are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/number/decimal.h"
#include "core/result.h"
#include "core/time/time.h"
#include "core/time/time_format.h"
#include "core/time/time_zone.h"

namespace tidemark {

enum class DateOrder : std::uint8_t { Unknown, MonthFirst, DayFirst };

// How the times of one table are written.
struct TimeForm {
  TimeZone zone;                            // of times without one
  std::optional<TimeFormat> format;         // as it was said: then no other form is a time
  DateOrder order = DateOrder::Unknown;     // of dates whose year stands last; unknown: they are no times
  bool is_time_of_day_four_digits = false;  // 0930 and not 093000
};

struct TableTime {
  EventTime time{};
  std::chrono::duration<std::int32_t> again{0};  // as LocalInstant
  bool is_naive = false;                         // it was written without a zone, and is no number since 1970
};

// Empty when the text is no time.
std::optional<TableTime> parse_table_time(std::string_view text, const TimeForm& form);
// A local time whose parts were no text: of the form's zone.
std::optional<TableTime> table_time_from_local(EventTime local, const TimeZone& zone);
// A time of day by itself, since midnight.
std::optional<Duration> parse_time_of_day(std::string_view text, const TimeForm& form);

// A whole number of seconds, ms, µs or ns since 1970, by its size.
std::optional<EventTime> table_time_from_number(std::int64_t number);
// The same of a number that may have a fraction, as 1767623400.0; none when it is no whole number of nanoseconds.
std::optional<EventTime> table_time_from_decimal(const ParsedDecimal& number);

// Learns from some times of a table what they alone do not say: whether month or day stands first, and how many digits
// a time of day has. An error says what nobody can know, and the cure.
Result<void> learn_time_form(std::span<const std::string> times, TimeForm& form);

}  // namespace tidemark
