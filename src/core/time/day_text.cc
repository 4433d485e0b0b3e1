#include "core/time/day_text.h"

#include <string>

#include "core/time/timestamp.h"

namespace tidemark {

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  const auto midnight = parse_window_time(std::string(text) + " 00:00:00");
  if (text.size() != 10 || !midnight) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*midnight);
}

}  // namespace tidemark
