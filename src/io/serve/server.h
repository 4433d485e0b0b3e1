// The server: page, REST, metrics and the live stream (docs/api.md), on one port, one control socket and one thread.
//
//     engine's thread ── committed(batch) ──▶ bounded mailbox ──▶ server's thread: board, clients
//
// How to use it:
//     Metrics metrics;
//     Board board({.epoch = random_epoch()}, RunStatus(TIDEMARK_VERSION, clock.now()));
//     auto server = open_server({.port = 8050},  // binds the port; Error::setup
//                               {board, clock, *journal, metrics, [&] { return feed.status(); }});
//     board.restore(...);              // optional, before start(); then the server owns it
//     (*server)->start();              // the page is available from now on, /readyz answers 503
//     (*server)->set_ready();          // once the log is restored and the feed is open
//     ... analyze role: LiveSink& is **server ...
//     (*server)->set_unready("…");     // an agent gave up, and why
//     (*server)->stop();               // closes all connections and joins; so does the destructor
//
// What was restored after start() may also go in as an ordinary batch through committed(). Older finals go in through
// add_history().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/observe/metrics.h"
#include "io/serve/access.h"
#include "io/serve/api.h"
#include "io/serve/endpoint.h"
#include "io/serve/questions.h"
#include "io/serve/random_epoch.h"
#include "io/serve/replays.h"
#include "io/serve/tokens.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/live.h"
#include "run/page/board.h"

namespace tidemark {

struct ServerOptions {
  // Where to listen: "localhost" and "127.0.0.1" mean 127.0.0.1 and, if it exists, ::1. An address other than loopback
  // needs a token.
  std::string address = "localhost";
  std::uint16_t port = 8050;  // 0 = any free port, see Server::port()

  // Who may connect. Empty = everyone who reaches the port (loopback only).
  std::vector<Token> tokens;
  std::vector<std::string> allowed_hosts;    // further names of this server in "Host:", without port
  std::vector<std::string> allowed_origins;  // further pages that may connect: "https://desk.example"

  // The data directory, whose owner may use DIR/tidemark.sock without a token; empty: no such socket. Only the holder
  // of the directory's lock may set it.
  std::string control_directory;

  bool only_operations = false;  // nothing but /healthz, /readyz and /metrics: for a process without a page

  QuestionOptions questions;           // SQL over the API; off by default
  Allow allow_changes = Allow::Never;  // whether requests through the port may change something

  std::size_t max_clients = 2'000;  // connections of any kind
  // Connections per client address; for IPv6 per network of 64 bits. If it is not set, 200 from other machines, and
  // no limit on this machine: a proxy beside the server has everyone's connections.
  std::optional<std::size_t> max_clients_per_address;
  std::size_t max_header_bytes = 16 * 1'024;
  std::size_t max_body_bytes = 64 * 1'024;
  std::size_t max_owner_body_bytes = 4 * 1'024 * 1'024;  // through the control socket, which carries records
  // Bytes waiting for one live client; above that it gets a snapshot. Clients share the same frames, so this is the
  // memory of all of them together. A minute of 10,000 symbols with five open windows each is 24 MB.
  std::size_t max_queue_bytes = 64 * 1'024 * 1'024;
  unsigned request_seconds = 10;  // for a request to arrive after its first byte
  unsigned idle_seconds = 60;     // between requests
  unsigned stalled_seconds = 15;  // a client that takes nothing for this long is disconnected
  unsigned behind_seconds = 60;   // and so is one that does not catch up in this time
};

struct ServerNeeds {
  Board& board;  // only the server uses it between start() and stop()
  const Clock& clock;
  Journal& journal;
  Metrics& metrics;                  // served at /metrics; shared with all who count
  std::function<FeedStatus()> feed;  // called on the server's thread
  DeadLetterList letters = nullptr;  // called on the server's thread; null: not available in this process
  ReplayNeeds replays = {};
  std::vector<Endpoint> endpoints = {};  // in addition to the server's own
};

class Server : public LiveSink {
 public:
  // Starts serving. Call it once.
  virtual void start() = 0;
  // Closes every connection and ends the thread. A second call does nothing.
  virtual void stop() = 0;

  // Finals older than those the board was restored with, in any order. end_history() when they are complete: clients
  // that connected meanwhile get another snapshot. From any thread.
  virtual void add_history(std::vector<Trend> trends) = 0;
  virtual void end_history() = 0;

  // Replaces ServerOptions::tokens, which must not have been empty. Clients whose token is gone or has expired are
  // disconnected. From any thread.
  virtual void set_tokens(std::vector<Token> tokens) = 0;

  // The answer of /readyz; at first unready with "starting". From any thread.
  virtual void set_ready() = 0;
  virtual void set_unready(std::string reason) = 0;
  // A role that cannot do its work: unready, too, until it works again.
  virtual void set_failing(const std::string& role, const std::string& reason) = 0;
  virtual void set_working(const std::string& role) = 0;
  // What is behind while the rest works: told by /readyz and the status, and still ready. An empty reason: no longer.
  virtual void set_lagging(const std::string& what, const std::string& reason) = 0;

  virtual std::uint16_t port() const = 0;
  virtual std::string url() const = 0;  // http://localhost:8050
};

// Binds the port. Error::setup names the setting and the cure: a port in use, an address that needs a token, a token
// that is too short.
Result<std::unique_ptr<Server>> open_server(ServerOptions options, ServerNeeds needs);

}  // namespace tidemark
