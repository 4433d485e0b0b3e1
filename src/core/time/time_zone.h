// Time zones: the instant of a local time that was written without its zone, as tables of bars do.
//
//     UTC ── offset ──┬── offset ──┬── offset …        a zone is a list of offsets, each from an instant on
//                  begin        begin
//
// Built in are UTC, fixed offsets, and New York, whose rules since 1970 are in the code (tz database, "US"). All other
// zones are loaded from the system's tz database (io/tzdb).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time/time.h"

namespace tidemark {

// The instant of a local time. In autumn one hour of local times occurs twice: `time` is then the first instant, and
// the second one is `again` later.
struct LocalInstant {
  EventTime time{};
  std::chrono::duration<std::int32_t> again{0};  // seconds; 0: the local time occurs once
};

class TimeZone {
 public:
  // Local time minus UTC, from `begin` on.
  struct Offset {
    EventTime begin{};
    std::chrono::seconds seconds{0};
  };

  constexpr TimeZone() = default;  // UTC
  // "UTC", "+05:30", "-0500", "America/New_York"; empty for anything else.
  static std::optional<TimeZone> parse(std::string_view name);
  // Offsets in order of time, at least one. The first one also holds before its `begin`.
  static TimeZone of_offsets(std::vector<Offset> offsets);

  // `local` is the local time as if it were UTC. Empty if no clock showed it (in spring).
  std::optional<LocalInstant> resolve(EventTime local) const;
  // The first instant, if there are two.
  std::optional<EventTime> instant(EventTime local) const;

 private:
  struct Stretches;

  std::chrono::seconds offset_{0};              // if there is only one
  std::shared_ptr<const Stretches> stretches_;  // if there are several
};

}  // namespace tidemark
