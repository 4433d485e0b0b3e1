#include "core/indicator/anchor.h"

#include <array>
#include <chrono>

#include "core/check.h"
#include "core/time/time_zone.h"

namespace tidemark {

EventTime AnchorRuler::anchor_of(EventTime time) {
  using std::chrono::days, std::chrono::hours, std::chrono::minutes;
  if (time >= begin_ && time < end_) return begin_;
  static const TimeZone new_york = TimeZone::parse("America/New_York").value();
  constexpr std::array<Duration, 3> anchors{hours(4), hours(9) + minutes(30), hours(20)};
  // New York is four or five hours behind: the anchors around the time lie on this date, the one before, or the next.
  const EventTime date = floor_to(time - hours(5), days(1));
  begin_ = EventTime::min();
  for (int day = -1; day <= 1; ++day)
    for (const Duration anchor : anchors) {
      const auto instant = new_york.instant(date + days(day) + anchor);  // no clock changes at these hours
      CHECK(instant.has_value());
      end_ = *instant;
      if (end_ > time) return begin_;
      begin_ = end_;
    }
  CHECK(false);
  return begin_;
}

}  // namespace tidemark
