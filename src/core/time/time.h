// Event time: when something happened in the market according to the data; never "now".
//
// Nanoseconds since 1970-01-01T00:00:00Z in 64 bits: 1677 to 2262.
#pragma once

#include <chrono>
#include <cstdint>

namespace tidemark {

using Duration = std::chrono::nanoseconds;
using EventTime = std::chrono::sys_time<Duration>;

constexpr EventTime event_time_from_nanos(std::int64_t nanos) { return EventTime{Duration{nanos}}; }
constexpr std::int64_t nanos_since_epoch(EventTime time) { return time.time_since_epoch().count(); }

// The latest multiple of `step` since the epoch that is not after `time`.
constexpr EventTime floor_to(EventTime time, Duration step) {
  const Duration since = time.time_since_epoch();
  Duration rest = since % step;
  if (rest < Duration::zero()) rest += step;
  return EventTime{since - rest};
}

}  // namespace tidemark
