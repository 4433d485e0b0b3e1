#include "io/alpaca/alpaca_feed.h"

#include <random>
#include <utility>

#include "core/enum_names.h"
#include "io/observe/feed_meter.h"

namespace tidemark {
namespace {

constexpr Duration delay_of_sip = std::chrono::minutes(15);  // of delayed_sip

constexpr EnumNames<AlpacaFeed, 5> plan_names{"IEX, one exchange", "SIP, all exchanges", "SIP, fifteen minutes late",
                                              "the test feed", "crypto"};

}  // namespace

LiveSource alpaca_source(AlpacaFeed feed) {
  const bool is_endless = feed == AlpacaFeed::Crypto || feed == AlpacaFeed::Test;
  return {.name = "alpaca",
          .series = std::string(series_of(feed)),
          .plan = std::string(plan_names[feed]),
          .calendar = is_endless ? &never_closes() : &exchange_hours(),
          .lag = feed == AlpacaFeed::DelayedSip ? delay_of_sip : Duration(0),
          .has_history = feed != AlpacaFeed::Test,
          .has_own_clock = false,
          .backfill = "tidemark backfill"};
}

std::unique_ptr<Feed> make_alpaca_feed(const AlpacaFeedOptions& options, std::unique_ptr<BarStream> stream,
                                       std::unique_ptr<HistorySlices> history, const FeedClocks& clocks,
                                       Journal& journal, Metrics& metrics) {
  LiveSource source = alpaca_source(options.feed);
  source.has_own_clock = options.has_own_clock;
  return make_live_feed(std::move(source),
                        {.symbols = options.symbols,
                         .retry_delay = options.retry_delay,
                         .max_retries = options.max_retries,
                         .jitter_seed = options.jitter_seed ? *options.jitter_seed : std::random_device{}()},
                        std::move(stream), std::move(history), clocks, journal,
                        make_feed_meter("alpaca", "Alpaca", metrics));
}

std::string alpaca_feed_name(AlpacaFeed feed) { return live_feed_name(alpaca_source(feed)); }

}  // namespace tidemark
