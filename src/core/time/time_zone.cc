#include "core/time/time_zone.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/check.h"
#include "core/time/time_limits.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono;

// The dates on which clocks change, at two in the morning.
struct Summer {
  sys_days begin, end;
};

Summer summer_of(year y) {
  if (y >= year{2007}) return {y / March / Sunday[2], y / November / Sunday[1]};
  const sys_days end = y / October / Sunday[last];
  if (y == year{1974}) return {y / January / 6, end};
  if (y == year{1975}) return {y / February / 23, end};
  if (y >= year{1987}) return {y / April / Sunday[1], end};
  return {y / April / Sunday[last], end};
}

TimeZone make_new_york() {
  constexpr hours winter{-5}, summer{-4};
  std::vector<TimeZone::Offset> offsets{{EventTime::min(), winter}};
  for (year y = first_year; y <= last_year; ++y) {
    const Summer dates = summer_of(y);
    offsets.push_back({dates.begin + hours{2} - winter, summer});
    offsets.push_back({dates.end + hours{2} - summer, winter});
  }
  return TimeZone::of_offsets(std::move(offsets));
}

}  // namespace

// What a zone's clocks showed, in the order of time.
//
// A local time is looked up about once a row. So the time is cut into equal slices of 52 days, and each slice knows the
// first stretch that may hold one of its local times; it or one of the next few does.
struct TimeZone::Stretches {
  struct Stretch {
    EventTime local_begin, local_end;  // end excluded
    std::chrono::seconds offset;
  };
  static constexpr int slice_bits = 52;  // 2^52 ns
  static constexpr std::size_t slice_count = std::size_t{1} << (63 - slice_bits);

  static std::size_t slice_of(EventTime local) {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, nanos_since_epoch(local)) >> slice_bits);
  }

  explicit Stretches(std::vector<Stretch> stretches) : all(std::move(stretches)) {
    for (std::size_t slice = 0, first = 0; slice < slice_count; ++slice) {
      const EventTime begin = event_time_from_nanos(static_cast<std::int64_t>(slice) << slice_bits);
      while (slice > 0 && all[first].local_end <= begin) ++first;  // the last one never ends
      first_of_slice[slice] = static_cast<std::uint16_t>(first);
    }
  }

  std::vector<Stretch> all;
  std::array<std::uint16_t, slice_count> first_of_slice{};
};

std::optional<TimeZone> TimeZone::parse(std::string_view name) {
  TimeZone zone;
  if (name == "UTC" || name == "Z") return zone;
  if (name == "America/New_York") {
    static const TimeZone new_york = make_new_york();
    return new_york;
  }
  const EventTime noon = sys_days{year{2000} / 1 / 1} + hours{12};
  if (name.empty() || (name.front() != '+' && name.front() != '-')) return std::nullopt;
  const auto instant = parse_timestamp("2000-01-01T12:00:00" + std::string(name));
  if (!instant) return std::nullopt;
  zone.offset_ = duration_cast<seconds>(noon - *instant);
  return zone;
}

TimeZone TimeZone::of_offsets(std::vector<Offset> offsets) {
  CHECK(!offsets.empty());
  TimeZone zone;
  zone.offset_ = offsets.front().seconds;
  if (offsets.size() == 1) return zone;
  std::vector<Stretches::Stretch> stretches;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto& [begin, offset] = offsets[i];
    const bool is_last = i + 1 == offsets.size();
    stretches.push_back({i == 0 ? EventTime::min() : begin + offset,
                         is_last ? EventTime::max() : offsets[i + 1].begin + offset, offset});
  }
  zone.stretches_ = std::make_shared<const Stretches>(std::move(stretches));
  return zone;
}

std::optional<LocalInstant> TimeZone::resolve(EventTime local) const {
  if (!stretches_) return LocalInstant{local - offset_};
  const auto& all = stretches_->all;
  std::size_t at = stretches_->first_of_slice[Stretches::slice_of(local)];
  while (at + 1 < all.size() && all[at].local_end <= local) ++at;
  const auto& found = all[at];
  if (local < found.local_begin) return std::nullopt;
  LocalInstant instant{local - found.offset};
  if (at + 1 < all.size() && local >= all[at + 1].local_begin)
    instant.again = std::chrono::duration<std::int32_t>((found.offset - all[at + 1].offset).count());
  return instant;
}

std::optional<EventTime> TimeZone::instant(EventTime local) const {
  const auto resolved = resolve(local);
  return resolved ? std::optional(resolved->time) : std::nullopt;
}

}  // namespace tidemark
