#include "io/alpaca_server/tape.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "core/check.h"
#include "core/time/exchange_calendar.h"

namespace tidemark {

TapeBar tape_bar(const BarValues& values) {
  return {.time = values.time,
          .open = values.open,
          .high = values.high,
          .low = values.low,
          .close = values.close,
          .vwap = values.vwap,
          .trade_count = values.trade_count,
          .volume = values.volume};
}

MarketTape::MarketTape(std::vector<SymbolTape> symbols) {
  symbols_.reserve(symbols.size());
  for (SymbolTape& symbol : symbols) symbols_.push_back({std::move(symbol)});
  std::ranges::sort(symbols_, {}, &SymbolTape::symbol);
  for (const Symbol& symbol : symbols_) CHECK(std::ranges::is_sorted(symbol.bars, {}, &TapeBar::time));
}

std::optional<std::size_t> MarketTape::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(symbols_, name, {}, &SymbolTape::symbol);
  if (found == symbols_.end() || found->symbol != name) return std::nullopt;
  return static_cast<std::size_t>(found - symbols_.begin());
}

std::span<const TapeBar> MarketTape::before(std::size_t symbol, EventTime end) {
  Symbol& tape = symbols_[symbol];
  if (tape.grow && end > tape.grown_to) {
    tape.grow(end, tape.bars);
    tape.grown_to = end;
  }
  const auto past = std::ranges::lower_bound(tape.bars, end, {}, &TapeBar::time);
  return {tape.bars.begin(), past};
}

std::span<const TapeBar> MarketTape::between(std::size_t symbol, EventTime from, EventTime end) {
  const auto all = before(symbol, end);
  const auto first = std::ranges::lower_bound(all, from, {}, &TapeBar::time);
  return {first, all.end()};
}

void Recording::add(const Bar& bar) {
  const auto [place, is_new] = places_.try_emplace(std::string(bar.symbol), symbols_.size());
  if (is_new) symbols_.push_back({.symbol = std::string(bar.symbol), .bars = {}, .grow = {}});
  symbols_[place->second].bars.push_back(tape_bar(bar.values));
  first_ = std::min(first_, bar.values.time);
}

std::vector<SymbolTape> Recording::finish() && {
  for (SymbolTape& symbol : symbols_) {
    std::ranges::stable_sort(symbol.bars, {}, &TapeBar::time);
    auto& bars = symbol.bars;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const bool repeats = kept > 0 && bars[kept - 1].time == bars[i].time;
      bars[repeats ? kept - 1 : kept++] = bars[i];
    }
    bars.resize(kept);
  }
  return std::move(symbols_);
}

SymbolTape simulated_tape(SimulatedSymbol symbol, std::uint64_t seed, EventTime from, MarketHours hours) {
  std::string name = symbol.name;
  auto simulator = std::make_shared<Simulator>(
      SimulatorOptions{.seed = seed, .symbols = {std::move(symbol)}, .start = floor_to(from, std::chrono::minutes(1))});
  return {.symbol = std::move(name),
          .bars = {},
          .grow = [simulator = std::move(simulator), hours](EventTime end, std::vector<TapeBar>& bars) {
            while (simulator->next_minute() < end) {
              const bool kept =
                  hours == MarketHours::Always || session_at(simulator->next_minute()) == Session::Regular;
              const TapeBar bar = tape_bar(simulator->round().front().values);
              if (kept) bars.push_back(bar);
            }
          }};
}

}  // namespace tidemark
