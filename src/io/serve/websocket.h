// The server side of WebSocket (RFC 6455), without a socket: handshake, outgoing frames, incoming frames.
//
// Frames are built here and not in a library, so that one frame can be sent to a thousand clients, and many frames to
// one client in one write. The only supported extension is in message_deflate.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::websocket {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

// Why a connection ends.
enum class CloseCode : std::uint16_t {
  Normal = 1000,
  GoingAway = 1001,
  ProtocolError = 1002,
  TooBig = 1009,
  TryAgainLater = 1013,
  TokenEnded = 4401,  // ours: the client's token has ended
};

// The value of Sec-WebSocket-Accept; empty if `key` is not 16 bytes in base64.
std::optional<std::string> accept_key(std::string_view key);

// One whole unmasked frame.
std::string frame(Opcode opcode, std::string_view payload);
std::string close_frame(CloseCode code, std::string_view reason);

// Whether permessage-deflate was agreed to.
enum class Deflate : std::uint8_t { No, Agreed };

// Splits what a client sends into messages. They do not matter to the live stream, so they are only checked and
// bounded.
class Reader {
 public:
  struct Event {
    Opcode opcode;  // Text, Binary (whole messages), Ping, Pong or Close
    std::string payload;
  };

  // The bound applies to a message as received and as decompressed.
  explicit Reader(std::size_t max_message_bytes, Deflate deflate = Deflate::No)
      : max_message_bytes_(max_message_bytes), deflate_(deflate) {}

  void feed(std::string_view bytes) { bytes_ += bytes; }
  // The next event; empty if more bytes are needed or the client broke the protocol.
  std::optional<Event> next();
  // Set once the client broke the protocol: the code to close with.
  std::optional<CloseCode> broken() const { return broken_; }

 private:
  std::optional<Event> fail(CloseCode code);

  std::size_t max_message_bytes_;
  Deflate deflate_;
  bool is_packed_ = false;  // the message whose fragments are arriving
  std::string bytes_;       // not yet parsed
  std::string message_;     // fragments so far
  std::optional<Opcode> fragmented_;
  std::optional<CloseCode> broken_;
};

}  // namespace tidemark::websocket
