// Measures the embedded log on the current disk: rows per second of append, commit and poll, fsyncs included. One item
// is one record. The folder is created in the current directory and removed.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/wire/encode.h"
#include "io/embedded/embedded_log.h"
#include "market.h"

namespace tidemark {
namespace {

constexpr std::string_view feed = "bench";

class ScratchLog {
 public:
  ScratchLog() {
    std::string name = "log-bench-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
    auto log = open_embedded_log({.directory = directory_});
    CHECK(log.has_value());
    log_ = std::move(*log);
  }
  ScratchLog(const ScratchLog&) = delete;
  ScratchLog& operator=(const ScratchLog&) = delete;
  ~ScratchLog() {
    log_.reset();
    std::filesystem::remove_all(directory_);
  }
  Log& operator*() { return *log_; }
  Log* operator->() { return log_.get(); }

 private:
  std::string directory_;
  std::unique_ptr<Log> log_;
};

std::vector<Record> records_of(std::size_t count) {
  const Market market({.symbols = 100, .minutes = static_cast<std::int64_t>(count / 100 + 1)});
  std::vector<Record> records;
  for (const Bar& bar : market.bars().first(count)) {
    Record& record = records.emplace_back();
    record.key = bar.symbol;
    record.ingested_at = bar.values.time;
    append_bar(bar, record.value);
  }
  return records;
}

void append(benchmark::State& state) {
  const auto records = records_of(static_cast<std::size_t>(state.range(0)));
  ScratchLog log;
  std::int64_t step = 0;
  for ([[maybe_unused]] auto _ : state) CHECK(log->append(records, feed, std::to_string(++step)).has_value());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// What the analyze role commits for so many bars: each judged bar, a trend for each, and now and then a state of 100
// kB.
void commit(benchmark::State& state) {
  const auto records = records_of(static_cast<std::size_t>(state.range(0)));
  Commit commit{.reader = "analyze", .positions = {{Topic::Bars, 0}}};
  for (const Topic topic : {Topic::JudgedBars, Topic::Trends})
    for (const Record& record : records) commit.outputs.push_back({topic, record});
  const std::string snapshot(100'000, 's');
  ScratchLog log;
  std::int64_t step = 0;
  for ([[maybe_unused]] auto _ : state) {
    commit.positions[0].second += state.range(0);
    commit.state = ++step % 4 == 0 ? std::optional(snapshot) : std::nullopt;
    CHECK(log->commit(commit).has_value());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(commit.outputs.size()));
}

void poll(benchmark::State& state) {
  constexpr std::size_t stored = 50'000;
  const auto records = records_of(stored);
  ScratchLog log;
  CHECK(log->append(records, feed, "cursor").has_value());
  std::int64_t read = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (Position from = 0; from < static_cast<Position>(stored);) {
      const auto batch = log->poll(Topic::Bars, from, static_cast<std::size_t>(state.range(0)));
      CHECK(batch.has_value() && !batch->empty());
      read += static_cast<std::int64_t>(batch->size());
      from = batch->next_position();
    }
  }
  state.SetItemsProcessed(read);
}

BENCHMARK(append)->Arg(1)->Arg(5)->Arg(4'096)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(commit)->Arg(5)->Arg(4'096)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(poll)->Arg(4'096)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
