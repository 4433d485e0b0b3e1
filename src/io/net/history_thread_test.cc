// Slices of a history whose pages are written by hand: what is taken, what is refused, what is no answer.
#include "io/net/history_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <thread>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const EventTime from = *parse_timestamp("2026-01-05T15:00:00Z");

FetchedBar bar(std::string symbol, Duration after) {
  return {.time = from + after, .record = {.key = std::move(symbol)}, .is_bar = true};
}

class PagesByHand : public HistoryPages {
 public:
  explicit PagesByHand(std::deque<HistoryPage> pages) : pages_(std::move(pages)) {}
  Result<HistoryPage> bars(const BarsRequest& request, std::stop_token /*stop*/) override {
    if (pages_.empty())
      return std::unexpected(Error::permanent("asked for more than there is, behind " + request.page));
    HistoryPage page = std::move(pages_.front());
    pages_.pop_front();
    return page;
  }
  CallBudget budget() const override { return {}; }
  std::optional<ServerDate> server_date() const override { return {}; }
  Result<ServerClock> market_clock(std::stop_token /*stop*/) override { return ServerClock{}; }

 private:
  std::deque<HistoryPage> pages_;
};

struct Answer {
  Result<std::vector<FetchedBar>> bars;
  SliceAccount account;
};

// An hour of two symbols.
Answer ask(std::deque<HistoryPage> pages) {
  const auto slices = make_history_slices("test", std::make_unique<PagesByHand>(std::move(pages)));
  slices->ask({"MSFT", "AAPL"}, from, from + 1h);
  for (;; std::this_thread::sleep_for(1ms))
    if (auto bars = slices->take()) return {std::move(*bars), slices->account()};
}

std::vector<std::string> symbols_of(const std::vector<FetchedBar>& bars) {
  std::vector<std::string> symbols;
  for (const FetchedBar& each : bars) symbols.push_back(each.record.key);
  return symbols;
}

TEST(HistorySlices, PagesAreMergedByTime) {
  const auto [bars, account] = ask({{.bars = {bar("AAPL", 0min), bar("AAPL", 1min)}, .next = "2"},
                                    {.bars = {bar("MSFT", 0min), bar("MSFT", 59min)}, .next = ""}});
  ASSERT_TRUE(bars) << bars.error().message();
  EXPECT_EQ(symbols_of(*bars), (std::vector<std::string>{"AAPL", "MSFT", "AAPL", "MSFT"}));
  EXPECT_EQ(account.refused_bars, 0u);
}

TEST(HistorySlices, BarsThatNobodyAskedForAreRefusedAndCounted) {
  const auto [bars, account] = ask({{.bars = {bar("AAPL", -1min), bar("AAPL", 0min), bar("EVIL", 0min),
                                              bar("MSFT", 60min), bar("", 1min), bar("MSFT", 59min)},
                                     .next = ""}});
  ASSERT_TRUE(bars) << bars.error().message();
  EXPECT_EQ(symbols_of(*bars), (std::vector<std::string>{"AAPL", "MSFT"}));
  EXPECT_EQ(account.refused_bars, 4u);
}

// What is no bar has no time of its own; its dead letter says what it was.
TEST(HistorySlices, WhatIsNoBarIsTakenForItsSymbol) {
  FetchedBar none = bar("AAPL", -1h);
  none.is_bar = false;
  const auto [bars, account] = ask({{.bars = {none, bar("AAPL", 0min)}, .next = ""}});
  ASSERT_TRUE(bars) << bars.error().message();
  EXPECT_EQ(bars->size(), 2u);
}

TEST(HistorySlices, PagesThatComeToNoEndAreAFailureThatMayPass) {
  const auto [bars, account] =
      ask({{.bars = {bar("AAPL", 0min)}, .next = "T"}, {.bars = {bar("AAPL", 0min)}, .next = "T"}});
  ASSERT_FALSE(bars);
  EXPECT_TRUE(bars.error().is_retryable());
  EXPECT_NE(bars.error().message().find("token of a page that it gave before"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
