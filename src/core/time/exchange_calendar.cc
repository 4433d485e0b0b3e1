#include "core/time/exchange_calendar.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/enum_names.h"
#include "core/time/time_zone.h"

namespace tidemark {
namespace {

using namespace std::chrono;

// Extra closings: September 2001; the funerals of Reagan and Ford; hurricane Sandy; the funerals of Bush and Carter.
constexpr std::array closed_days{2001y / 9 / 11, 2001y / 9 / 12,  2001y / 9 / 13,  2001y / 9 / 14, 2004y / 6 / 11,
                                 2007y / 1 / 2,  2012y / 10 / 29, 2012y / 10 / 30, 2018y / 12 / 5, 2025y / 1 / 9};

// Gregorian Easter Sunday (Meeus, Jones, Butcher).
sys_days easter(year of) {
  const int y = int(of), a = y % 19, b = y / 100, c = y % 100;
  const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return sys_days(of / month(static_cast<unsigned>(n / 31)) / day(static_cast<unsigned>(n % 31 + 1)));
}

// A holiday on a Saturday is observed on Friday, one on a Sunday on Monday.
sys_days observed(year_month_day date) {
  const weekday on(date);
  return sys_days(date) + (on == Saturday ? days(-1) : on == Sunday ? days(1) : days(0));
}

bool is_holiday(sys_days date) {
  const year_month_day ymd(date);
  const year y = ymd.year();
  if (std::ranges::find(closed_days, ymd) != closed_days.end()) return true;
  // New Year's Day on a Saturday is not observed on the Friday, because the year's books close on that day.
  if (weekday(y / 1 / 1) != Saturday && date == observed(y / 1 / 1)) return true;
  if (y >= 1998y && date == sys_days(y / 1 / Monday[3])) return true;  // Martin Luther King
  if (date == sys_days(y / 2 / Monday[3])) return true;                // Washington
  if (date == easter(y) - days(2)) return true;                        // Good Friday
  if (date == sys_days(y / 5 / Monday[last])) return true;             // Memorial Day
  if (y >= 2022y && date == observed(y / 6 / 19)) return true;         // Juneteenth
  if (date == observed(y / 7 / 4)) return true;                        // Independence Day
  if (date == sys_days(y / 9 / Monday[1])) return true;                // Labor Day
  if (date == sys_days(y / 11 / Thursday[4])) return true;             // Thanksgiving
  return date == observed(y / 12 / 25);                                // Christmas
}

// For a day that is no holiday: the day before Independence Day unless that is observed on a Monday, the day after
// Thanksgiving, Christmas Eve.
bool is_half_day(sys_days date) {
  const year_month_day ymd(date);
  const year y = ymd.year();
  if (ymd == y / 7 / 3) return true;
  if (date == sys_days(y / 11 / Thursday[4]) + days(1)) return true;
  return ymd == y / 12 / 24;
}

EventTime in_new_york(sys_days date, minutes at) {
  static const TimeZone zone = *TimeZone::parse("America/New_York");
  const auto instant = zone.instant(EventTime(date) + at);
  CHECK(instant);  // clocks never change during a session
  return *instant;
}

// The date in New York, correct at every moment of a trading session.
sys_days date_around(EventTime time) { return floor<days>(time - hours(5)); }

}  // namespace

constexpr EnumNames<Session, 4> session_names{"closed", "pre", "regular", "post"};

std::string_view to_string(Session session) { return session_names[session]; }

std::optional<TradingDay> trading_day(sys_days date) {
  const weekday on(date);
  if (on == Saturday || on == Sunday || is_holiday(date)) return std::nullopt;
  const bool is_half = is_half_day(date);
  const auto at = [date](hours hour, minutes minute) { return in_new_york(date, hour + minute); };
  return TradingDay{.pre = at(4h, 0min),
                    .open = at(9h, 30min),
                    .close = at(is_half ? 13h : 16h, 0min),
                    .post_end = at(is_half ? 17h : 20h, 0min),
                    .is_half = is_half};
}

Session session_at(EventTime time) {
  const auto day = trading_day(date_around(time));
  if (!day || time < day->pre || time >= day->post_end) return Session::Closed;
  return time < day->open ? Session::Pre : time < day->close ? Session::Regular : Session::Post;
}

TradingDay last_trading_day(EventTime time) {
  for (sys_days date = date_around(time) + days(1);; date -= days(1))
    if (const auto day = trading_day(date); day && day->pre <= time) return *day;
}

TradingDay next_trading_day(EventTime time) {
  for (sys_days date = date_around(time);; date += days(1))
    if (const auto day = trading_day(date); day && day->pre > time) return *day;
}

bool has_trading(EventTime from, EventTime to) {
  return session_at(from) != Session::Closed || next_trading_day(from).pre < to;
}

}  // namespace tidemark
