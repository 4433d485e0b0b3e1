#include "app/live/feeds.h"

#include <fmt/format.h>

#include <string>

namespace tidemark {

Result<std::unique_ptr<Feed>> make_feed(const RunOptions& options, const SymbolList& symbols, const FeedNeeds& needs) {
  if (options.feed->make == nullptr) return nullptr;
  return options.feed->make(options, symbols, needs);
}

Result<void> check_feed_input(const RunOptions& options) {
  return options.feed->check_input == nullptr ? Result<void>{} : options.feed->check_input(options);
}

Result<void> check_feed_is_of_log(const RunOptions& options, Log& log) {
  for (const std::string& rival : rivals_of(options)) {
    const auto cursor = log.cursor(rival);
    if (!cursor) return std::unexpected(cursor.error());
    if (!*cursor) continue;
    return std::unexpected(Error::setup(fmt::format(
        "feed: {} holds bars of {}, and those of {} are never mixed with them in one series (their prices and volumes "
        "differ); choose another directory with --data",
        options.data.string(), rival, options.feed->cursor(options).name)));
  }
  return {};
}

void tell_if_ended(const FeedStatus& feed, Journal& journal) {
  if (feed.state == FeedState::Ended) journal.info("feed.ended", {{"feed", feed.name}, {"detail", feed.detail}});
}

}  // namespace tidemark
