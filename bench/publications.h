// Publications of 50,000 rows of one table, and a store that publishes one of them again and again.
#pragma once

#include <benchmark/benchmark.h>

#include "core/check.h"
#include "core/signal/summary.h"
#include "io/lake/parquet_store.h"
#include "market.h"

namespace tidemark {

inline constexpr std::int64_t rows = 50'000;  // as in a full publication of `tidemark run`

inline Publication some_trends() {
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

inline Publication some_bars() {
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

// One item is one row.
inline void publish_into(benchmark::State& state, Store& store, Publication publication) {
  const auto rows_of_each = static_cast<std::int64_t>(publication.trends.size() + publication.bars.size());
  for ([[maybe_unused]] auto _ : state) {
    publication.trends_from = publication.trends_to;
    publication.trends_to += static_cast<Position>(publication.trends.size());
    publication.bars_from = publication.bars_to;
    publication.bars_to += static_cast<Position>(publication.bars.size());
    CHECK(store.publish(publication).has_value());
  }
  state.SetItemsProcessed(state.iterations() * rows_of_each);
}

}  // namespace tidemark
