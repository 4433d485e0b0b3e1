// MarketTape: every past and future minute bar of a market, by symbol and time.
//
//     past                    now                  future
//     ──┬──┬──┬──┬──┬──┬──┬──┬─┼──┬──┬──┬──┬──▶
//       served as history      └ streamed when its minute is over
//
// History and stream read the same bars. Recorded bars are there from the beginning. A simulated symbol is generated on
// demand, so that ten thousand of them cost nothing until then.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/market/bar.h"
#include "core/simulator/simulator.h"

namespace tidemark {

// A bar without the fields that Alpaca does not have.
struct TapeBar {
  EventTime time;  // the start of its minute
  Price open, high, low, close;
  OptionalPrice vwap;
  OptionalCount trade_count;
  Decimal volume;
  friend bool operator==(const TapeBar&, const TapeBar&) = default;
};
TapeBar tape_bar(const BarValues& values);

enum class MarketHours : std::uint8_t { Always, Regular };  // regular: the sessions of the exchange

struct SymbolTape {
  std::string symbol;
  std::vector<TapeBar> bars;  // sorted by time, without duplicates
  // Appends the bars before `end`, which only grows from call to call. None: all bars exist already.
  std::function<void(EventTime end, std::vector<TapeBar>& bars)> grow;
};

// Crypto pairs contain a slash. The crypto endpoints serve every symbol by its name.
inline bool is_crypto(std::string_view symbol) { return symbol.contains('/'); }

// The symbol of the feed "test", which has bars day and night.
inline constexpr std::string_view test_symbol = "FAKEPACA";

class MarketTape {
 public:
  explicit MarketTape(std::vector<SymbolTape> symbols);

  std::size_t size() const { return symbols_.size(); }  // number of symbols, which are ordered by name
  const std::string& name(std::size_t symbol) const { return symbols_[symbol].symbol; }
  std::optional<std::size_t> find(std::string_view name) const;

  // The bars with time < end.
  std::span<const TapeBar> before(std::size_t symbol, EventTime end);
  // The bars with from <= time < end.
  std::span<const TapeBar> between(std::size_t symbol, EventTime from, EventTime end);

 private:
  struct Symbol : SymbolTape {
    EventTime grown_to = EventTime::min();
  };
  std::vector<Symbol> symbols_;
};

// Collects recorded bars in any order. For equal symbol and time, the last bar counts.
class Recording {
 public:
  void add(const Bar& bar);
  bool empty() const { return symbols_.empty(); }
  EventTime first() const { return first_; }  // if it is not empty
  std::vector<SymbolTape> finish() &&;

 private:
  std::vector<SymbolTape> symbols_;
  std::unordered_map<std::string, std::size_t> places_;
  EventTime first_ = EventTime::max();
};

// A simulated symbol from a minute on.
SymbolTape simulated_tape(SimulatedSymbol symbol, std::uint64_t seed, EventTime from, MarketHours hours);

}  // namespace tidemark
