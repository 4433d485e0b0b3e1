// MarketCalendar: when a live source's market trades. Two kinds: that of the New York Stock Exchange, and day and night.
#pragma once

#include "core/time/time.h"

namespace tidemark {

class MarketCalendar {
 public:
  virtual ~MarketCalendar() = default;
  // Where a feed begins that has brought nothing yet.
  virtual EventTime first_minute(EventTime now) const = 0;
  // No bar can be in [from, to).
  virtual bool is_closed(EventTime from, EventTime to) const = 0;
  virtual bool is_closed_at(EventTime time) const = 0;
  // The first opening behind `time`, where it is closed.
  virtual EventTime next_opening(EventTime time) const = 0;
};

// core/time/exchange_calendar.h, extended hours included; a feed begins with the trading day.
const MarketCalendar& exchange_hours();

// A feed begins a day back.
const MarketCalendar& never_closes();

}  // namespace tidemark
