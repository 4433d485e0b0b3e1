// What Alpaca's feed says of itself: its name, plan and calendar, its refusals, its events and metrics.
#include "io/alpaca/alpaca_feed.h"

#include <gtest/gtest.h>

#include "io/alpaca/stream_fault.h"
#include "run/live_feed/market_rig_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

const EventTime monday = at("2026-01-05T15:00:00Z");  // ten in the morning in New York

// The rig's market as Alpaca's.
class AlpacaRig {
 public:
  AlpacaRig() {
    auto stream_of = std::make_unique<TestStream>(rig.market);
    auto history_of = std::make_unique<TestHistory>(rig.market, rig.clock, rig.steady);
    rig.stream = stream_of.get();
    rig.history = history_of.get();
    rig.feed = make_alpaca_feed({.feed = AlpacaFeed::Iex,
                                 .symbols = rig.market.symbols,
                                 .retry_delay = 2s,
                                 .max_retries = {},
                                 .jitter_seed = 1,
                                 .has_own_clock = false},
                                std::move(stream_of), std::move(history_of), {.wall = rig.wall, .steady = rig.steady},
                                rig.journal, metrics);
    EXPECT_TRUE(rig.feed->open(std::nullopt));
  }

  Metrics metrics;
  FeedRig rig{monday + 25s};
};

TEST(AlpacaFeed, EachHasItsSeriesItsHoursAndItsDelay) {
  EXPECT_EQ(alpaca_feed_name(AlpacaFeed::Iex), "alpaca/iex");
  EXPECT_EQ(alpaca_feed_name(AlpacaFeed::DelayedSip), "alpaca/sip");
  EXPECT_EQ(alpaca_source(AlpacaFeed::DelayedSip).lag, 15min);
  EXPECT_EQ(alpaca_source(AlpacaFeed::Sip).lag, 0s);
  EXPECT_FALSE(alpaca_source(AlpacaFeed::Test).has_history);
  const EventTime sunday = at("2026-01-04T15:00:00Z");
  for (const AlpacaFeed feed : {AlpacaFeed::Iex, AlpacaFeed::Sip, AlpacaFeed::DelayedSip})
    EXPECT_TRUE(alpaca_source(feed).calendar->is_closed_at(sunday));
  for (const AlpacaFeed feed : {AlpacaFeed::Test, AlpacaFeed::Crypto})
    EXPECT_FALSE(alpaca_source(feed).calendar->is_closed_at(sunday));
}

TEST(AlpacaFeed, ARefusalThatOnlyPeopleCanCureNamesTheSetting) {
  AlpacaRig alpaca;
  alpaca.rig.stream->answers = {stream_fault(402, "auth failed", "iex")};
  alpaca.rig.run_to(monday + 30s);
  ASSERT_TRUE(alpaca.rig.error);
  EXPECT_TRUE(alpaca.rig.error->is_setup());
  EXPECT_NE(alpaca.rig.error->message().find("ALPACA_API_SECRET"), std::string::npos);
}

TEST(AlpacaFeed, EventsMetricsAndPageCallItByItsName) {
  AlpacaRig alpaca;
  FeedRig& rig = alpaca.rig;
  rig.run_to(monday + 3min);
  rig.history->fails = 5;
  rig.stream->cut();
  rig.run_to(monday + 10min);
  EXPECT_EQ(rig.journal.events.count("alpaca.filled"), 2u);
  EXPECT_EQ(rig.journal.events.count("alpaca.lost"), 1u);
  EXPECT_NE(alpaca.metrics.expose().find("tidemark_alpaca_history_failures_total 5\n"), std::string::npos);
  EXPECT_EQ(rig.feed->status().name, "alpaca");
  EXPECT_TRUE(rig.feed->status().detail.starts_with("3 symbols of IEX, one exchange, gaps filled: 2, "))
      << rig.feed->status().detail;
  EXPECT_TRUE(rig.cursor->starts_with("alpaca1 ")) << *rig.cursor;
}

}  // namespace
}  // namespace tidemark
