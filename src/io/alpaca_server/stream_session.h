// StreamSession: the protocol of the stream with one client.
//
//     connected ──auth──▶ authenticated ──subscribe──▶ bars, until the client leaves, is cut off, or falls behind
//
// It knows no sockets and no clocks. The owner of the connection passes messages on and calls it when time is up.
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

// The connection to the client.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void send(std::string frame) = 0;
  virtual void end() = 0;  // closes after everything has been sent
};

struct StreamLimits {
  std::optional<std::size_t> symbols;      // different symbols of one client
  std::optional<std::size_t> connections;  // of one key, for stocks and crypto each
};

class StreamSession {
 public:
  struct Options {
    std::uint64_t number = 1;  // of the connection, counted from 1
    StreamFeed feed = StreamFeed::Stocks;
    Encoding encoding = Encoding::Json;
  };
  // What a session needs to know about the other sessions.
  class Others {
   public:
    virtual ~Others() = default;
    virtual std::size_t connections_of(std::string_view key, StreamFeed feed) const = 0;
  };

  StreamSession(Options options, StreamSink& sink, const Others& others, const ApiKeys& keys, Faults& faults,
                StreamLimits limits);

  // Sends the greeting, and authenticates a client that has its keys in the headers.
  void open(std::string_view key, std::string_view secret);
  void receive(std::string_view message, Encoding encoding);
  void auth_time_is_up();
  void fall_silent();  // permanently
  void fell_behind();

  // Sends an encoded array of bars.
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
  std::string key_;  // with which the client has authenticated
  bool silent_ = false, was_refused_ = false;
  std::uint64_t frames_ = 0;
};

}  // namespace tidemark
