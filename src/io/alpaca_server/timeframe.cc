#include "io/alpaca_server/timeframe.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tidemark {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

struct UnitName {
  std::string_view name;
  Timeframe::Unit unit;
  int most;
};
constexpr std::array units{
    UnitName{"Min", Timeframe::Unit::Minute, 59},  UnitName{"T", Timeframe::Unit::Minute, 59},
    UnitName{"Hour", Timeframe::Unit::Hour, 23},   UnitName{"H", Timeframe::Unit::Hour, 23},
    UnitName{"Day", Timeframe::Unit::Day, 1},      UnitName{"D", Timeframe::Unit::Day, 1},
    UnitName{"Week", Timeframe::Unit::Week, 1},    UnitName{"W", Timeframe::Unit::Week, 1},
    UnitName{"Month", Timeframe::Unit::Month, 12}, UnitName{"M", Timeframe::Unit::Month, 12},
};

sys_days first_of_months(sys_days date, int count) {
  const std::chrono::year_month_day ymd{date};
  const unsigned month = static_cast<unsigned>(ymd.month()) - 1;
  const unsigned group = static_cast<unsigned>(count);
  return ymd.year() / std::chrono::month(month / group * group + 1) / 1;
}

sys_days first_day(const Timeframe& timeframe, sys_days date) {
  switch (timeframe.unit) {
    case Timeframe::Unit::Week:
      return date - (std::chrono::weekday(date) - std::chrono::Monday);
    case Timeframe::Unit::Month:
      return first_of_months(date, timeframe.count);
    default:
      return date;
  }
}

sys_days day_after(const Timeframe& timeframe, sys_days first) {
  switch (timeframe.unit) {
    case Timeframe::Unit::Week:
      return first + days(7);
    case Timeframe::Unit::Month: {
      const std::chrono::year_month_day ymd{first};
      return (ymd.year() / ymd.month() + std::chrono::months(timeframe.count)) / 1;
    }
    default:
      return first + days(1);
  }
}

}  // namespace

std::optional<Timeframe> Timeframe::parse(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto found = std::ranges::find(units, name, &UnitName::name);
  if (found == units.end() || count < 1 || count > found->most) return std::nullopt;
  if (found->unit == Unit::Month && 12 % count != 0) return std::nullopt;
  return Timeframe{found->unit, count};
}

Timeframe::Span Timeframe::around(EventTime time, DayStart day) const {
  const sys_days first = first_day(*this, market_date(time, day));
  const EventTime start = start_of_day(first, day), end = start_of_day(day_after(*this, first), day);
  if (unit != Unit::Minute && unit != Unit::Hour) return {start, end};
  const Duration length = unit == Unit::Minute ? Duration(std::chrono::minutes(count)) : std::chrono::hours(count);
  const EventTime begin = start + (time - start) / length * length;
  return {begin, std::min(begin + length, end)};
}

}  // namespace tidemark
