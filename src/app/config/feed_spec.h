// FeedSpec: a feed as settings, doctor and run know it. Each stands in a file of app/feeds, and in one line of feed_spec.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "app/config/settings.h"
#include "core/result.h"
#include "core/time/time.h"
#include "io/observe/metrics.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

struct Check;  // app/data_dir/check.h

// Whose symbols a feed brings. Bars of one symbol come from one feed only; simulated ones bear any name.
enum class SymbolKind : std::uint8_t { Simulated, Shares, Crypto };

// The name of a cursor in a log, which is the series of its bars.
struct FeedCursor {
  std::string name;
  SymbolKind symbols;
};

// They outlive the feed.
struct FeedNeeds {
  const Clock& clock;
  Journal& journal;
  Metrics& metrics;
};

struct FeedSpec {
  std::string_view name;            // "simulator"
  std::string_view help;            // its bars: "a simulated market"
  bool reads_files = false;         // those of the setting files, which it needs
  bool has_chosen_symbols = false;  // those of the setting symbols, and of `tidemark symbols`; else its input's
  bool is_live = false;             // its bars are of now
  Duration max_ahead{};             // unless the setting max-ahead says another; 0: any distance
  std::span<const RunSetting> settings = {};  // of its own, in a group of its own

  // The rest may be left out. Adds to the problems what its settings must be to one another, whether it is the feed of the run or not.
  void (*check_settings)(Configuration& configuration) = nullptr;
  // For a run, before anything is made for it. Error::setup.
  Result<void> (*check_input)(const RunOptions& options) = nullptr;
  // For the doctor, whether it is the feed of the run or not: of what is on this machine, and of its servers.
  std::vector<Check> (*checks_here)(const RunOptions& options) = nullptr;
  std::vector<Check> (*checks_of_servers)(const RunOptions& options) = nullptr;
  // Those that it may have, whatever the settings; and the one that it has by these.
  std::vector<FeedCursor> (*cursors)() = nullptr;
  FeedCursor (*cursor)(const RunOptions& options) = nullptr;
  // `symbols`: where they are chosen. Error::setup: an address that is none.
  Result<std::unique_ptr<Feed>> (*make)(const RunOptions& options, const SymbolList& symbols,
                                        const FeedNeeds& needs) = nullptr;
};

extern const FeedSpec none_feed;  // makes no feed: over Kafka others write the bars

// In the order in which help and docs show them; none_feed is the last.
std::span<const FeedSpec* const> feeds();

enum class WithNone : bool { No, Yes };
// "simulator, replay, stdin or alpaca"
std::string feed_choices(WithNone with_none);

// Series that must not stand in one log with that of this feed: their bars may be of the same symbols, and are others.
std::vector<std::string> rivals_of(const RunOptions& options);

// The cursors that feeds of bars of now may have: "alpaca/iex" …
std::vector<std::string> names_of_live_cursors();

}  // namespace tidemark
