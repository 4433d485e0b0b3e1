#include "app/live/feeds.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "io/alpaca/account.h"
#include "io/alpaca/alpaca_feed.h"
#include "io/alpaca/history.h"
#include "io/alpaca/websocket_stream.h"
#include "io/input/replay_feed.h"
#include "io/input/simulator_feed.h"
#include "io/input/stdin_feed.h"
#include "io/net/history_thread.h"
#include "io/observe/boot_clock.h"

namespace tidemark {
namespace {

Result<std::unique_ptr<Feed>> make_live_feed(const RunOptions& options, const SymbolList& names, const Clock& clock,
                                             Journal& journal, Metrics& metrics) {
  static const BootClock boot_clock;
  auto history = open_history(options.alpaca);
  if (!history) return std::unexpected(history.error());
  auto stream = open_bar_stream({.account = options.alpaca, .ask_again = options.retry_delay});
  if (!stream) return std::unexpected(stream.error());
  return make_alpaca_feed({.feed = options.alpaca.feed,
                           .symbols = names,
                           .retry_delay = options.retry_delay,
                           .max_retries = options.max_retries,
                           .has_own_clock = !is_alpacas_own(options.alpaca.data_url)},
                          std::move(*stream), make_history_slices("alpaca", std::move(*history)),
                          {.wall = clock, .steady = boot_clock}, journal, metrics);
}

// Names of cursors whose bars may be of the same symbols as those of this feed, and are others.
std::vector<std::string> rivals_of(const RunOptions& options) {
  constexpr std::array shares{AlpacaFeed::Iex, AlpacaFeed::Sip, AlpacaFeed::Test};
  std::vector<std::string> rivals;
  const bool is_live = options.feed == FeedKind::Alpaca;
  if (!is_live && options.feed != FeedKind::Simulator) return rivals;
  if (is_live) rivals.emplace_back("simulator");
  if (!is_live || options.alpaca.feed != AlpacaFeed::Crypto)
    for (const AlpacaFeed feed : shares)
      if (!is_live || series_of(feed) != series_of(options.alpaca.feed)) rivals.push_back(alpaca_feed_name(feed));
  if (!is_live) rivals.push_back(alpaca_feed_name(AlpacaFeed::Crypto));
  return rivals;
}

}  // namespace

Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& names, const Clock& clock,
                                        Journal& journal, Metrics& metrics) {
  switch (options.feed) {
    case FeedKind::Simulator: {
      std::vector<SimulatedSymbol> symbols;
      symbols.reserve(names.size());
      for (const std::string& name : names) symbols.push_back(simulated_symbol(name));
      return make_simulator_feed({.symbols = std::move(symbols), .seed = options.seed, .speed = options.speed}, clock);
    }
    case FeedKind::Replay: {
      ReplayFeedOptions replay{.files = {},
                               .transcribe = options.transcribe,
                               .sort = options.sort.sort,
                               .sort_memory_bytes = options.sort.memory_bytes,
                               .speed = options.speed};
      for (const auto& file : options.files) replay.files.push_back(file.string());
      return make_replay_feed(std::move(replay), clock);
    }
    case FeedKind::Stdin:
      return make_stdin_feed({.transcribe = options.transcribe}, clock);
    case FeedKind::Alpaca:
      return make_live_feed(options, names, clock, journal, metrics);
    case FeedKind::None:
      break;
  }
  return nullptr;
}

Result<void> check_replayed_files(const RunOptions& options) {
  if (options.feed != FeedKind::Replay) return {};
  for (const auto& file : options.files)
    if (file != "-" && ::access(file.c_str(), R_OK) != 0)
      return std::unexpected(Error::setup(fmt::format("cannot open {}: {}", file.string(), std::strerror(errno))));
  return {};
}

Result<void> check_feed_is_of_log(const RunOptions& options, Log& log) {
  for (const std::string& rival : rivals_of(options)) {
    const auto cursor = log.cursor(rival);
    if (!cursor) return std::unexpected(cursor.error());
    if (!*cursor) continue;
    return std::unexpected(Error::setup(fmt::format(
        "feed: {} holds bars of {}, and those of {} are never mixed with them in one series (their prices and volumes "
        "differ); say another --data",
        options.data.string(), rival,
        options.feed == FeedKind::Alpaca ? alpaca_feed_name(options.alpaca.feed) : to_string(options.feed))));
  }
  return {};
}

void tell_if_ended(const FeedStatus& feed, Journal& journal) {
  if (feed.state == FeedState::Ended) journal.info("feed.ended", {{"feed", feed.name}, {"detail", feed.detail}});
}

}  // namespace tidemark
