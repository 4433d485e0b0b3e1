// Exchange time: when the days of daily bars begin, and when the exchange opens and closes next.
//
// Daily bars of stocks begin at midnight in New York, those of crypto an hour later, at midnight in Chicago.
#pragma once

#include <chrono>

#include "core/time/time.h"

namespace tidemark {

enum class DayStart : std::uint8_t { NewYork, Chicago };

std::chrono::sys_days market_date(EventTime time, DayStart day);  // the day of `time`
EventTime start_of_day(std::chrono::sys_days date, DayStart day);

struct SessionTimes {
  EventTime next_open, next_close;  // both later than the given time
};
SessionTimes next_sessions(EventTime time);

}  // namespace tidemark
