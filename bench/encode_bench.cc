// Measures the rows per second written as JSON lines. One item is one row.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/signal/summary.h"
#include "core/stream/window_engine.h"
#include "core/wire/encode.h"
#include "market.h"

namespace tidemark {
namespace {

// Writes all rows repeatedly into the same buffer.
template <typename Row, typename Append>
void write_rows(benchmark::State& state, std::span<const Row> rows, Append append) {
  std::string out;
  for ([[maybe_unused]] auto _ : state) {
    out.clear();
    for (const Row& row : rows) {
      append(row, out);
      out += '\n';
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void encode_bar(benchmark::State& state) {
  const Market market({.symbols = 1'000, .minutes = 20});
  write_rows(state, market.bars(), append_bar);
}

void encode_trend(benchmark::State& state) {
  const Market market({.symbols = 1'000, .minutes = 20});
  Collect collect;
  WindowEngine engine({.size = std::chrono::minutes(5), .slide = std::chrono::minutes(1)});
  for (const Bar& bar : market.bars()) {
    engine.observe(bar.values.time, collect);
    (void)engine.count(bar);
  }
  engine.close_all(collect);
  write_rows(state, std::span<const Trend>(collect.trends), append_trend);
}

BENCHMARK(encode_bar)->Unit(benchmark::kMillisecond);
BENCHMARK(encode_trend)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
