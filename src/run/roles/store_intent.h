// StoreIntent: what a store is about to publish, as the text of its state in the log.
//
//     publishing 100 140 70 90                     offsets: trends [100, 140), bars [70, 90)
//     through 1795348800000000000 89 4 AAPL        the last rows, once these are published; 4 is the length of the symbol
//     repeated trends 100-103 117                  offsets of rows that are left out, because the store has them
//     stock_trends/dt=2026-11-22/trends-….parquet  the files, for people
//
// When the files are made, the ranges become empty and the last rows stay. A state of an older program is empty, or has the
// first line and the files; an older program reads the first line only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "run/interfaces/log.h"

namespace tidemark {

// The last rows that a store has of a log: windows of a partition close by end and symbol, and bars are judged by position
// (contract/semantics.md §3.13), so every row behind them is new.
struct LastRows {
  EventTime end = EventTime::min();  // of a window, and its symbol
  std::string symbol;
  Position bar = -1;

  // Whether the row lies behind these rows. If so, it is the last one from now on.
  bool take(const Trend& trend);
  bool take(const JudgedBar& row);
  friend bool operator==(const LastRows&, const LastRows&) = default;
};

struct StoreIntent {
  struct Range {
    Position from = 0, to = 0;
    std::size_t size() const { return static_cast<std::size_t>(to - from); }
  };

  Range trends, bars;
  std::optional<LastRows> through;                       // none: the program that published before did not say
  std::vector<Position> repeated_trends, repeated_bars;  // in order

  std::size_t size() const { return trends.size() + bars.size(); }
  std::string text(const std::vector<std::string>& files) const;
  // None for a text that is no state of a store.
  static std::optional<StoreIntent> parse(std::string_view text);
};

}  // namespace tidemark
