// Days as they are written: 2026-11-22, by UTC. format_date() of core/time/timestamp.h writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace tidemark {

// Empty when it is anything else: a date that does not exist, a year outside of those that windows have.
std::optional<std::chrono::sys_days> parse_day(std::string_view text);

}  // namespace tidemark
