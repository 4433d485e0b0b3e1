// One live client: a WebSocket after its handshake. Writes what the hub gives, listens only for
// ping, pong and goodbye. On the server's thread; alive while an operation on its socket is.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "io/serve/api.h"
#include "io/serve/outbox.h"
#include "io/serve/websocket.h"

namespace tidemark {

class Hub;

class LiveClient : public std::enable_shared_from_this<LiveClient> {
 public:
  LiveClient(boost::asio::ip::tcp::socket socket, Hub& hub, LiveWish wish, std::shared_ptr<void> seat);

  // Answers the handshake, joins the hub, gives the first snapshot. `early` is what the client sent
  // right behind his request.
  void open(std::string handshake, std::string_view early);

  void send(const Frame& frame);
  // Once a second: asks whether he is there, and ends who takes nothing or does not catch up.
  void beat();
  void close(websocket::CloseCode code, std::string_view reason);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void read();
  void understand(std::string_view bytes);
  void write();
  void end(const char* reason);  // at once

  boost::asio::ip::tcp::socket socket_;
  Hub& hub_;
  LiveWish wish_;
  std::shared_ptr<void> seat_;
  Outbox outbox_;
  websocket::Reader reader_;
  std::array<char, 4'096> incoming_;
  bool writing_ = false, closing_ = false, ended_ = false;
  const char* reason_ = "closed";
  // When he last spoke, took bytes, had taken all, was asked; and when the goodbye began.
  SteadyTime heard_, progressed_, level_, pinged_, closed_;
};

}  // namespace tidemark
