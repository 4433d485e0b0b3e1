#include "core/market/bar_spacing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tidemark {
namespace {

using namespace std::chrono_literals;
constexpr Duration day = 24h;

// The intervals that vendors sell, ascending.
constexpr std::array<Duration, 13> ladder{1s, 1min, 2min, 3min, 5min, 10min, 15min, 30min, 1h, 2h, 4h, day, 7 * day};

constexpr double false_alarms = 1e-3;

Duration between(EventTime a, EventTime b) { return a < b ? b - a : a - b; }

// A local day has 23 to 25 hours when clocks change.
bool is_multiple(Duration distance, Duration interval) {
  if (interval < day) return distance % interval == Duration::zero();
  const Duration rest = distance % interval;
  return rest <= 1h ? rest % 1h == Duration::zero() : interval - rest <= 1h && rest % 1h == Duration::zero();
}

// How unlikely it is by chance that bars with interval `fine` only have distances that are multiples of `coarse`: −ln
// of the probability.
double surprise(std::uint32_t distances, Duration fine, Duration coarse) {
  return distances * std::log(static_cast<double>(coarse.count()) / static_cast<double>(fine.count()));
}

}  // namespace

void BarSpacing::observe(EventTime time) {
  const Duration of_day = time - floor_to(time, day);
  hours_ |= hour_of_day(static_cast<int>(of_day / 1h));
  if (of_day % 1h != Duration::zero()) is_on_the_hour_ = false;
  if (bars_++ == 0) {
    first_ = last_ = time;
    return;
  }
  const Duration distance = between(last_, time);
  last_ = time;
  if (distance == Duration::zero()) return;
  if (distance != run_) {
    count(run_, run_length_);
    run_ = distance;
    run_length_ = 0;
  }
  ++run_length_;
}

void BarSpacing::count(Duration distance, std::uint32_t times) {
  if (times == 0) return;
  distances_ += times;
  for (std::size_t i = 0; i < ladder_size; ++i)
    if (is_multiple(distance, ladder[i])) multiples_[i] += times;
}

void BarSpacing::append(const BarSpacing& later) {
  if (later.bars_ == 0) return;
  if (bars_ == 0) {
    *this = later;
    return;
  }
  count(run_, run_length_);
  run_ = later.run_;
  run_length_ = later.run_length_;
  for (std::size_t i = 0; i < ladder_size; ++i) multiples_[i] += later.multiples_[i];
  distances_ += later.distances_;
  if (const Duration distance = between(last_, later.first_); distance != Duration::zero()) count(distance, 1);
  bars_ += later.bars_;
  hours_ |= later.hours_;
  is_on_the_hour_ = is_on_the_hour_ && later.is_on_the_hour_;
  last_ = later.last_;
}

std::uint32_t BarSpacing::multiples_of(Duration interval) const {
  const auto at = std::ranges::find(ladder, interval);
  if (at == ladder.end()) return 0;
  const std::uint32_t counted = multiples_[static_cast<std::size_t>(at - ladder.begin())];
  return counted + (is_multiple(run_, interval) ? run_length_ : 0);
}

std::uint32_t BarSpacing::strays() const { return distances() < 3 ? 0 : std::max(1U, distances() / 20); }

std::optional<Duration> BarSpacing::interval() const {
  if (distances() == 0) return std::nullopt;
  for (std::size_t i = ladder_size; i-- > 0;)
    if (multiples_of(ladder[i]) + strays() >= distances()) return ladder[i];
  return std::nullopt;
}

bool BarSpacing::has_bars_near(HoursOfDay hours) const {
  const HoursOfDay before = hours >> 1 | (hours & 1) << 23;
  return (hours_ & (hours | before)) != 0;
}

std::optional<IntervalConflict> interval_conflict(const SpacedBars& ours, const SpacedBars& theirs,
                                                  HoursOfDay midnights, double comparisons) {
  const auto interval_of = [](const SpacedBars& bars) -> std::optional<Duration> {
    if (bars.said) return bars.said;
    if (const auto found = bars.spacing.interval()) return found;
    return bars.is_daily ? std::optional<Duration>(day) : std::nullopt;
  };
  const auto a = interval_of(ours), b = interval_of(theirs);
  // A single daily bar has no distance. It conflicts with a series that trades through midnight or begins there.
  const auto is_lone_day = [&](const SpacedBars& one, const SpacedBars& other) {
    return one.is_daily && !one.said && !other.is_daily &&
           !other.spacing.has_bars_near(midnights & one.spacing.hours());
  };
  if (!a || !b || *a == *b) return std::nullopt;
  if ((is_lone_day(ours, theirs) && *b < day) || (is_lone_day(theirs, ours) && *a < day))
    return IntervalConflict{*a, *b};
  const SpacedBars& coarse = *a > *b ? ours : theirs;
  const double needed = std::log(comparisons / false_alarms);
  if (!coarse.said &&
      surprise(coarse.spacing.multiples_of(std::max(*a, *b)), std::min(*a, *b), std::max(*a, *b)) < needed)
    return std::nullopt;
  return IntervalConflict{*a, *b};
}

std::string interval_text(Duration interval) {
  if (interval >= day && interval % day == Duration::zero()) return fmt::format("{}d", interval / day);
  if (interval >= 1h && interval % 1h == Duration::zero()) return fmt::format("{}h", interval / 1h);
  if (interval >= 1min && interval % 1min == Duration::zero()) return fmt::format("{}m", interval / 1min);
  return fmt::format("{}s", interval / 1s);
}

}  // namespace tidemark
