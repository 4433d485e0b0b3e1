#include "core/time/time_zone.h"

#include <algorithm>
#include <string>

#include "core/check.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono;

constexpr year last_year{2262};

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
  for (year y{1970}; y < last_year; ++y) {
    const Summer dates = summer_of(y);
    offsets.push_back({dates.begin + hours{2} - winter, summer});
    offsets.push_back({dates.end + hours{2} - summer, winter});
  }
  return TimeZone::of_offsets(std::move(offsets));
}

}  // namespace

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
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const auto& [begin, offset] = offsets[i];
    const bool is_last = i + 1 == offsets.size();
    stretches.push_back({i == 0 ? EventTime::min() : begin + offset,
                         is_last ? EventTime::max() : offsets[i + 1].begin + offset, offset});
  }
  zone.stretches_ = std::make_shared<const std::vector<Stretch>>(std::move(stretches));
  return zone;
}

std::optional<LocalInstant> TimeZone::resolve(EventTime local) const {
  if (!stretches_) return LocalInstant{local - offset_};
  const auto found = std::ranges::upper_bound(*stretches_, local, {}, &Stretch::local_end);
  if (found == stretches_->end() || local < found->local_begin) return std::nullopt;
  LocalInstant instant{local - found->offset};
  if (const auto next = std::next(found); next != stretches_->end() && local >= next->local_begin)
    instant.again = found->offset - next->offset;
  return instant;
}

std::optional<EventTime> TimeZone::instant(EventTime local) const {
  const auto resolved = resolve(local);
  return resolved ? std::optional(resolved->time) : std::nullopt;
}

}  // namespace tidemark
