// Measures the rows per second written to the lake as Parquet, with files synced and published. One item is one row.
// The folder is created in the current directory and removed.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/check.h"
#include "io/disk/posix_disk.h"
#include "io/lake/parquet_store.h"
#include "publications.h"

namespace tidemark {
namespace {

void publish(benchmark::State& state, Publication (*make)()) {
  std::string directory = "lake-bench-XXXXXX";
  CHECK(::mkdtemp(directory.data()) != nullptr);
  const auto disk = make_posix_disk();
  auto store = open_parquet_store({.directory = directory}, *disk);
  CHECK(store.has_value());
  publish_into(state, **store, make());
  store->reset();
  std::filesystem::remove_all(directory);
}

BENCHMARK_CAPTURE(publish, trends, some_trends)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish, bars, some_bars)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
