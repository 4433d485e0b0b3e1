#include "io/tzdb/time_zones.h"

#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace tidemark {
namespace {

using namespace std::chrono;
using Seconds = cctz::time_point<cctz::seconds>;

constexpr sys_seconds first_needed = sys_days{year{1969} / 12 / 1};
constexpr sys_seconds end_of_needed = sys_days{year{2262} / 2 / 1};

// A name of the database, not a path to another file.
bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  return !name.empty() && name.front() != '/' && std::ranges::all_of(name, fits);
}

TimeZone::Offset offset_at(const cctz::time_zone& zone, Seconds instant) {
  return {EventTime{sys_seconds{instant.time_since_epoch()}}, seconds{zone.lookup(instant).offset}};
}

// The instant at which a clock goes from one civil second to another. Forward, the new time occurs once; back, twice.
Seconds instant_of(const cctz::time_zone& zone, const cctz::time_zone::civil_transition& change) {
  const auto found = zone.lookup(change.to);
  return found.kind == cctz::time_zone::civil_lookup::REPEATED ? found.trans : found.pre;
}

}  // namespace

Result<TimeZone> find_time_zone(std::string_view name) {
  cctz::time_zone zone;
  if (!is_name(name) || !cctz::load_time_zone(std::string(name), &zone))
    return std::unexpected(Error::setup(
        fmt::format("the system's tz database has no zone {} (package tzdata, /usr/share/zoneinfo)", name)));
  Seconds instant{first_needed.time_since_epoch()};
  std::vector<TimeZone::Offset> offsets{offset_at(zone, instant)};
  cctz::time_zone::civil_transition change;
  while (zone.next_transition(instant, &change)) {
    instant = instant_of(zone, change);
    if (sys_seconds{instant.time_since_epoch()} >= end_of_needed) break;
    const TimeZone::Offset next = offset_at(zone, instant);
    if (next.seconds != offsets.back().seconds) offsets.push_back(next);
  }
  return TimeZone::of_offsets(std::move(offsets));
}

}  // namespace tidemark
