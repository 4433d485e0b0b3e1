// Subscription: the channels and symbols that a client of the stream has subscribed to.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/net/json_value.h"

namespace tidemark {

enum class StreamFeed : std::uint8_t { Stocks, DelayedStocks, Test, Crypto };

// "/v2/iex", "/v2/sip", "/v2/delayed_sip", "/v2/test", "/v1beta3/crypto/us"; none for any other path.
std::optional<StreamFeed> parse_stream_path(std::string_view path);

// Whether "*" includes the symbol on this feed, and whether the feed has it under its name.
bool is_all_of(StreamFeed feed, std::string_view symbol);
bool is_had_at(StreamFeed feed, std::string_view symbol);

class Subscription {
 public:
  explicit Subscription(StreamFeed feed);

  // Adds or removes what a message lists. Returns none, or the code of an error, after which nothing has changed.
  std::optional<int> add(const JsonValue& message, std::optional<std::size_t> most_symbols);
  std::optional<int> remove(const JsonValue& message);

  // For the reply: each channel of the feed with its symbols.
  std::vector<std::pair<std::string_view, std::vector<std::string>>> channels() const;

  bool wants_bar(std::string_view symbol) const { return wants("bars", symbol); }
  bool wants_update(std::string_view symbol) const { return wants("updatedBars", symbol); }
  bool wants_day(std::string_view symbol) const { return wants("dailyBars", symbol); }
  bool wants_any_bar() const;

 private:
  struct Channel {
    std::string_view name;
    std::set<std::string, std::less<>> symbols;
  };
  using Change = void (*)(Channel&, const std::string& symbol);
  static std::optional<int> change(std::vector<Channel>& channels, const JsonValue& message, Change change);
  std::size_t symbol_count(const std::vector<Channel>& channels) const;
  bool wants(std::string_view channel, std::string_view symbol) const;
  const Channel* find(std::string_view channel) const;

  StreamFeed feed_;
  std::vector<Channel> channels_;
};

}  // namespace tidemark
