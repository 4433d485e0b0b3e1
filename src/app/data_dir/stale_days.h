// Days behind: those whose published trends do not know bars that come now, long after their windows have closed.
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
  // By the windows that the log has closed; `bars` are the UTC dates on which bars come, each with its first one.
  static Result<StaleDays> look(Log& log, const std::map<std::chrono::sys_days, EventTime>& bars);

  std::string text() const;  // for people: what to do, or nothing
  std::string json() const;  // an array of dates

 private:
  std::set<std::chrono::sys_days> over_;  // may be made anew once the bars are published
  std::set<std::chrono::sys_days> open_;  // only when they are over
};

}  // namespace tidemark
