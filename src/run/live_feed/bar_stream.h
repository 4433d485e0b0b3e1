// BarStream: one connection to a stream of bars at a time, and what came over it.
//
//     begin ─▶ … connect, sign in, subscribe … ─▶ Subscribed ─▶ Bars, Bars, Garbage … ─▶ Lost
//
// It connects once for each begin(); when to try again is decided by the feed that owns it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/live_feed/fetched_bar.h"

namespace tidemark {

enum class StreamCure : std::uint8_t {
  GiveUp,           // nothing but the operator helps
  AskAgain,         // on the same socket, after a while
  Reconnect,        // after a while
  KeepWhatThereIs,  // the subscription is as it was before
};

struct StreamFault {
  StreamCure cure = StreamCure::Reconnect;
  std::string sentence;  // for people
};

struct StreamEvent {
  enum class Kind : std::uint8_t {
    Subscribed,  // bars of `symbols` come from here on
    Bars,
    Garbage,  // `text` is a frame that was no message; the connection has ended by it
    Notice,   // `fault` is no reason to end it
    Lost,     // the connection is over, because of `fault`
  };
  Kind kind = Kind::Bars;
  std::vector<StreamBar> bars;
  std::vector<std::string> symbols;
  std::string text;
  StreamFault fault;
};

class BarStream {
 public:
  virtual ~BarStream() = default;
  // Ends what there was; nothing of it comes any more. From one thread, as everything here; none of it waits.
  virtual void begin(std::vector<std::string> symbols) = 0;
  // Others on the connection that there is; Subscribed comes again.
  virtual void subscribe(std::vector<std::string> symbols) = 0;
  virtual void end() = 0;
  // What has happened since the last call, in order.
  virtual std::vector<StreamEvent> take() = 0;
};

}  // namespace tidemark
