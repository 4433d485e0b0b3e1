// The bar board: the newest bars of each symbol, which the lake does not have yet.
//
// A bar is known by (symbol, time); a later word replaces an earlier one. Memory is bounded in bars per symbol and in
// all, so that many symbols have a shorter past each: 64 bytes a bar, 35 MB at most with 10,000 symbols. Pure, and the
// board's own.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
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

  // True when it is now on the board and was not before.
  bool place(const LiveBar& bar);

  // The newest of each symbol, by symbol and time: `most_each` of them, fewer when that would be more than `most` in all.
  using Show = std::function<void(std::string_view symbol, const LiveBarValues& bar)>;
  void show_newest(std::size_t most_each, std::size_t most, const Show& show) const;
  // {"symbol":…,"bars":[BAR,…]}: the newest `limit`, oldest first.
  std::string bars_of(std::string_view symbol, std::size_t limit) const;

  std::size_t bar_count() const { return bars_; }
  std::size_t bars_per_symbol() const;  // as the number of symbols allows now

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
