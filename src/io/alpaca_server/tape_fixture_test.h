// A small recorded market for the tests of this room.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time/timestamp.h"
#include "io/alpaca_server/tape.h"

namespace tidemark {

inline EventTime at(std::string_view text) { return *parse_timestamp(text); }

inline const EventTime noon = at("2026-01-05T12:00:00Z");

inline constexpr std::int64_t dollar = 1'000'000'000;

// A bar that is recognizable by its numbers: minute 7 of the symbol opens at 107 dollars.
inline TapeBar numbered_bar(EventTime time, std::int64_t number) {
  return {.time = time,
          .open = {(100 + number) * dollar},
          .high = {(102 + number) * dollar},
          .low = {(99 + number) * dollar},
          .close = {(101 + number) * dollar},
          .vwap = Price{(100 + number) * dollar + dollar / 2},
          .trade_count = 10 + number,
          .volume = {Int128{1'000 + number} * dollar}};
}

inline SymbolTape numbered_tape(std::string symbol, EventTime from, std::int64_t minutes) {
  SymbolTape tape{.symbol = std::move(symbol), .bars = {}, .grow = {}};
  for (std::int64_t i = 0; i < minutes; ++i) tape.bars.push_back(numbered_bar(from + std::chrono::minutes(i), i));
  return tape;
}

}  // namespace tidemark
