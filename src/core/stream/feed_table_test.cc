// Feed names by number.
#include "core/stream/feed_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidemark {
namespace {

TEST(FeedTable, NoFeedIsZeroAndTheEmptyNameIsNot) {
  FeedTable feeds;
  EXPECT_EQ(feeds.id(std::nullopt), 0U);
  EXPECT_NE(feeds.id(""), 0U);
  EXPECT_EQ(feeds.name(0), nullptr);
  EXPECT_EQ(feeds.name(Sums::mixed_feeds), nullptr);
  EXPECT_EQ(*feeds.name(feeds.id("")), "");
}

TEST(FeedTable, GivesEachNameANumberAndTheNameBack) {
  FeedTable feeds;
  std::vector<FeedId> ids;
  for (int i = 0; i < 5'000; ++i) ids.push_back(feeds.id("feed " + std::to_string(i)));
  for (int i = 4'999; i >= 0; --i) {
    const std::string name = "feed " + std::to_string(i);
    ASSERT_EQ(feeds.id(name), ids[static_cast<std::size_t>(i)]);
    ASSERT_EQ(*feeds.name(ids[static_cast<std::size_t>(i)]), name);
  }
  EXPECT_EQ(feeds.size(), 5'001U);
}

TEST(FeedTable, KnowsItsNamesAfterAMove) {
  FeedTable feeds;
  const FeedId sip = feeds.id("sip"), iex = feeds.id("iex");
  FeedTable moved = std::move(feeds);
  EXPECT_EQ(*moved.name(sip), "sip");
  EXPECT_EQ(moved.id("iex"), iex);
  EXPECT_EQ(moved.id("sip"), sip);
}

}  // namespace
}  // namespace tidemark
