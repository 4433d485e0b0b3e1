// Measures the rows per second written to the lake as Parquet, with files synced and published. One item is one row.
// The folder is created in the current directory and removed.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/check.h"
#include "core/signal/summary.h"
#include "io/disk/posix_disk.h"
#include "io/lake/parquet_store.h"
#include "market.h"

namespace tidemark {
namespace {

constexpr std::int64_t rows = 50'000;  // as in a full publication of `tidemark run`

Publication some_trends() {
  Collect collect;
  const Market market({.symbols = 1'000, .minutes = 60});
  WindowEngine engine({.size = std::chrono::minutes(5), .slide = std::chrono::minutes(1)});
  for (const Bar& bar : market.bars()) {
    engine.observe(bar.values.time, collect);
    (void)engine.count(bar);
  }
  engine.close_all(collect);
  CHECK(collect.trends.size() >= rows);
  collect.trends.resize(rows);
  Publication publication;
  publication.trends = std::move(collect.trends);
  return publication;
}

Publication some_bars() {
  const Market market({.symbols = 1'000, .minutes = rows / 1'000});
  Publication publication;
  for (const Bar& bar : market.bars()) {
    JudgedBar& judged = publication.bars.emplace_back();
    judged.symbol = bar.symbol;
    judged.feed = bar.feed;
    judged.values = bar.values;
    judged.position = static_cast<Position>(publication.bars.size()) - 1;
  }
  return publication;
}

void publish(benchmark::State& state, Publication (*make)()) {
  Publication publication = make();
  std::string directory = "lake-bench-XXXXXX";
  CHECK(::mkdtemp(directory.data()) != nullptr);
  const auto disk = make_posix_disk();
  auto store = open_parquet_store({.directory = directory}, *disk);
  CHECK(store.has_value());
  for ([[maybe_unused]] auto _ : state) {
    publication.trends_from = publication.trends_to;
    publication.trends_to += static_cast<Position>(publication.trends.size());
    publication.bars_from = publication.bars_to;
    publication.bars_to += static_cast<Position>(publication.bars.size());
    CHECK((*store)->publish(publication).has_value());
  }
  store->reset();
  std::filesystem::remove_all(directory);
  state.SetItemsProcessed(state.iterations() * rows);
}

BENCHMARK_CAPTURE(publish, trends, some_trends)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish, bars, some_bars)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
