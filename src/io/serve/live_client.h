// One live client: a WebSocket after its handshake. Writes what the hub gives, listens only for
// ping, pong and goodbye. On the server's thread; alive while an operation on its socket is.
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
  // Whether it may be given packed frames.
  virtual websocket::Deflate deflate() const = 0;
  // Another snapshot: the board has got what no message tells.
  virtual void renew() = 0;
  // Once a second: asks whether he is there, and ends who takes nothing or does not catch up.
  virtual void beat() = 0;
  virtual void close(websocket::CloseCode code, std::string_view reason) = 0;
  virtual std::size_t waiting_bytes() const = 0;  // of the stream
  // The token he came with; empty: none was asked for.
  virtual const std::string& credential() const = 0;
};

// Answers the handshake, joins the hub, gives the first snapshot. `handshake.early` is what the client sent right behind
// his request; `seat` is held as long as he is there.
struct Handshake {
  std::string answer;
  websocket::Deflate deflate = websocket::Deflate::No;
  std::string_view early;
};
void open_live_client(boost::asio::io_context& io, Descriptor socket, Hub& hub, LiveWish wish, std::string credential,
                      Handshake handshake, std::shared_ptr<void> seat);

}  // namespace tidemark
