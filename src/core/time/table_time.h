// Times as they stand in tables of bars (contract/semantics.md §6.6), where the contract's own grammar is one of several.
//
//     2026-01-05T14:30:00Z   2026-01-05 09:30:00-05:00   2026-01-05 09:30   2026-01-05   20260105   20260105 153000
//     1767623400   1767623400000   1767623400000000   1767623400000000000
//
// A date alone is its midnight. Whole numbers of 9–10, 12–13, 15–16 and 18–19 digits are seconds, ms, µs and ns since 1970.
#pragma once

#include <optional>
#include <string_view>

#include "core/time/time.h"
#include "core/time/time_zone.h"

namespace tidemark {

// `zone` is that of times without one. Empty when the text is anything else.
std::optional<EventTime> parse_table_time(std::string_view text, const TimeZone& zone);

// A whole number of seconds, ms, µs or ns since 1970, by its size.
std::optional<EventTime> table_time_from_number(std::int64_t number);

}  // namespace tidemark
