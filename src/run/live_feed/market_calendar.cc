#include "run/live_feed/market_calendar.h"

#include <algorithm>
#include <chrono>

#include "core/time/exchange_calendar.h"

namespace tidemark {
namespace {

constexpr Duration first_hours = std::chrono::hours(24);

class ExchangeHours final : public MarketCalendar {
 public:
  EventTime first_minute(EventTime now) const override { return std::min(now, last_trading_day(now).pre); }
  bool is_closed(EventTime from, EventTime to) const override { return !has_trading(from, to); }
  bool is_closed_at(EventTime time) const override { return session_at(time) == Session::Closed; }
  EventTime next_opening(EventTime time) const override { return next_trading_day(time).pre; }
};

class NeverCloses final : public MarketCalendar {
 public:
  EventTime first_minute(EventTime now) const override { return now - first_hours; }
  bool is_closed(EventTime /*from*/, EventTime /*to*/) const override { return false; }
  bool is_closed_at(EventTime /*time*/) const override { return false; }
  EventTime next_opening(EventTime time) const override { return time; }
};

}  // namespace

const MarketCalendar& exchange_hours() {
  static const ExchangeHours calendar;
  return calendar;
}

const MarketCalendar& never_closes() {
  static const NeverCloses calendar;
  return calendar;
}

}  // namespace tidemark
