#include "io/alpaca_server/subscription.h"

#include <algorithm>
#include <limits>

#include "io/alpaca_server/tape.h"

namespace tidemark {
namespace {

constexpr int not_a_list_of_symbols = 400, symbol_limit_exceeded = 405, invalid_for_feed = 410;
constexpr std::string_view all = "*";

constexpr std::array stock_channels{"trades",   "quotes", "bars",        "updatedBars",  "dailyBars",
                                    "statuses", "lulds",  "corrections", "cancelErrors", "imbalances"};
constexpr std::array crypto_channels{"trades", "quotes", "orderbooks", "bars", "updatedBars", "dailyBars"};
constexpr std::array bar_channels{"bars", "updatedBars", "dailyBars"};

// Who has the trades is told when they change, without asking.
bool follows_trades(std::string_view channel) { return channel == "corrections" || channel == "cancelErrors"; }

}  // namespace

std::optional<StreamFeed> parse_stream_path(std::string_view path) {
  if (path == "/v2/iex" || path == "/v2/sip") return StreamFeed::Stocks;
  if (path == "/v2/delayed_sip") return StreamFeed::DelayedStocks;
  if (path == "/v2/test") return StreamFeed::Test;
  if (path == "/v1beta3/crypto/us") return StreamFeed::Crypto;
  return std::nullopt;
}

bool is_had_at(StreamFeed feed, std::string_view symbol) {
  if (feed == StreamFeed::Test || symbol == test_symbol) return feed == StreamFeed::Test && symbol == test_symbol;
  return feed == StreamFeed::Crypto || !is_crypto(symbol);
}

bool is_all_of(StreamFeed feed, std::string_view symbol) {
  return is_had_at(feed, symbol) && (feed != StreamFeed::Crypto || is_crypto(symbol));
}

Subscription::Subscription(StreamFeed feed) : feed_(feed) {
  if (feed == StreamFeed::Crypto)
    for (const auto* name : crypto_channels) channels_.push_back({name, {}});
  else
    for (const auto* name : stock_channels) channels_.push_back({name, {}});
}

std::optional<int> Subscription::change(std::vector<Channel>& channels, const JsonValue& message, Change change) {
  for (std::size_t i = 0; i < message.names.size(); ++i) {
    const std::string& name = message.names[i];
    const JsonValue& list = message.items[i];
    if (name == "action") continue;
    const auto channel = std::ranges::find(channels, name, &Channel::name);
    if (list.kind == JsonValue::Kind::Null) continue;
    if (list.kind != JsonValue::Kind::Array) return not_a_list_of_symbols;
    if (list.items.empty()) continue;
    if (channel == channels.end()) return invalid_for_feed;
    for (const JsonValue& symbol : list.items) {
      if (symbol.kind != JsonValue::Kind::String || symbol.text.empty()) return not_a_list_of_symbols;
      change(*channel, symbol.text);
    }
  }
  return std::nullopt;
}

std::optional<int> Subscription::add(const JsonValue& message, std::optional<std::size_t> most_symbols) {
  auto channels = channels_;
  const auto wrong =
      change(channels, message, [](Channel& channel, const std::string& symbol) { channel.symbols.insert(symbol); });
  if (wrong) return wrong;
  if (most_symbols && symbol_count(channels) > *most_symbols) return symbol_limit_exceeded;
  channels_ = std::move(channels);
  return std::nullopt;
}

std::optional<int> Subscription::remove(const JsonValue& message) {
  auto channels = channels_;
  const auto wrong =
      change(channels, message, [](Channel& channel, const std::string& symbol) { channel.symbols.erase(symbol); });
  if (wrong) return wrong;
  channels_ = std::move(channels);
  return std::nullopt;
}

// Different ones; "*" is more than any limit.
std::size_t Subscription::symbol_count(const std::vector<Channel>& channels) const {
  std::set<std::string_view> symbols;
  for (const Channel& channel : channels) symbols.insert(channel.symbols.begin(), channel.symbols.end());
  return symbols.contains(all) ? std::numeric_limits<std::size_t>::max() : symbols.size();
}

std::vector<std::pair<std::string_view, std::vector<std::string>>> Subscription::channels() const {
  std::vector<std::pair<std::string_view, std::vector<std::string>>> told;
  for (const Channel& channel : channels_) {
    auto symbols = channel.symbols;
    if (follows_trades(channel.name)) {
      const auto& trades = find("trades")->symbols;
      symbols.insert(trades.begin(), trades.end());
    }
    told.emplace_back(channel.name, std::vector<std::string>(symbols.begin(), symbols.end()));
  }
  return told;
}

const Subscription::Channel* Subscription::find(std::string_view channel) const {
  const auto found = std::ranges::find(channels_, channel, &Channel::name);
  return found == channels_.end() ? nullptr : &*found;
}

bool Subscription::wants(std::string_view channel, std::string_view symbol) const {
  const auto& symbols = find(channel)->symbols;
  if (symbols.empty()) return false;
  if (symbols.contains(all) && is_all_of(feed_, symbol)) return true;
  return is_had_at(feed_, symbol) && symbols.contains(symbol);
}

bool Subscription::wants_any_bar() const {
  return std::ranges::any_of(bar_channels, [&](std::string_view channel) { return !find(channel)->symbols.empty(); });
}

}  // namespace tidemark
