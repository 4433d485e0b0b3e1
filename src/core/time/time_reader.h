// A reader for the parts of written times: digits, signs, names of months, zones. It serves the forms that tables of
// bars use (core/time/table_time.h, core/time/time_format.h).
//
// After a mismatch the reader has failed for good, and its return values mean nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

// A date and a time of day as written, and the zone if there was one.
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
  bool take_spaces();  // true if there was one
  // The number of digits at the cursor.
  std::size_t digits() const;
  // Reads up to `most` digits. Fails if there are fewer than `least`.
  int number(std::size_t least, std::size_t most);
  // One to nine digits after a point, as nanoseconds.
  Duration fraction();
  // "Jan", "january": 1. Consumes nothing if there is no month.
  std::optional<unsigned> month_name();
  // "AM", "pm": 0 or 12 hours.
  std::optional<std::chrono::hours> half_of_day();
  // "Z", "UTC", "GMT", "+05:30", "-0500", "+00", "GMT+0100". Consumes nothing if there is no zone.
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
