// HistoryView: the history of the market as known at a moment. A minute bar is known from the end of its minute on, a
// wrong one is corrected half a minute later, and longer bars are aggregated from these.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/tape.h"
#include "io/alpaca_server/timeframe.h"

namespace tidemark {

inline constexpr Duration bar_length = std::chrono::minutes(1);  // from the start of a minute until its bar exists …
inline constexpr Duration correction_after = std::chrono::seconds(90);  // … and until it is corrected

enum class Order : std::uint8_t { Ascending, Descending };

struct SeriesQuestion {
  Timeframe timeframe;
  EventTime from, to;  // starts of bars, both included
  Order order = Order::Ascending;
};

class HistoryView {
 public:
  HistoryView(MarketTape& tape, const Faults& faults, EventTime now) : tape_(tape), faults_(faults), now_(now) {}

  // Passes the bars of a symbol to `take` until it returns false.
  void read(std::size_t symbol, const SeriesQuestion& question, const std::function<bool(const TapeBar&)>& take) const;
  std::optional<TapeBar> latest(std::size_t symbol) const;
  // The daily bar of the day of `minute`, up to and including that minute.
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
