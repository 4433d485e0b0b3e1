// Days as text: 2026-11-22, in UTC. format_date() of core/time/timestamp.h writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace tidemark {

// Empty for anything else: a date that does not exist, or a year outside the range of windows.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

}  // namespace tidemark
