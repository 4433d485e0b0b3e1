// What Alpaca's error codes mean for us: what to do, and the sentence that tells people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

enum class StreamCure : std::uint8_t {
  GiveUp,           // nothing but the operator helps
  AskAgain,         // on the same socket, after a while
  Reconnect,        // after a while
  KeepWhatThereIs,  // the subscription is as it was before
};

struct StreamFault {
  StreamCure cure = StreamCure::Reconnect;
  std::string sentence;
};

// `feed` as in the stream's address. `message` is the server's own.
StreamFault stream_fault(int code, std::string_view message, std::string_view feed);

}  // namespace tidemark
