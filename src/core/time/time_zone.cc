#include "core/time/time_zone.h"

#include <string>

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

}  // namespace

std::optional<TimeZone> TimeZone::parse(std::string_view name) {
  TimeZone zone;
  if (name == "UTC" || name == "Z") return zone;
  if (name == "America/New_York") {
    zone.offset_ = hours{-5};
    zone.is_new_york_ = true;
    return zone;
  }
  const EventTime noon = sys_days{year{2000} / 1 / 1} + hours{12};
  if (name.empty() || (name.front() != '+' && name.front() != '-')) return std::nullopt;
  const auto instant = parse_timestamp("2000-01-01T12:00:00" + std::string(name));
  if (!instant) return std::nullopt;
  zone.offset_ = duration_cast<seconds>(noon - *instant);
  return zone;
}

std::optional<EventTime> TimeZone::instant(EventTime local) const {
  if (!is_new_york_) return local - offset_;
  const Summer summer = summer_of(year_month_day{floor<days>(local)}.year());
  const EventTime begin = summer.begin + hours{2}, end = summer.end + hours{2};
  if (local >= begin && local < begin + hours{1}) return std::nullopt;
  return local - offset_ - (local >= begin && local < end ? hours{1} : hours{0});
}

}  // namespace tidemark
