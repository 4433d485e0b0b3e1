#include "app/config/feed_spec.h"

#include <array>

namespace tidemark {

// One line a feed. Each stands in a file of app/feeds, as `extern const FeedSpec simulator_feed`.
#define TIDEMARK_FEEDS(FEED) \
  FEED(simulator)            \
  FEED(replay)               \
  FEED(stdin)                \
  FEED(alpaca)               \
  FEED(none)

#define DECLARE(name) extern const FeedSpec name##_feed;
TIDEMARK_FEEDS(DECLARE)
#undef DECLARE

namespace {

#define ADDRESS(name) &name##_feed,
constexpr std::array feed_table{TIDEMARK_FEEDS(ADDRESS)};
#undef ADDRESS

bool may_share_symbols(const FeedCursor& one, const FeedCursor& other) {
  return one.symbols == other.symbols || one.symbols == SymbolKind::Simulated || other.symbols == SymbolKind::Simulated;
}

}  // namespace

extern const FeedSpec none_feed{.name = "none", .help = "others write the bars"};

std::span<const FeedSpec* const> feeds() { return feed_table; }

std::string feed_choices(WithNone with_none) {
  const std::size_t count = feed_table.size() - (with_none == WithNone::Yes ? 0 : 1);
  std::string choices;
  for (std::size_t i = 0; i < count; ++i) {
    choices += i == 0 ? "" : i + 1 == count ? " or " : ", ";
    choices += feed_table[i]->name;
  }
  return choices;
}

std::vector<std::string> rivals_of(const RunOptions& options) {
  std::vector<std::string> rivals;
  if (options.feed->cursor == nullptr) return rivals;
  const FeedCursor own = options.feed->cursor(options);
  for (const FeedSpec* feed : feed_table) {
    if (feed->cursors == nullptr) continue;
    for (FeedCursor& cursor : feed->cursors())
      if (cursor.name != own.name && may_share_symbols(cursor, own)) rivals.push_back(std::move(cursor.name));
  }
  return rivals;
}

std::vector<std::string> names_of_live_cursors() {
  std::vector<std::string> names;
  for (const FeedSpec* feed : feed_table)
    if (feed->is_live)
      for (FeedCursor& cursor : feed->cursors()) names.push_back(std::move(cursor.name));
  return names;
}

}  // namespace tidemark
