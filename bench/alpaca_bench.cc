// Measures a minute's burst of the whole market as Alpaca streams it, from frames of JSON to durable records in the
// log. One item is one bar; one thread. The log's folder is created in the current directory and removed.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/alpaca/stream_message.h"
#include "io/embedded/embedded_log.h"
#include "market.h"

namespace tidemark {
namespace {

constexpr std::size_t bars_of_a_frame = 500;
constexpr std::size_t records_of_a_step = 4'096;  // as ingest appends

std::vector<std::string> frames_of(std::size_t count) {
  const Market market({.symbols = count, .minutes = 1});
  std::vector<std::string> frames;
  std::size_t in_frame = 0;
  const auto number = [](std::string_view name, Int128 nanos, std::string& out) {
    out += fmt::format(R"(,"{}":)", name);
    append_decimal(nanos, out);
  };
  for (const Bar& bar : market.bars().first(count)) {
    if (in_frame == 0) frames.emplace_back("[");
    std::string& frame = frames.back();
    frame += fmt::format(R"({}{{"T":"b","S":"{}")", in_frame == 0 ? "" : ",", bar.symbol);
    number("o", bar.values.open.nanos, frame);
    number("h", bar.values.high.nanos, frame);
    number("l", bar.values.low.nanos, frame);
    number("c", bar.values.close.nanos, frame);
    number("v", bar.values.volume.nanos, frame);
    frame += fmt::format(R"(,"n":{})", bar.values.trade_count.value());
    number("vw", bar.values.vwap.value().nanos, frame);
    frame += fmt::format(R"(,"t":"{}"}})", format_timestamp(bar.values.time));
    if (++in_frame == bars_of_a_frame) in_frame = 0;
    if (in_frame == 0) frame += ']';
  }
  if (in_frame > 0) frames.back() += ']';
  return frames;
}

void burst(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto frames = frames_of(count);
  std::string folder = "alpaca-bench-XXXXXX";
  CHECK(::mkdtemp(folder.data()) != nullptr);
  {
    auto log = open_embedded_log({.directory = folder});
    CHECK(log.has_value());
    BarText text("iex");
    for ([[maybe_unused]] auto _ : state) {
      std::vector<Record> records;
      std::size_t kept = 0;
      const auto keep = [&] {
        CHECK((*log)->append(records, "alpaca/iex", "cursor").has_value());
        kept += records.size();
        records.clear();
      };
      for (std::string frame : frames) {
        auto read = read_frame(frame, text);
        CHECK(read.has_value());
        for (StreamBar& bar : read->bars) records.push_back(std::move(bar.bar.record));
        if (records.size() >= records_of_a_step) keep();
      }
      keep();
      CHECK(kept == count);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(burst)->Arg(10'000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
