// The feed simulator: a market that walks at random.
#include <utility>

#include "app/config/feed_spec.h"
#include "io/input/simulator_feed.h"

namespace tidemark {
namespace {

FeedCursor cursor_of(const RunOptions& /*options*/) { return {"simulator", SymbolKind::Simulated}; }
std::vector<FeedCursor> cursors() { return {{"simulator", SymbolKind::Simulated}}; }

Result<std::unique_ptr<Feed>> make(const RunOptions& options, const SymbolList& names, const FeedNeeds& needs) {
  std::vector<SimulatedSymbol> symbols;
  symbols.reserve(names.size());
  for (const std::string& name : names) symbols.push_back(simulated_symbol(name));
  return make_simulator_feed({.symbols = std::move(symbols), .seed = options.seed, .speed = options.speed},
                             needs.clock);
}

}  // namespace

extern const FeedSpec simulator_feed{.name = "simulator",
                                     .help = "a simulated market",
                                     .has_chosen_symbols = true,
                                     .cursors = cursors,
                                     .cursor = cursor_of,
                                     .make = make};

}  // namespace tidemark
