// Timestamps: the text form of event times (contract/semantics.md, bars).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

// Reads `YYYY-MM-DD(T| )HH:MM:SS[.1-9 digits][Z|±HH:MM|±HHMM]`; without a zone it is UTC. Empty for anything else: a
// date that does not exist, a year outside 1970–2261, second 60.
std::optional<EventTime> parse_timestamp(std::string_view text);

// Reads back what append_timestamp wrote. An offset may have moved a bar slightly outside of those years.
std::optional<EventTime> parse_written_timestamp(std::string_view text);

// `2026-11-22T14:30:00Z`, with as many fraction digits as needed.
void append_timestamp(EventTime time, std::string& out);
std::string format_timestamp(EventTime time);

// `2026-11-22 14:30:00`, the form of a window's times. Whole seconds only.
constexpr std::size_t window_time_size = 19;
void write_window_time(EventTime time, char* out);  // exactly window_time_size bytes
std::string format_window_time(EventTime time);
std::optional<EventTime> parse_window_time(std::string_view text);

// `2026-11-22`: the UTC date, which names a day of the lake (dt=…).
std::string format_date(EventTime time);

}  // namespace tidemark
