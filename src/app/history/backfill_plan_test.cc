// Plans of backfills: how symbols become requests, the progress of a page, and which plans are equal.
#include "app/history/backfill_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/history/backfill.h"
#include "core/time/time.h"
#include "io/alpaca/account.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

BackfillOptions asked(std::vector<std::string> symbols) {
  BackfillOptions options;
  options.symbols = std::move(symbols);
  options.from = sys_days{year{2025} / 1 / 1};
  options.to = sys_days{year{2025} / 1 / 10};
  return options;
}

TEST(BackfillPlan, TheLastDayIsIncluded) {
  const BackfillPlan plan = plan_backfill(asked({"AAPL", "BRK.B"}));
  ASSERT_EQ(plan.requests.size(), 1u);
  EXPECT_EQ(bars_target(AlpacaFeed::Iex, plan.requests[0]),
            "/v2/stocks/bars?symbols=AAPL,BRK.B&timeframe=1Min&start=2025-01-01T00:00:00Z"
            "&end=2025-01-10T23:59:59.999999999Z&limit=10000&sort=asc&feed=iex&adjustment=raw");
}

TEST(BackfillPlan, CryptoHasItsOwnAddressAndDelayedSipAsksSip) {
  BackfillPlan plan = plan_backfill(asked({"BTC/USD"}));
  plan.requests[0].page = "a+b=";
  EXPECT_EQ(bars_target(AlpacaFeed::Crypto, plan.requests[0]),
            "/v1beta3/crypto/us/bars?symbols=BTC%2FUSD&timeframe=1Min&start=2025-01-01T00:00:00Z"
            "&end=2025-01-10T23:59:59.999999999Z&limit=10000&sort=asc&page_token=a%2Bb%3D");
  EXPECT_TRUE(bars_target(AlpacaFeed::DelayedSip, plan.requests[0]).contains("&feed=sip&"));
}

TEST(BackfillPlan, AnAddressStaysBelowTwoThousandCharacters) {
  std::vector<std::string> symbols;
  for (int i = 0; i < 3'000; ++i) symbols.push_back(fmt::format("S/{}", i));
  const BackfillPlan plan = plan_backfill(asked(symbols));
  std::vector<std::string> together;
  for (const BarsRequest& request : plan.requests) {
    EXPECT_LT(std::string("https://data.alpaca.markets").size() + bars_target(AlpacaFeed::Iex, request).size(), 1'800u);
    together.insert(together.end(), request.symbols.begin(), request.symbols.end());
  }
  EXPECT_EQ(together, symbols);
  EXPECT_LT(plan.requests.size(), 20u);
}

TEST(BackfillPlan, ItsNameIsThatOfAllItDependsOn) {
  const std::string name = plan_backfill(asked({"A"})).name;
  EXPECT_EQ(plan_backfill(asked({"A"})).name, name);
  EXPECT_NE(plan_backfill(asked({"B"})).name, name);
  BackfillOptions other = asked({"A"});
  other.adjustment = "split";
  EXPECT_NE(plan_backfill(other).name, name);
  EXPECT_EQ(series_of(other), "iex:split");
  other = asked({"A"});
  other.account.feed = AlpacaFeed::Sip;
  EXPECT_NE(plan_backfill(other).name, name);
  other = asked({"A"});
  other.threads = 7;
  EXPECT_EQ(plan_backfill(other).name, name);
}

TEST(BackfillPlan, HowFarAPageIs) {
  const BackfillPlan plan = plan_backfill(asked({"A", "B", "C", "D"}));
  const EventTime half = sys_days{year{2025} / 1 / 6};
  EXPECT_DOUBLE_EQ(plan.share_done(0, {.next = "x", .bars = 1, .symbols = {"A"}, .last_time = half}), 0.125);
  EXPECT_DOUBLE_EQ(plan.share_done(0, {.next = "x", .bars = 1, .symbols = {"A", "C"}, .last_time = half}), 0.625);
  EXPECT_DOUBLE_EQ(plan.share_done(0, {.next = "", .bars = 0, .symbols = {}, .last_time = {}}), 1.0);
}

}  // namespace
}  // namespace tidemark
