// Times as they appear in tables of bars (contract/semantics.md §6.6). The contract's own grammar is one of several
// forms.
//
//     2026-01-05T14:30:00Z   2026-01-05 09:30:00-05:00   2026/1/5 9:30   2026.01.05   5-Jan-2026   Jan 5, 2026 9:30 AM
//     20260105   20260105 153000   20260105;153000   202601051530   20260105153000
//     1767623400   1767623400.0   1767623400000   1767623400000000   1767623400000000000
//     01/05/2026   05.01.2026 15:30                    if it is known whether the month or the day comes first
//
// A date alone is its midnight. Whole numbers of 9–10, 12–13, 15–16 and 18–19 digits are seconds, ms, µs and ns since
// 1970. 12 digits that form a date and a time of day are read as such, and 14 digits always are.
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
  TimeZone zone;                            // of times without a zone
  std::optional<TimeFormat> format;         // the stated format: then no other form is accepted
  DateOrder order = DateOrder::Unknown;     // of dates with the year last; unknown: they are rejected
  bool is_time_of_day_four_digits = false;  // 0930, not 093000
};

struct TableTime {
  EventTime time{};
  std::chrono::duration<std::int32_t> again{0};  // as in LocalInstant
  bool is_naive = false;                         // written without a zone, and not a number since 1970
};

// Empty if the text is no time.
std::optional<TableTime> parse_table_time(std::string_view text, const TimeForm& form);
// A local time that was not read from text, in the zone of the form.
std::optional<TableTime> table_time_from_local(EventTime local, const TimeZone& zone);
// A time of day alone, since midnight.
std::optional<Duration> parse_time_of_day(std::string_view text, const TimeForm& form);

// A whole number of seconds, ms, µs or ns since 1970. Its size tells the unit.
std::optional<EventTime> table_time_from_number(std::int64_t number);
// The same for a number that may have a fraction, such as 1767623400.0. Empty if it is no whole number of nanoseconds.
std::optional<EventTime> table_time_from_decimal(const ParsedDecimal& number);

// Learns from some times of a table what a single one does not show: whether month or day comes first, and how many
// digits a time of day has. The error says what is ambiguous, and the cure.
Result<void> learn_time_form(std::span<const std::string> times, TimeForm& form);

}  // namespace tidemark
