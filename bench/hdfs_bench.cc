// Measures the rows per second published into HDFS, and, in turns with it, onto the local disk. One item is one row.
// BENCH_HDFS names a folder of an HDFS (bench/chapters/hdfs.py starts one); the local folder is made in the current directory.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/check.h"
#include "io/disk/posix_disk.h"
#include "io/hdfs/hdfs_disk.h"
#include "io/hdfs/hdfs_url.h"
#include "publications.h"

namespace tidemark {
namespace {

// What a run publishes when it is busy.
Publication both() {
  Publication publication = some_trends();
  publication.bars = some_bars().bars;
  return publication;
}

void publish_local(benchmark::State& state, Publication (*make)()) {
  std::string directory = "hdfs-bench-XXXXXX";
  CHECK(::mkdtemp(directory.data()) != nullptr);
  const auto disk = make_posix_disk();
  auto store = open_parquet_store({.directory = directory, .compression = PageCompression::Snappy}, *disk);
  CHECK(store.has_value());
  publish_into(state, **store, make());
  store->reset();
  std::filesystem::remove_all(directory);
}

void publish_hdfs(benchmark::State& state, Publication (*make)()) {
  const char* const address = std::getenv("BENCH_HDFS");
  if (!address) {
    state.SkipWithError("BENCH_HDFS names no folder of an HDFS");
    return;
  }
  const auto url = parse_hdfs_url("BENCH_HDFS", address);
  CHECK(url.has_value());
  const auto locks = make_posix_disk();
  std::string lock_folder = "hdfs-bench-XXXXXX";
  CHECK(::mkdtemp(lock_folder.data()) != nullptr);
  const auto disk = make_hdfs_disk({.namenodes = url->namenodes, .user = url->user}, {}, *locks, lock_folder);
  auto store =
      open_parquet_store({.directory = url->folder, .compression = PageCompression::Snappy, .syncs_at_once = 4}, *disk);
  CHECK(store.has_value());
  publish_into(state, **store, make());
  store->reset();
  CHECK(disk->remove_folder(url->folder).has_value());
  std::filesystem::remove_all(lock_folder);
}

BENCHMARK_CAPTURE(publish_local, trends, some_trends)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish_hdfs, trends, some_trends)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish_local, both, both)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish_hdfs, both, both)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish_local, bars, some_bars)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(publish_hdfs, bars, some_bars)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
