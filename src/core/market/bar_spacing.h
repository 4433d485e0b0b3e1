// How far apart the bars of one symbol lie, and which interval that shows: minutes, hours, days.
//
//     ──●──●──●─────●──●──▶     distances 1m 1m 2m 1m: every one is a multiple of 1m, not every one of 2m: minute bars
//
// A thin symbol has minute bars with holes. So the interval is the longest one that divides (nearly) every distance, and
// two series are told apart only where chance would hardly make them look different.
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
  // In the order of the rows: upwards, downwards, or any.
  void observe(EventTime time);
  // As if the bars of `later` had been observed behind these.
  void append(const BarSpacing& later);

  std::uint32_t bars() const { return bars_; }
  std::uint32_t distances() const { return distances_ + run_length_; }
  // None where there are too few bars to say. A few odd distances (one in twenty, or a single one) do not count.
  std::optional<Duration> interval() const;
  // Distances that are a multiple of `interval`, which is one of those that interval() gives.
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
  Duration run_{0};         // the distance that came last, and how often in a row: most are alike
  std::uint32_t run_length_ = 0;
  std::uint32_t bars_ = 0, distances_ = 0;
  std::array<std::uint32_t, ladder_size> multiples_{};
  HoursOfDay hours_ = 0;
  bool is_on_the_hour_ = true;
};

// Bars of one symbol from one source, with what is known of them besides.
struct SpacedBars {
  BarSpacing spacing;
  bool is_daily = false;         // each at the begin of a day, and so is everything that came with them
  std::optional<Duration> said;  // the interval, by the operator
};

struct IntervalConflict {
  Duration ours{0}, theirs{0};
};
// Where two sources of one symbol certainly have different intervals. `comparisons` is how many such pairs are asked
// about: the more there are, the more evidence one of them needs (Bonferroni), below one false alarm in a thousand
// imports.
std::optional<IntervalConflict> interval_conflict(const SpacedBars& ours, const SpacedBars& theirs,
                                                  HoursOfDay midnights, double comparisons);

std::string interval_text(Duration interval);  // "1m", "4h", "1d"

}  // namespace tidemark
