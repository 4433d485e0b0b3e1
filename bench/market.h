// Markets for the benchmarks: simulated bars, decoded, in memory, in the order of arrival.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/signal/summary.h"
#include "core/simulator/random.h"
#include "core/simulator/simulator.h"
#include "core/stream/window_engine.h"

namespace tidemark {

struct MarketShape {
  std::size_t symbols = 1'000;
  std::int64_t minutes = 60;
  std::int64_t bars_a_minute = 1;              // of each symbol
  Duration shuffle = std::chrono::seconds(0);  // the largest displacement of a bar; less than the delay
  std::size_t bars() const { return symbols * static_cast<std::size_t>(minutes * bars_a_minute); }
};

// Collects the windows that close as final trends.
class Collect : public WindowSink {
 public:
  void window(const WindowState& state) override { summarize(state, TrendStatus::Final, trends.emplace_back()); }
  std::vector<Trend> trends;
};

class Market {
 public:
  explicit Market(const MarketShape& shape) {
    Simulator simulator({.symbols = numbered_simulated_symbols(shape.symbols),
                         .start = EventTime{} + std::chrono::hours(24 * 365 * 56)});
    for (const SimulatedSymbol& symbol : numbered_simulated_symbols(shape.symbols)) names_.push_back(symbol.name);
    bars_.reserve(shape.bars());
    const Duration step = Duration(std::chrono::minutes(1)) / shape.bars_a_minute;
    for (std::int64_t minute = 0; minute < shape.minutes; ++minute)
      for (std::int64_t i = 0; i < shape.bars_a_minute; ++i) add_round(simulator, minute, step * i);
    if (shape.shuffle > Duration::zero()) shuffle(shape.shuffle);
  }

  std::span<const Bar> bars() const { return bars_; }

 private:
  // A round of the simulator is a minute; here it may be less.
  void add_round(Simulator& simulator, std::int64_t minute, Duration within) {
    if (bars_.empty()) first_ = simulator.next_minute();
    std::size_t symbol = 0;
    for (Bar bar : simulator.round()) {
      bar.symbol = names_[symbol++];
      bar.values.time = first_ + std::chrono::minutes(minute) + within;
      bars_.push_back(bar);
    }
  }

  // Gives each bar a random place between its time and its time + reach, as in `tidemark simulate --shuffle`.
  void shuffle(Duration reach) {
    struct Place {
      EventTime at;
      std::size_t bar;
    };
    Random random(seed_of(1, "shuffle"));
    std::vector<Place> places;
    places.reserve(bars_.size());
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      const auto micros = random.between(0, reach / std::chrono::microseconds(1) - 1);
      places.push_back({bars_[i].values.time + std::chrono::microseconds(micros), i});
    }
    std::ranges::stable_sort(places, {}, &Place::at);
    std::vector<Bar> shuffled;
    shuffled.reserve(bars_.size());
    for (const Place& place : places) shuffled.push_back(bars_[place.bar]);
    bars_ = std::move(shuffled);
  }

  std::deque<std::string> names_;  // bars refer to them
  std::vector<Bar> bars_;
  EventTime first_{};
};

}  // namespace tidemark
