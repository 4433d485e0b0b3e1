// Pages of a server that comes to no end, and of one that is only slow to come to it.
#include "run/live_feed/page_walk.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

// Two symbols for an hour: 120 bars at most.
BarsRequest hour() {
  const EventTime from = *parse_timestamp("2026-01-05T15:00:00Z");
  BarsRequest request;
  request.symbols = {"AAPL", "MSFT"};
  request.from = from;
  request.to = from + 1h;
  return request;
}

// Pages until it is refused, and why.
std::pair<int, std::string> walk(const std::function<PageWalk::Page(int)>& page) {
  PageWalk walk(hour());
  for (int number = 1; number < 100'000; ++number) {
    const auto taken = walk.take(page(number));
    if (taken) continue;
    EXPECT_TRUE(taken.error().is_retryable());
    return {number, taken.error().message()};
  }
  return {100'000, "goes on for ever"};
}

TEST(PageWalk, AnHonestAnswerIsTakenInPagesOfAnySize) {
  for (const int bars : {2, 7, 120}) {
    PageWalk walk(hour());
    for (int left = 120, page = 0; left > 0; left -= bars, ++page) {
      const std::string token = std::to_string(page);
      ASSERT_TRUE(walk.take({.next = left > bars ? token : std::string_view(), .bars = 2, .bytes = 300}));
    }
  }
}

TEST(PageWalk, ATokenComesOnce) {
  const std::string tokens[] = {"a", "b", "a"};
  const auto [pages, why] =
      walk([&](int page) { return PageWalk::Page{.next = tokens[page - 1], .bars = 1, .bytes = 9}; });
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(why, "history gives the token of a page that it gave before, on page 3");
}

TEST(PageWalk, TokensForEverComeToAnEnd) {
  std::string token;
  const auto [pages, why] = walk([&](int page) {
    token = std::to_string(page);
    return PageWalk::Page{.next = token, .bars = 1, .bytes = 9};
  });
  EXPECT_EQ(pages, 102);  // 100 and one for each 50 of 120 bars
  EXPECT_EQ(why, "history comes to no end: 102 pages for one question");
}

TEST(PageWalk, EmptyPagesForEverComeToAnEndSooner) {
  std::string token;
  const auto [pages, why] = walk([&](int page) {
    token = std::to_string(page);
    return PageWalk::Page{.next = token, .bars = page <= 5 ? 1u : 0u, .bytes = 9};
  });
  EXPECT_EQ(pages, 25);
  EXPECT_EQ(why, "history gives 20 empty pages in a row");
}

TEST(PageWalk, MoreBarsThanThereAreMinutesAreNoAnswer) {
  const auto [pages, why] = walk([](int) { return PageWalk::Page{.next = {}, .bars = 10'241, .bytes = 9}; });
  EXPECT_EQ(pages, 1);
  EXPECT_EQ(why, "history gives 10241 bars where at most 10240 can be");
}

TEST(PageWalk, BytesAreBounded) {
  std::string token;
  const auto [pages, why] = walk([&](int page) {
    token = std::to_string(page);
    return PageWalk::Page{.next = token, .bars = 1, .bytes = 8 << 20};
  });
  EXPECT_EQ(pages, 5);  // 32 MB and a little
  EXPECT_TRUE(why.starts_with("history gives 41943040 bytes for one question")) << why;
}

TEST(PageWalk, ATokenHasALength) {
  const std::string token(4'097, 'x');
  const auto [pages, why] = walk([&](int) { return PageWalk::Page{.next = token, .bars = 1, .bytes = 9}; });
  EXPECT_EQ(pages, 1);
  EXPECT_EQ(why, "history gives a page token of 4097 bytes");
}

}  // namespace
}  // namespace tidemark
