// The market simulator: a minute bar for every symbol, round after round, for ever.
//
//   close = open + open · (bias + noise)      the bias is drawn anew every few rounds; beyond ±3 % of the
//                                             base price it points back; volume grows with its size
//
// Pure and the same on every machine: integers only, every draw is named by seed, symbol and minute. A
// symbol's bars do not depend on which other symbols there are. It is a demonstration, not a market.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/bar.h"
#include "core/time/time.h"

namespace tidemark {

struct SimulatedSymbol {
  std::string name;             // is_symbol_name() (core/market/limits.h)
  std::int64_t base_cents = 0;  // around which the price moves; 100 (a dollar) to 10^11
  friend bool operator==(const SimulatedSymbol&, const SimulatedSymbol&) = default;
};

// The five that everybody knows have their price; any other name gets one from 10 to 500 dollars.
SimulatedSymbol simulated_symbol(std::string_view name);
std::vector<SimulatedSymbol> default_simulated_symbols();                    // AAPL TSLA GOOGL MSFT AMZN
std::vector<SimulatedSymbol> numbered_simulated_symbols(std::size_t count);  // SYM0001 SYM0002 …

struct SimulatorOptions {
  std::uint64_t seed = 1;
  std::vector<SimulatedSymbol> symbols = default_simulated_symbols();
  EventTime start{};                  // of the first minute; whole minutes
  std::int64_t rounds_per_bias = 20;  // minutes until a symbol's bias is drawn anew; at least 1
};

class Simulator {
 public:
  explicit Simulator(SimulatorOptions options);

  EventTime next_minute() const { return next_minute_; }
  std::size_t symbol_count() const { return symbols_.size(); }

  // The bars of the next minute, in the order of the symbols; valid until the next call.
  std::span<const Bar> round();

  // Everything that the rounds to come depend on, besides seed and rounds_per_bias, as one line of text.
  std::string state() const;
  // Goes on where state() was taken, with the symbols of that time. False, and nothing is changed, when the
  // text is not such a line.
  bool restore(std::string_view state);
  // Other symbols from the next round on. Those that were there already keep their price.
  void set_symbols(std::vector<SimulatedSymbol> symbols);

 private:
  struct Walk {
    SimulatedSymbol symbol;
    std::uint64_t stream = 0;  // seed of this symbol's draws
    std::int64_t close_cents = 0;
    std::int64_t bias_ppm = 0;  // expected change a minute, millionths of the price
  };

  static std::optional<Walk> parse_walk(std::string_view& text);
  Walk begin_walk(SimulatedSymbol symbol) const;
  void turn_bias(Walk& walk) const;
  BarValues step(Walk& walk) const;

  std::uint64_t seed_;
  std::int64_t rounds_per_bias_;
  EventTime next_minute_;
  std::vector<Walk> symbols_;
  std::vector<Bar> bars_;
};

}  // namespace tidemark
