// One connection: HTTP requests one after the other, until it becomes a live client or ends.
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

// What all connections share; it outlives them.
struct Site {
  boost::asio::io_context& io;
  Access access;
  const Clock& clock;
  Api api;
  std::map<std::string, Endpoint, std::less<>>
      endpoints;  // by path; one that ends in a slash has all that lies right below it

  bool changes_allowed = false;  // to who came in by the port
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

// Serves the socket from now on. `seat` is held as long as the client is there.
void serve_connection(Descriptor socket, Site& site, std::shared_ptr<void> seat);

// The answer to a request that is no WebSocket and no act.
Response answer(const Site& site, const Request& request);

}  // namespace tidemark
