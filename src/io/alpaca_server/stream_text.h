// The messages of the stream in JSON or MessagePack: bars and control messages.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/alpaca_server/tape.h"

namespace tidemark {

enum class Encoding : std::uint8_t { Json, MessagePack };

// The text of a stream error, as Alpaca has it.
std::string_view stream_error_text(int code);

namespace stream_text {

std::string success(Encoding encoding, std::string_view message);
std::string error(Encoding encoding, int code);
// The reply to a subscription: each channel with its symbols.
std::string subscription(Encoding encoding,
                         const std::vector<std::pair<std::string_view, std::vector<std::string>>>& channels);
// One bar, as an element of a frame; `type` is b, u or d.
std::string bar(Encoding encoding, char type, std::string_view symbol, const TapeBar& bar);

}  // namespace stream_text

// A frame of bars: an array that is written element by element.
class BarFrame {
 public:
  explicit BarFrame(Encoding encoding) : encoding_(encoding) {}
  void add(std::string_view bar);
  std::size_t size() const { return size_; }
  std::string take();  // and starts a new frame

 private:
  Encoding encoding_;
  std::size_t size_ = 0;
  std::string body_;
};

}  // namespace tidemark
