// Durations as people write them: 90s, 5m, 2h, 1d.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

// A whole number and one unit of s, m, h, d (no unit: seconds). Empty for anything else.
std::optional<Duration> parse_duration(std::string_view text);

// The shortest such text with the same meaning: 120 s → "2m".
std::string format_duration(Duration duration);

}  // namespace tidemark
