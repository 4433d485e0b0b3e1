// The bar board: the newest bars of each symbol, which the lake does not have yet.
//
// A bar is identified by (symbol, time), and a later version replaces an earlier one. Memory is bounded per symbol and
// in total, so with many symbols each has a shorter history: 64 bytes a bar, at most 35 MB with 10,000 symbols. Pure.
// It belongs to the board.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "run/interfaces/live.h"

namespace tidemark {

struct BarBoardOptions {
  std::size_t bars_per_symbol = 1'440;  // a day of minutes
  std::size_t bars_in_all = 400'000;
};

class BarBoard {
 public:
  BarBoard() = default;
  explicit BarBoard(BarBoardOptions options) : options_(options) {}

  // True if this version is now on the board and was not before.
  bool place(const LiveBar& bar);

  // The newest bars of each symbol, by symbol and time: `most_each` per symbol, fewer if that would exceed `most` in
  // total.
  using Show = std::function<void(std::string_view symbol, const LiveBarValues& bar)>;
  void show_newest(std::size_t most_each, std::size_t most, const Show& show) const;
  // The start of the symbol's newest bar; empty if the board has none.
  std::optional<EventTime> newest(std::string_view symbol) const;
  // {"symbol":…,"bars":[BAR,…]}: the newest `limit` bars, oldest first.
  std::string bars_of(std::string_view symbol, std::size_t limit) const;

  std::size_t bar_count() const { return bars_; }
  std::size_t bars_per_symbol() const;  // depends on the number of symbols

  // BAR of docs/api.md: ["AAPL","2026-11-22T14:30:00Z",open,high,low,close,volume], every digit.
  static void append_bar(std::string_view symbol, const LiveBarValues& bar, std::string& out);

 private:
  using Bars = std::deque<LiveBarValues>;  // by time

  void trim(Bars& bars, std::size_t most);

  BarBoardOptions options_;
  std::map<std::string, Bars, std::less<>> symbols_;
  std::size_t bars_ = 0;
};

}  // namespace tidemark
