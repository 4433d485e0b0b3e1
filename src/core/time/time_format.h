// A format of written times as strptime(3) and Python have it: %m/%d/%Y %H:%M:%S.
//
//     %Y year   %y year of two digits (69–99: 19.., 00–68: 20..)   %m %d month, day   %b %B month's name   %j day of the year
//     %H %I hour   %M %S minute, second   %p AM, PM   %f fraction of a second   %z zone: +05:30, Z, UTC
//     %s whole seconds since 1970   %F = %Y-%m-%d   %D = %m/%d/%y   %T = %H:%M:%S   %R = %H:%M   %% a percent sign
//
// A number may lack leading zeros, as in strptime, unless another number stands right beside it (%Y%m%d). A space stands for any
// number of spaces. Behind a format of a date alone may stand a time of day in one of the usual forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time/time_reader.h"

namespace tidemark {

class TimeFormat {
 public:
  // An error says which directive is not known, or what is missing for a time.
  static Result<TimeFormat> parse(std::string_view pattern);

  // The time, and what of the text stands behind it when the format says no time of day; else nothing may.
  struct Read {
    WrittenTime time;
    std::string_view rest;
  };
  std::optional<Read> read(std::string_view text) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;   // as it was said
  std::string expanded_;  // without %F, %D, %T, %R, %e
  bool has_time_of_day_ = false;
};

}  // namespace tidemark
