// The calendar of the New York Stock Exchange: when US shares trade.
//
//     04:00 ── pre ── 09:30 ── regular ── 16:00 ── post ── 20:00        New York's time, Monday to Friday
//                                half days: 13:00 ── post ── 17:00
//
// Holidays and half days follow the exchange's rules (NYSE rule 7.2 and its published calendars) as they are since
// 2013, plus the days of mourning and of storms since 2001.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time/time.h"

namespace tidemark {

enum class Session : std::uint8_t { Closed, Pre, Regular, Post };
std::string_view to_string(Session session);  // "closed" …

struct TradingDay {
  EventTime pre, open, close, post_end;  // the last two are earlier on half days
  bool is_half = false;
};

// The sessions of a date in New York; empty on weekends and holidays.
std::optional<TradingDay> trading_day(std::chrono::sys_days date);

Session session_at(EventTime time);
// The trading day whose pre-market began last, at `time` or before; and the first one that begins after it.
TradingDay last_trading_day(EventTime time);
TradingDay next_trading_day(EventTime time);
// Whether any moment of [from, to) is in a session, extended hours included.
bool has_trading(EventTime from, EventTime to);

}  // namespace tidemark
