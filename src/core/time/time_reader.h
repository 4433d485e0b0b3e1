// A reader of the pieces that written times are made of: digits, signs, names of months, zones. For the forms that
// tables of bars use (core/time/table_time.h, core/time/time_format.h).
//
// A miss makes the reader fail for good; what it returned then means nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

// A date and a time of day as they were written, and the zone where one was.
struct WrittenTime {
  EventTime local{};  // as if it were UTC
  std::optional<std::chrono::seconds> offset;
};

class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() { ok_ = false, rest_ = {}; }
  std::string_view rest() const { return rest_; }

  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c);
  void expect(char c);
  bool take_spaces();  // true when there was one
  // How many digits stand here.
  std::size_t digits() const;
  // As many digits as there are, but at most `most`; fewer than `least` fail.
  int number(std::size_t least, std::size_t most);
  // One to nine digits behind a point, as nanoseconds.
  Duration fraction();
  // "Jan", "january": 1. Nothing is taken where no month stands.
  std::optional<unsigned> month_name();
  // "AM", "pm": 0 or 12 hours.
  std::optional<std::chrono::hours> half_of_day();
  // "Z", "UTC", "GMT", "+05:30", "-0500", "+00", "GMT+0100". Nothing is taken where no zone stands.
  std::optional<std::chrono::seconds> zone();

 private:
  std::optional<std::chrono::seconds> offset();
  bool take_word(std::string_view lower_case);

  std::string_view rest_;
  bool ok_ = true;
};

// Empty for a date that does not exist, and outside 1970–2261 (contract/semantics.md §2.3).
std::optional<EventTime> midnight_of(int year, int month, int day);

}  // namespace tidemark
