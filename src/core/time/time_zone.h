// Time zones: which instant a local time is that was written without its zone, as tables of bars do.
//
//     UTC ── offset ──┬── offset ──┬── offset …        a zone is its offsets, each from an instant on
//                  begin        begin
//
// Known here are UTC, fixed offsets, and New York, whose rules have been what they are here since 1970 (tz database,
// "US"). All other zones come as data from the system's tz database (io/tzdb).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/time/time.h"

namespace tidemark {

// The instant of a local time. In autumn an hour of local times comes twice: then this is the first of the two instants,
// and the second is `again` later.
struct LocalInstant {
  EventTime time{};
  std::chrono::duration<std::int32_t> again{0};  // seconds; 0: the local time comes once
};

class TimeZone {
 public:
  // Local time less UTC, from `begin` on.
  struct Offset {
    EventTime begin{};
    std::chrono::seconds seconds{0};
  };

  constexpr TimeZone() = default;  // UTC
  // "UTC", "+05:30", "-0500", "America/New_York"; empty for anything else.
  static std::optional<TimeZone> parse(std::string_view name);
  // Offsets in the order of time, at least one; the first holds before its `begin`, too.
  static TimeZone of_offsets(std::vector<Offset> offsets);

  // `local` is the time as if it were UTC. None where no clock showed it (in spring).
  std::optional<LocalInstant> resolve(EventTime local) const;
  // Of two instants the first.
  std::optional<EventTime> instant(EventTime local) const;

 private:
  struct Stretches;

  std::chrono::seconds offset_{0};              // where there is one only
  std::shared_ptr<const Stretches> stretches_;  // or several
};

}  // namespace tidemark
