// One connection: serves HTTP requests one after another, until it becomes a live client or ends.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "io/observe/metrics.h"
#include "io/serve/access.h"
#include "io/serve/api.h"
#include "io/serve/descriptor.h"
#include "io/serve/endpoint.h"
#include "io/serve/hub.h"
#include "io/serve/replays.h"
#include "io/serve/web_assets.h"

namespace tidemark {

// What all connections share. It outlives them.
struct Site {
  boost::asio::io_context& io;
  Access access;
  const Clock& clock;
  Api api;
  std::map<std::string, Endpoint, std::less<>>
      endpoints;  // by path; a path that ends in a slash covers everything directly below it

  bool changes_allowed = false;  // for requests through the port
  Hub& hub;
  Replays& replays;
  Metrics& metrics;
  std::span<const WebAsset> assets;
  bool only_operations = false;  // no page, no board
  std::size_t max_header_bytes = 0;
  std::size_t max_body_bytes = 0;
  std::size_t max_owner_body_bytes = 0;
  unsigned request_seconds = 0;
  unsigned idle_seconds = 0;
  unsigned stalled_seconds = 0;
};

// Serves the socket from now on. `slot` is held as long as the client is connected.
void serve_connection(Descriptor socket, Site& site, std::shared_ptr<void> slot);

// The response to a request that is neither a WebSocket nor a POST.
Response answer(const Site& site, const Request& request);

}  // namespace tidemark
