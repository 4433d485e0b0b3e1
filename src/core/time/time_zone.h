// Time zones: which instant a local time is that was written without its zone, as tables of bars do.
//
// UTC, a fixed offset, and New York, whose rules have been what they are here since 1970 (tz database, "US").
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

class TimeZone {
 public:
  constexpr TimeZone() = default;  // UTC
  // "UTC", "+05:30", "-0500", "America/New_York"; empty for anything else.
  static std::optional<TimeZone> parse(std::string_view name);

  // Of two instants (an hour comes twice each autumn) the first; none where no clock showed this time (in spring).
  // `local` is the time as if it were UTC.
  std::optional<EventTime> instant(EventTime local) const;

 private:
  std::chrono::seconds offset_{0};  // local time less this is UTC
  bool is_new_york_ = false;        // offset_ is the one of winter
};

}  // namespace tidemark
