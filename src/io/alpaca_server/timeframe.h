// Timeframe: the length of the requested bars, and where each begins. 1Min to 59Min, 1Hour to 23Hour, 1Day, 1Week, and
// 1, 2, 3, 4, 6 or 12 Month.
//
// Minutes and hours count from the start of the market's day, and the last bar of a day ends with the day.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "io/alpaca_server/exchange_time.h"

namespace tidemark {

struct Timeframe {
  enum class Unit : std::uint8_t { Minute, Hour, Day, Week, Month };
  Unit unit = Unit::Minute;
  int count = 1;

  // "5Min", "1Hour", "1D" …; none for anything else.
  static std::optional<Timeframe> parse(std::string_view text);
  bool is_minute() const { return unit == Unit::Minute && count == 1; }

  struct Span {
    EventTime start, end;
  };
  // The start and end of the bar that `time` lies in.
  Span around(EventTime time, DayStart day) const;
};

}  // namespace tidemark
