#include "io/alpaca_server/exchange_time.h"

#include "core/check.h"
#include "core/time/time_zone.h"

namespace tidemark {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

constexpr minutes opening{9 * 60 + 30}, closing{16 * 60};

const TimeZone& new_york() {
  static const TimeZone zone = *TimeZone::parse("America/New_York");
  return zone;
}

// The clock of New York at this instant, as if it were UTC.
EventTime local_time(EventTime time) {
  const EventTime summer = time - hours(4);
  return new_york().instant(summer) == time ? summer : time - hours(5);
}

// No clock is moved at midnight, at one o'clock, or while a session lasts.
EventTime instant(EventTime local) {
  const auto found = new_york().instant(local);
  CHECK(found.has_value());
  return *found;
}

Duration shift(DayStart day) { return day == DayStart::Chicago ? hours(1) : hours(0); }

bool is_weekday(sys_days date) {
  const std::chrono::weekday day{date};
  return day != std::chrono::Saturday && day != std::chrono::Sunday;
}

}  // namespace

sys_days market_date(EventTime time, DayStart day) { return std::chrono::floor<days>(local_time(time) - shift(day)); }

EventTime start_of_day(sys_days date, DayStart day) { return instant(EventTime(date) + shift(day)); }

bool is_regular_session(EventTime time) {
  const EventTime local = local_time(time);
  const sys_days date = std::chrono::floor<days>(local);
  return is_weekday(date) && local - date >= opening && local - date < closing;
}

SessionTimes next_sessions(EventTime time) {
  const auto next = [&](minutes at) {
    for (sys_days date = market_date(time, DayStart::NewYork);; date += days(1)) {
      const EventTime moment = instant(EventTime(date) + at);
      if (is_weekday(date) && moment > time) return moment;
    }
  };
  return {.next_open = next(opening), .next_close = next(closing)};
}

}  // namespace tidemark
