// Time zones by name from the system's tz database, in /usr/share/zoneinfo or $TZDIR (package tzdata), read by cctz.
// Rules without an end are followed to the end of 2261.
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/time/time_zone.h"

namespace tidemark {

// "Europe/Berlin". A name that the system does not have is a setup error.
Result<TimeZone> find_time_zone(std::string_view name);

}  // namespace tidemark
