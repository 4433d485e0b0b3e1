// A connection: HTTP calls one after the other, or a WebSocket from one of them on; plain or inside TLS.
#pragma once

#include "io/alpaca_server/site.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace tidemark {

// A socket that was accepted.
struct AcceptedSocket {
  int descriptor = -1;
  bool is_v6 = false;
};

// Takes the socket over, and closes it when it is done. `tls`: null for a plain one.
void serve_connection(boost::asio::io_context& io, boost::asio::ssl::context* tls, AcceptedSocket accepted,
                      AlpacaSite& site);

}  // namespace tidemark
