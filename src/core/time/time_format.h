// A format of written times as in strptime(3) and Python: %m/%d/%Y %H:%M:%S.
//
//     %Y year   %y year of two digits (69–99: 19.., 00–68: 20..)   %m %d month, day   %b %B month's name   %j day of the year
//     %H %I hour   %M %S minute, second   %p AM, PM   %f fraction of a second   %z zone: +05:30, Z, UTC
//     %s whole seconds since 1970   %F = %Y-%m-%d   %D = %m/%d/%y   %T = %H:%M:%S   %R = %H:%M   %% a percent sign
//
// A number may lack leading zeros, as in strptime, unless another number is directly next to it (%Y%m%d). A space
// matches any number of spaces. If the format is a date alone, a time of day in one of the usual forms may follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time/time_reader.h"

namespace tidemark {

class TimeFormat {
 public:
  // The error names the unknown directive, or what a time needs and the format lacks.
  static Result<TimeFormat> parse(std::string_view pattern);

  // The time, and the rest of the text if the format has no time of day. A format with a time of day must match the
  // whole text.
  struct Read {
    WrittenTime time;
    std::string_view rest;
  };
  std::optional<Read> read(std::string_view text) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;   // as it was given
  std::string expanded_;  // without %F, %D, %T, %R, %e
  bool has_time_of_day_ = false;
};

}  // namespace tidemark
