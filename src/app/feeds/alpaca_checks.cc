#include "app/feeds/alpaca_checks.h"

#include <fmt/format.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include "app/config/feed_spec.h"
#include "app/data_dir/chosen_symbols.h"
#include "app/process/system_clock.h"
#include "core/enum_names.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "io/alpaca/account.h"
#include "io/alpaca/history.h"
#include "io/alpaca/websocket_stream.h"
#include "io/disk/directory_lock.h"

namespace tidemark {
namespace {

constexpr auto alpaca_subject = "alpaca";
constexpr auto stream_timeout = std::chrono::seconds(20);
constexpr auto poll_interval = std::chrono::milliseconds(20);
constexpr Duration far_enough = std::chrono::days(5);  // a long weekend has no bars
constexpr std::int64_t calls_of_the_free_plan = 200;
constexpr std::size_t symbols_of_the_free_plan = 30;

constexpr EnumNames<AlpacaFeed, 5> feed_texts{"iex: one exchange, in real time, some percent of all volume",
                                              "sip: all exchanges, in real time",
                                              "delayed_sip: all exchanges, a quarter of an hour late",
                                              "test: a made-up symbol, without history", "crypto: day and night"};

std::string plan_of(std::int64_t calls) {
  if (calls < 0) return "the server reports no call limit";
  return fmt::format("{} calls a minute{}", calls,
                     calls <= calls_of_the_free_plan ? ", as on the free plan (30 symbols, one connection)" : "");
}

Check examine_history(const RunOptions& options, const SymbolList& symbols) {
  if (options.alpaca.feed == AlpacaFeed::Test)
    return {Health::Warning, alpaca_subject, "the feed test has no history: gaps of the stream stay gaps"};
  const auto history = open_history(options.alpaca);
  if (!history)
    return {Health::Failure, alpaca_subject, history.error().message(), "tidemark run --help tells what may be set"};
  const EventTime now = SystemClock().now();
  const auto page = (*history)->bars({.symbols = {symbols.front()}, .from = now - far_enough, .to = now}, {});
  if (!page) return {Health::Failure, alpaca_subject, page.error().message(), "docs/feeds.md, \"alpaca\""};
  const std::string newest = page->bars.empty()
                                 ? fmt::format("no bar of {} in five days", symbols.front())
                                 : fmt::format("the first bar of {} in five days is of {}", symbols.front(),
                                               format_timestamp(page->bars.front().time));
  return {Health::Ok, alpaca_subject,
          fmt::format("history answers; {}; {}", plan_of((*history)->budget().limit), newest)};
}

Check examine_stream(const RunOptions& options, const SymbolList& symbols) {
  if (const auto owner = directory_owner(options.data))
    return {Health::Ok, alpaca_subject,
            fmt::format("the stream was not tried: process {} may be using the one connection", *owner)};
  const auto stream = open_bar_stream({.account = options.alpaca});
  if (!stream)
    return {Health::Failure, alpaca_subject, stream.error().message(), "tidemark run --help tells what may be set"};
  (*stream)->begin(symbols);
  const auto deadline = std::chrono::steady_clock::now() + stream_timeout;
  for (; std::chrono::steady_clock::now() < deadline; std::this_thread::sleep_for(poll_interval)) {
    for (const StreamEvent& event : (*stream)->take()) {
      if (event.kind == StreamEvent::Kind::Subscribed)
        return {Health::Ok, alpaca_subject,
                fmt::format("the stream takes the keys and {} symbols", event.symbols.size())};
      if (event.kind == StreamEvent::Kind::Lost || event.kind == StreamEvent::Kind::Notice)
        return {Health::Failure, alpaca_subject, event.fault.sentence, "docs/feeds.md, \"alpaca\""};
    }
  }
  return {Health::Failure, alpaca_subject, fmt::format("the stream has not answered for {} s", stream_timeout.count()),
          "does a proxy or a firewall keep WebSockets from this machine?"};
}

}  // namespace

std::vector<Check> examine_alpaca(const RunOptions& options) {
  const bool has_keys = !options.alpaca.key.empty() && !options.alpaca.secret.empty();
  if (options.feed != &alpaca_feed) {
    if (!has_keys) return {};
    return {{Health::Ok, alpaca_subject,
             fmt::format("keys are set; tidemark run --feed alpaca uses them, not the feed {}", options.feed->name)}};
  }
  if (!has_keys || options.symbols.count) return {};  // reported among the settings
  const SymbolList symbols = set_up_symbols(options);
  std::vector<Check> checks{{Health::Ok, alpaca_subject, std::string(feed_texts[options.alpaca.feed])}};
  if (options.alpaca.feed != AlpacaFeed::Crypto && symbols.size() > symbols_of_the_free_plan)
    checks.push_back({Health::Warning, alpaca_subject,
                      fmt::format("{} symbols; the free plan streams 30", symbols.size()),
                      "choose fewer with SYMBOLS, if that is the plan"});
  checks.push_back(examine_history(options, symbols));
  checks.push_back(examine_stream(options, symbols));
  return checks;
}

}  // namespace tidemark
