// Time zones by their names in the tz database: as the system has them, in /usr/share/zoneinfo or $TZDIR (package
// tzdata), read by cctz. Rules that go on for ever are followed to the end of 2261.
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/time/time_zone.h"

namespace tidemark {

// "Europe/Berlin". A name that the system does not have is an error of the set-up.
Result<TimeZone> find_time_zone(std::string_view name);

}  // namespace tidemark
