// The feed alpaca: Alpaca's live bars.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "app/config/feed_spec.h"
#include "app/config/rules.h"
#include "app/config/setting_values.h"
#include "app/feeds/alpaca_checks.h"
#include "io/alpaca/account.h"
#include "io/alpaca/alpaca_feed.h"
#include "io/alpaca/history.h"
#include "io/alpaca/websocket_stream.h"
#include "io/net/history_thread.h"
#include "io/net/server_url.h"
#include "io/observe/boot_clock.h"

namespace tidemark {
namespace {

using namespace setting_values;
using Kind = SettingKind;

constexpr std::string_view group = "Alpaca";

constexpr std::array settings{
    RunSetting{SettingSpec{"alpaca-feed", Kind::Value, group, "iex|sip|delayed_sip|test|crypto", "iex",
                           "one exchange (the free plan), all, all fifteen minutes late, a made-up symbol, or crypto"},
               [](RunOptions& o, Said said) { return put(o.alpaca.feed, read_alpaca_feed(text(said))); }},
    RunSetting{SettingSpec{"alpaca-api-key", Kind::Secret, group, "KEY", "", "of an Alpaca account", "ALPACA_API_KEY"},
               [](RunOptions& o, Said said) { return put_secret(o.alpaca.key, said); }},
    RunSetting{SettingSpec{"alpaca-api-secret", Kind::Secret, group, "SECRET", "", "that goes with the key",
                           "ALPACA_API_SECRET"},
               [](RunOptions& o, Said said) { return put_secret(o.alpaca.secret, said); }},
    RunSetting{SettingSpec{"alpaca-stream-url", Kind::Value, group, "URL", "wss://stream.data.alpaca.markets",
                           "where bars are streamed; ws://127.0.0.1:8060 is that of tidemark alpaca-server"},
               [](RunOptions& o, Said said) { return put_text(o.alpaca.stream_url, said); }},
    RunSetting{SettingSpec{"alpaca-data-url", Kind::Value, group, "URL", "https://data.alpaca.markets",
                           "where history is asked for; http://127.0.0.1:8060 is that of tidemark alpaca-server"},
               [](RunOptions& o, Said said) { return put_text(o.alpaca.data_url, said); }},
    RunSetting{SettingSpec{ca_file_setting, Kind::Value, group, "FILE", "",
                           "certificates to trust, PEM; those of the system if not set"},
               [](RunOptions& o, Said said) { return put_text(o.alpaca.ca_file, said); }},
};

void check_settings(Configuration& configuration) {
  const RunOptions& options = configuration.options;
  const AlpacaAccount& account = options.alpaca;
  const auto problem = [&](std::string message) { configuration.problems.push_back(Error::setup(std::move(message))); };
  for (const auto& [name, url] :
       {std::pair("alpaca-stream-url", &account.stream_url), std::pair("alpaca-data-url", &account.data_url)})
    if (const auto server = parse_server_url(name, *url); !server)
      problem(fmt::format("{} ({})", server.error().message(), value_of(configuration, name).origin));
  if (options.feed != &alpaca_feed) return;
  if (account.key.empty() || account.secret.empty())
    problem(
        fmt::format("alpaca-api-{}: the feed alpaca needs it; set ALPACA_API_KEY and ALPACA_API_SECRET in the "
                    "environment or in .env (app.alpaca.markets gives them)",
                    account.key.empty() ? "key" : "secret"));
  const std::string& origin = value_of(configuration, "symbols").origin;
  if (options.symbols.count) problem(fmt::format("symbols: Alpaca's have names, not a number ({})", origin));
  if (std::ranges::find(options.symbols.names, "*") != options.symbols.names.end())
    problem(fmt::format("symbols: \"*\" is no symbol: gaps can only be filled for those that are named ({})", origin));
}

FeedCursor cursor_of_feed(AlpacaFeed feed) {
  return {alpaca_feed_name(feed), feed == AlpacaFeed::Crypto ? SymbolKind::Crypto : SymbolKind::Shares};
}

FeedCursor cursor_of(const RunOptions& options) { return cursor_of_feed(options.alpaca.feed); }

// Delayed bars are of the series sip.
std::vector<FeedCursor> cursors() {
  std::vector<FeedCursor> all;
  for (const AlpacaFeed feed : {AlpacaFeed::Iex, AlpacaFeed::Sip, AlpacaFeed::Test, AlpacaFeed::Crypto})
    all.push_back(cursor_of_feed(feed));
  return all;
}

Result<std::unique_ptr<Feed>> make(const RunOptions& options, const SymbolList& symbols, const FeedNeeds& needs) {
  static const BootClock boot_clock;
  auto history = open_history(options.alpaca);
  if (!history) return std::unexpected(history.error());
  auto stream = open_bar_stream({.account = options.alpaca, .ask_again = options.retry_delay});
  if (!stream) return std::unexpected(stream.error());
  return make_alpaca_feed({.feed = options.alpaca.feed,
                           .symbols = symbols,
                           .retry_delay = options.retry_delay,
                           .max_retries = options.max_retries,
                           .has_own_clock = !is_alpacas_own(options.alpaca.data_url)},
                          std::move(*stream), make_history_slices("alpaca", std::move(*history)),
                          {.wall = needs.clock, .steady = boot_clock}, needs.journal, needs.metrics);
}

}  // namespace

extern const FeedSpec alpaca_feed{.name = "alpaca",
                                  .help = "Alpaca's live bars",
                                  .has_chosen_symbols = true,
                                  .is_live = true,
                                  .settings = settings,
                                  .check_settings = check_settings,
                                  .checks_of_servers = examine_alpaca,
                                  .cursors = cursors,
                                  .cursor = cursor_of,
                                  .make = make};

}  // namespace tidemark
