// Serves a connection: HTTP calls one by one, or a WebSocket after an upgrade, plain or inside TLS.
#pragma once

#include "io/alpaca_server/site.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace tidemark {

// An accepted socket.
struct AcceptedSocket {
  int descriptor = -1;
  bool is_v6 = false;
};

// Takes ownership of the socket and closes it at the end. `tls` is null for a plain connection.
void serve_connection(boost::asio::io_context& io, boost::asio::ssl::context* tls, AcceptedSocket accepted,
                      AlpacaSite& site);

}  // namespace tidemark
