// StaleDays: days whose published trends lack bars that arrive only now, after their windows have closed.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/log.h"

namespace tidemark {

class StaleDays {
 public:
  // Determines the days by the windows that the log has closed. `bars` has the UTC dates of the bars, each with the
  // time of its first bar.
  static Result<StaleDays> look(Log& log, const std::map<std::chrono::sys_days, EventTime>& bars);

  std::string text() const;  // instructions for people, or nothing
  std::string json() const;  // an array of dates

 private:
  std::set<std::chrono::sys_days> over_;  // can be recomputed once the bars are published
  std::set<std::chrono::sys_days> open_;  // can be recomputed only when the day is over
};

}  // namespace tidemark
