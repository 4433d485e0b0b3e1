// The distances between the bars of one symbol, and the interval that they show: minutes, hours, days.
//
//     ──●──●──●─────●──●──▶     distances 1m 1m 2m 1m: every one is a multiple of 1m, not every one of 2m: minute bars
//
// Thinly traded symbols have gaps in their minute bars. So the interval is the longest one that divides (nearly) every
// distance. Two series are called different only where chance would hardly explain the difference.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time/time.h"

namespace tidemark {

// UTC hours in which a day begins: bit h for the hour from h:00 on.
using HoursOfDay = std::uint32_t;
constexpr HoursOfDay hour_of_day(int hour) { return HoursOfDay{1} << hour; }

class BarSpacing {
 public:
  // Bars in the order of the rows: ascending, descending, or mixed.
  void observe(EventTime time);
  // As if the bars of `later` had been observed after these.
  void append(const BarSpacing& later);

  std::uint32_t bars() const { return bars_; }
  std::uint32_t distances() const { return distances_ + run_length_; }
  // Empty where there are too few bars. A few odd distances (one in twenty, or a single one) do not count.
  std::optional<Duration> interval() const;
  // Distances that are multiples of `interval`, which must be one that interval() can return.
  std::uint32_t multiples_of(Duration interval) const;
  // True when every bar begins at one of these hours, on the hour.
  bool is_at(HoursOfDay hours) const { return bars_ > 0 && is_on_the_hour_ && (hours_ & ~hours) == 0; }
  bool has_bars_near(HoursOfDay hours) const;  // in these hours, or the one before
  HoursOfDay hours() const { return hours_; }

 private:
  static constexpr std::size_t ladder_size = 13;
  void count(Duration distance, std::uint32_t times);
  std::uint32_t strays() const;

  EventTime first_, last_;  // in the order of the rows
  Duration run_{0};         // the latest distance, and how often it came in a row: most are equal
  std::uint32_t run_length_ = 0;
  std::uint32_t bars_ = 0, distances_ = 0;
  std::array<std::uint32_t, ladder_size> multiples_{};
  HoursOfDay hours_ = 0;
  bool is_on_the_hour_ = true;
};

// The bars of one symbol from one source, and what else is known about them.
struct SpacedBars {
  BarSpacing spacing;
  bool is_daily = false;         // every bar is at the start of a day, and so is everything else in its source
  std::optional<Duration> said;  // the interval that the operator stated
};

struct IntervalConflict {
  Duration ours{0}, theirs{0};
};
// Set where two sources of one symbol certainly have different intervals. `comparisons` is the number of such pairs
// that are compared. The more pairs, the more evidence each one needs (Bonferroni), so that fewer than one import in a
// thousand raises a false alarm.
std::optional<IntervalConflict> interval_conflict(const SpacedBars& ours, const SpacedBars& theirs,
                                                  HoursOfDay midnights, double comparisons);

std::string interval_text(Duration interval);  // "1m", "4h", "1d"

}  // namespace tidemark
