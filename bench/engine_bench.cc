// Measures the decoded bars per second of the engine: windows alone, and windows with their trends.
//
// One item is one bar. Each pass runs a new engine from the first bar to the closing of the last window.
#include <benchmark/benchmark.h>

#include <map>
#include <tuple>

#include "core/check.h"
#include "core/signal/summary.h"
#include "core/stream/window_engine.h"
#include "market.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

enum class Order : std::uint8_t { InTime, Shuffled };

// Made at its first use and kept, because making one takes longer than measuring it.
const Market& market_of(std::size_t symbols, std::int64_t bars_a_minute, Order order) {
  static std::map<std::tuple<std::size_t, std::int64_t, Order>, Market> markets;
  const auto key = std::tuple(symbols, bars_a_minute, order);
  if (const auto found = markets.find(key); found != markets.end()) return found->second;
  const std::int64_t length = 600'000 / (static_cast<std::int64_t>(symbols) * bars_a_minute);
  const MarketShape shape{.symbols = symbols,
                          .minutes = std::max<std::int64_t>(length, 12),
                          .bars_a_minute = bars_a_minute,
                          .shuffle = order == Order::Shuffled ? Duration(minutes(2)) : Duration::zero()};
  return markets.try_emplace(key, shape).first->second;
}

class CountBars : public WindowSink {
 public:
  void window(const WindowState& state) override { bars += state.sums.bar_count; }
  std::int64_t bars = 0;
};

class SummarizeEach : public WindowSink {
 public:
  void window(const WindowState& state) override {
    summarize(state, TrendStatus::Final, trend_);
    bars += trend_.bar_count;
    benchmark::DoNotOptimize(trend_);
  }
  std::int64_t bars = 0;

 private:
  Trend trend_;
};

template <typename Sink>
void run_engine(benchmark::State& state, Order order) {
  const auto bars = market_of(static_cast<std::size_t>(state.range(0)), state.range(1), order).bars();
  for ([[maybe_unused]] auto _ : state) {
    Sink sink;
    WindowEngine engine({.size = minutes(5), .slide = minutes(1), .delay = minutes(2)});
    for (const Bar& bar : bars) {
      engine.observe(bar.values.time, sink);
      CHECK(engine.count(bar) == Verdict::Accepted);
    }
    engine.close_all(sink);
    CHECK(sink.bars == static_cast<std::int64_t>(bars.size()) * 5);  // every bar lies in five windows
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars.size()));
}

void windows(benchmark::State& state, Order order) { run_engine<CountBars>(state, order); }
void trends(benchmark::State& state, Order order) { run_engine<SummarizeEach>(state, order); }

// {symbols, bars a minute of each}
BENCHMARK_CAPTURE(windows, in_time, Order::InTime)
    ->Args({1'000, 1})
    ->Args({10'000, 1})
    ->Args({1'000, 60})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(windows, shuffled, Order::Shuffled)
    ->Args({1'000, 1})
    ->Args({10'000, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(trends, in_time, Order::InTime)
    ->Args({1'000, 1})
    ->Args({10'000, 1})
    ->Args({1'000, 60})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(trends, shuffled, Order::Shuffled)
    ->Args({1'000, 1})
    ->Args({10'000, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
