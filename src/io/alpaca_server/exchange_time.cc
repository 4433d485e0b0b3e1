#include "io/alpaca_server/exchange_time.h"

#include "core/check.h"
#include "core/time/exchange_calendar.h"
#include "core/time/time_zone.h"

namespace tidemark {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;

const TimeZone& new_york() {
  static const TimeZone zone = *TimeZone::parse("America/New_York");
  return zone;
}

// The local time in New York at this instant, as if it were UTC.
EventTime local_time(EventTime time) {
  const EventTime summer = time - hours(4);
  return new_york().instant(summer) == time ? summer : time - hours(5);
}

// Clocks never change at midnight or at one o'clock.
EventTime instant(EventTime local) {
  const auto found = new_york().instant(local);
  CHECK(found.has_value());
  return *found;
}

Duration shift(DayStart day) { return day == DayStart::Chicago ? hours(1) : hours(0); }

}  // namespace

sys_days market_date(EventTime time, DayStart day) { return std::chrono::floor<days>(local_time(time) - shift(day)); }

EventTime start_of_day(sys_days date, DayStart day) { return instant(EventTime(date) + shift(day)); }

SessionTimes next_sessions(EventTime time) {
  const TradingDay last = last_trading_day(time), next = next_trading_day(time);
  return {.next_open = last.open > time ? last.open : next.open,
          .next_close = last.close > time ? last.close : next.close};
}

}  // namespace tidemark
