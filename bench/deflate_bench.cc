// Measures what compressing the live stream (permessage-deflate) saves and costs, for the messages of the page's stream
// by size.
//
// `bytes` counts the plain messages, `packed` the frames that the server makes. An item is a message, which is packed
// once for all clients. `kept` is the same with a window kept from message to message, which would have to be done for
// each client: it shows what is given up.
#include <benchmark/benchmark.h>
#include <zlib.h>

#include <string>
#include <utility>
#include <vector>

#include "core/signal/summary.h"
#include "core/stream/window_engine.h"
#include "io/serve/message_deflate.h"
#include "market.h"
#include "run/page/board.h"

namespace tidemark {
namespace {

enum Kind { Snapshot, Update, Status };

// A board after an hour of the market, with a commit a minute.
std::vector<std::string> messages_of(Kind kind, std::size_t symbols) {
  const Market market({.symbols = symbols, .minutes = 60});
  Board board({.epoch = "bench"}, RunStatus("0", EventTime{}));
  WindowEngine engine({});
  std::vector<std::string> messages;
  const FeedStatus feed{"bench", FeedState::Live, "", 1.0};
  Collect sink;
  LiveBatch batch;
  for (std::size_t i = 0; i < market.bars().size(); ++i) {
    const Bar& bar = market.bars()[i];
    engine.observe(bar.values.time, sink);
    (void)engine.count(bar);
    batch.bars.push_back(live_bar(std::string(bar.symbol), bar.values));
    if ((i + 1) % symbols != 0) continue;
    batch.trends = std::exchange(sink.trends, {});
    board.apply(batch, bar.values.time, [&](std::string_view message) {
      if (kind == Update) messages.emplace_back(message);
    });
    batch = {};
  }
  if (kind == Snapshot)
    board.snapshot({.in_parts = true}, feed, EventTime{},
                   [&](std::string_view message) { messages.emplace_back(message); });
  if (kind == Status) messages.push_back(board.status_frame(feed, EventTime{}));
  return messages;
}

std::size_t kept(const std::vector<std::string>& messages) {
  z_stream stream{};
  (void)::deflateInit2(&stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::size_t bytes = 0;
  for (const std::string& message : messages) {
    std::string out(::deflateBound(&stream, message.size()) + 16, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
    stream.avail_in = static_cast<uInt>(message.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    (void)::deflate(&stream, Z_SYNC_FLUSH);
    bytes += out.size() - stream.avail_out;
  }
  ::deflateEnd(&stream);
  return bytes;
}

void pack(benchmark::State& state, Kind kind) {
  const auto messages = messages_of(kind, static_cast<std::size_t>(state.range(0)));
  if (messages.empty()) return state.SkipWithError("no messages");
  std::size_t bytes = 0, packed = 0;
  for (const std::string& message : messages) bytes += message.size();
  for ([[maybe_unused]] auto _ : state) {
    packed = 0;
    for (const std::string& message : messages)
      packed += websocket::packed_frame(websocket::Opcode::Text, message).size();
  }
  const auto count = static_cast<double>(messages.size());
  state.counters["messages"] = count;
  state.counters["bytes"] = static_cast<double>(bytes) / count;
  state.counters["packed"] = static_cast<double>(packed) / count;
  state.counters["kept"] = static_cast<double>(kept(messages)) / count;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.size()));
}

BENCHMARK_CAPTURE(pack, snapshot, Snapshot)->Arg(5)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pack, update, Update)->Arg(1)->Arg(5)->Arg(100)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(pack, status, Status)->Arg(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidemark
