// Exchange time: the days and sessions of a market, in the clock of New York.
//
// Daily bars of stocks begin at midnight in New York, those of crypto an hour later, at midnight in Chicago. Holidays are
// not known here: a weekday is a day of trading.
#pragma once

#include <chrono>

#include "core/time/time.h"

namespace tidemark {

enum class DayStart : std::uint8_t { NewYork, Chicago };

std::chrono::sys_days market_date(EventTime time, DayStart day);  // of the day that `time` lies in
EventTime start_of_day(std::chrono::sys_days date, DayStart day);

bool is_regular_session(EventTime time);  // Monday to Friday, 9:30 to 16:00 in New York

struct SessionTimes {
  EventTime next_open, next_close;  // both later than the moment that was asked for
};
SessionTimes next_sessions(EventTime time);

}  // namespace tidemark
