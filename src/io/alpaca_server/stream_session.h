// A session of the stream: what is said to one client, and what he may say.
//
//     connected ──auth──▶ authenticated ──subscribe──▶ bars, until he leaves, is cut off, or falls behind
//
// Knows no sockets and no clocks; whoever holds the connection tells it what came and when time is up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "io/alpaca_server/api_keys.h"
#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/stream_text.h"
#include "io/alpaca_server/subscription.h"

namespace tidemark {

// The way to the client.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void send(std::string frame) = 0;
  virtual void end() = 0;  // once everything that was sent is out
};

struct StreamLimits {
  std::optional<std::size_t> symbols;      // of one client, different ones
  std::optional<std::size_t> connections;  // of one key, at stocks and at crypto each
};

class StreamSession {
 public:
  struct Options {
    std::uint64_t number = 1;  // of the connection, counted from 1
    StreamFeed feed = StreamFeed::Stocks;
    Encoding encoding = Encoding::Json;
  };
  // What a session asks the stream about the others.
  class Others {
   public:
    virtual ~Others() = default;
    virtual std::size_t connections_of(std::string_view key, StreamFeed feed) const = 0;
  };

  StreamSession(Options options, StreamSink& sink, const Others& others, const ApiKeys& keys, Faults& faults,
                StreamLimits limits);

  // Welcomes, and authenticates who brought his keys in the headers.
  void open(std::string_view key, std::string_view secret);
  void receive(std::string_view message, Encoding encoding);
  void auth_time_is_up();
  void fall_silent();  // for good
  void fell_behind();

  // An array of bars, as the encoding has it.
  void send_bars(std::string frame);

  bool is_authenticated() const { return !key_.empty(); }
  const std::string& key() const { return key_; }
  const Options& options() const { return options_; }
  const Subscription& subscription() const { return subscription_; }

 private:
  enum class During : std::uint8_t { Auth, Subscribe };

  void authenticate(std::string_view key, std::string_view secret);
  void subscribe(const JsonValue& message, bool adds);
  bool refused(During during);
  void fail(int code);
  void say(std::string message);

  Options options_;
  StreamSink& sink_;
  const Others& others_;
  const ApiKeys& keys_;
  Faults& faults_;
  StreamLimits limits_;
  Subscription subscription_;
  std::string key_;  // with which he was let in
  bool silent_ = false, was_refused_ = false;
  std::uint64_t frames_ = 0;
};

}  // namespace tidemark
