#include "app/feeds.h"

#include "io/input/replay_feed.h"
#include "io/input/simulator_feed.h"
#include "io/input/stdin_feed.h"

namespace tidemark {

std::unique_ptr<Feed> make_feed(const RunOptions& options, const SymbolList& names, const Clock& clock) {
  switch (options.feed) {
    case FeedKind::Simulator: {
      std::vector<SimulatedSymbol> symbols;
      symbols.reserve(names.size());
      for (const std::string& name : names) symbols.push_back(simulated_symbol(name));
      return make_simulator_feed({.symbols = std::move(symbols), .seed = options.seed, .speed = options.speed}, clock);
    }
    case FeedKind::Replay: {
      ReplayFeedOptions replay{.files = {}, .speed = options.speed};
      for (const auto& file : options.files) replay.files.push_back(file.string());
      return make_replay_feed(std::move(replay), clock);
    }
    case FeedKind::Stdin:
      return make_stdin_feed({}, clock);
    case FeedKind::Alpaca:
      return nullptr;
  }
  return nullptr;
}

}  // namespace tidemark
