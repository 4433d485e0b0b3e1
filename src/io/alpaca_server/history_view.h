// What the market knows of its past at a moment: a minute bar from the end of its minute on, the one that was wrong at
// first put right half a minute later, and longer bars made of them.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/tape.h"
#include "io/alpaca_server/timeframe.h"

namespace tidemark {

inline constexpr Duration bar_length = std::chrono::minutes(1);  // from a minute's start until its bar is there …
inline constexpr Duration correction_after = std::chrono::seconds(90);  // … and until it is put right

enum class Order : std::uint8_t { Ascending, Descending };

struct SeriesQuestion {
  Timeframe timeframe;
  EventTime from, to;  // of bars that begin then; both included
  Order order = Order::Ascending;
};

class HistoryView {
 public:
  HistoryView(MarketTape& tape, const Faults& faults, EventTime now) : tape_(tape), faults_(faults), now_(now) {}

  // The bars of a symbol, one after the other, until `take` returns false.
  void read(std::size_t symbol, const SeriesQuestion& question, const std::function<bool(const TapeBar&)>& take) const;
  std::optional<TapeBar> latest(std::size_t symbol) const;
  // The day in which `minute` lies, up to that minute, included.
  TapeBar day_until(std::size_t symbol, EventTime minute) const;

 private:
  std::span<const TapeBar> minutes(std::size_t symbol) const;
  TapeBar as_known(std::size_t symbol, const TapeBar& bar) const;
  TapeBar sum(std::size_t symbol, std::span<const TapeBar> bars, EventTime start) const;
  DayStart day_of(std::size_t symbol) const;

  MarketTape& tape_;
  const Faults& faults_;
  EventTime now_;
};

}  // namespace tidemark
