// One live client: a WebSocket after its handshake. It writes what the hub sends and handles only ping, pong and close.
// On the server's thread; it lives as long as an operation on its socket.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "io/serve/api.h"
#include "io/serve/descriptor.h"
#include "io/serve/outbox.h"
#include "io/serve/websocket.h"

namespace tidemark {

class Hub;

class LiveClient {
 public:
  virtual ~LiveClient() = default;
  virtual void send(const Frame& frame) = 0;
  // Whether it accepts compressed frames.
  virtual websocket::Deflate deflate() const = 0;
  // Sends another snapshot: the board got rows that no message carries.
  virtual void renew() = 0;
  // Once a second: pings, and ends the client if it takes nothing or does not catch up.
  virtual void beat() = 0;
  virtual void close(websocket::CloseCode code, std::string_view reason) = 0;
  virtual std::size_t waiting_bytes() const = 0;  // of the stream
  // The token it came with; empty if none was required.
  virtual const std::string& credential() const = 0;
};

// Sends the handshake, joins the hub, sends the first snapshot. `handshake.early` is what the client sent right after
// its request. `slot` is held as long as it is connected.
struct Handshake {
  std::string answer;
  websocket::Deflate deflate = websocket::Deflate::No;
  std::string_view early;
};
void open_live_client(boost::asio::io_context& io, Descriptor socket, Hub& hub, LiveRequest wanted,
                      std::string credential, Handshake handshake, std::shared_ptr<void> slot);

}  // namespace tidemark
