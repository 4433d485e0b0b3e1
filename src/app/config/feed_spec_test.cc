// The table of feeds: what each line must have, and whose bars must not stand beside whose (docs/feeds.md, "One series, one feed").
#include "app/config/feed_spec.h"

#include <gtest/gtest.h>

#include <set>

#include "io/alpaca/account.h"

namespace tidemark {
namespace {

using Names = std::vector<std::string>;

const FeedSpec* feed_called(std::string_view name) {
  for (const FeedSpec* feed : feeds())
    if (feed->name == name) return feed;
  return nullptr;
}

TEST(Feeds, EachLineIsWhole) {
  std::set<std::string_view> names;
  for (const FeedSpec* feed : feeds()) {
    EXPECT_TRUE(names.insert(feed->name).second) << feed->name;
    EXPECT_FALSE(feed->help.empty()) << feed->name;
    EXPECT_EQ(feed->make == nullptr, feed == &none_feed) << feed->name;
    EXPECT_EQ(feed->cursor == nullptr, feed->cursors == nullptr) << feed->name;
    EXPECT_TRUE(!feed->is_live || feed->cursors != nullptr) << feed->name << " would be healed by no watermark";
    for (const RunSetting& setting : feed->settings) {
      EXPECT_EQ(setting.spec.group, feed->settings.front().spec.group) << setting.spec.name;
      EXPECT_NE(find_setting(run_settings(), setting.spec.name), nullptr) << setting.spec.name;
    }
  }
  EXPECT_EQ(feeds().back(), &none_feed);
}

TEST(Feeds, HelpNamesAllOfThem) {
  const SettingSpec* const setting = find_setting(run_settings(), "feed");
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(setting->argument, "simulator|replay|stdin|alpaca|none");
  EXPECT_EQ(
      setting->help,
      "where bars come from: a simulated market, files, standard input, or Alpaca's live bars; over Kafka none unless "
      "set: others write the bars");
  EXPECT_EQ(feed_choices(WithNone::Yes), "simulator, replay, stdin, alpaca or none");
  EXPECT_EQ(feed_choices(WithNone::No), "simulator, replay, stdin or alpaca");
}

TEST(Feeds, BarsOfOneSymbolComeFromOneFeed) {
  RunOptions options;
  EXPECT_EQ(rivals_of(options), (Names{"alpaca/iex", "alpaca/sip", "alpaca/test", "alpaca/crypto"}));
  for (const auto* const own : {"replay", "stdin", "none"}) {
    options.feed = feed_called(own);
    EXPECT_EQ(rivals_of(options), Names{}) << own;
  }
  options.feed = feed_called("alpaca");
  EXPECT_EQ(rivals_of(options), (Names{"simulator", "alpaca/sip", "alpaca/test"}));
  options.alpaca.feed = AlpacaFeed::DelayedSip;  // the series of sip, later
  EXPECT_EQ(rivals_of(options), (Names{"simulator", "alpaca/iex", "alpaca/test"}));
  options.alpaca.feed = AlpacaFeed::Crypto;  // its symbols are no shares
  EXPECT_EQ(rivals_of(options), Names{"simulator"});
}

TEST(Feeds, OnlyLiveOnesHaveCursorsThatAWatermarkMoves) {
  EXPECT_EQ(names_of_live_cursors(), (Names{"alpaca/iex", "alpaca/sip", "alpaca/test", "alpaca/crypto"}));
}

}  // namespace
}  // namespace tidemark
