// The server: page, REST, metrics and the live stream (docs/api.md), on one port, one control socket and one thread.
//
//     engine's thread ── committed(batch) ──▶ bounded mailbox ──▶ server's thread: board, clients
//
// How to use it:
//     Metrics metrics;
//     Board board({.epoch = random_epoch()}, RunStatus(TIDEMARK_VERSION, clock.now()));
//     auto server = open_server({.port = 8050},  // binds the port; Error::setup
//                               {board, clock, *journal, metrics, [&] { return feed.status(); }});
//     board.restore(...);              // optional, before start(); from then on it is the server's
//     (*server)->start();              // the page is there from now on, /readyz says 503
//     (*server)->set_ready();          // when the log is restored and the feed is open
//     ... analyze role: LiveSink& is **server ...
//     (*server)->set_unready("…");     // an agent gave up, and why
//     (*server)->stop();               // says goodbye and joins; so does the destructor
//
// What was restored after start() may also go in as an ordinary batch through committed(), finals of long ago through
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
  // Where to listen: "localhost" and "127.0.0.1" mean 127.0.0.1 and, where there is one, ::1. An address that is not
  // a loopback address needs a token.
  std::string address = "localhost";
  std::uint16_t port = 8050;  // 0 = any that is free, see Server::port()

  // Who may ask. Empty = everybody who reaches the port (loopback only).
  std::vector<Token> tokens;
  std::vector<std::string> allowed_hosts;    // further names of this server in "Host:", without port
  std::vector<std::string> allowed_origins;  // further pages that may connect: "https://desk.example"

  // The data directory, whose owner may ask by DIR/tidemark.sock without a token; empty: no such socket. Only who holds
  // the directory's lock may name it.
  std::string control_directory;

  bool only_operations = false;  // nothing but /healthz, /readyz and /metrics: of a process that has no page to show

  QuestionOptions questions;           // SQL over the API; not allowed unless said
  Allow allow_changes = Allow::Never;  // acts that change something, from who came in by the port

  std::size_t max_clients = 2'000;  // connections of any kind
  // Connections that one client address may hold, of IPv6 one network of 64 bits. Unless it is set, 200 from other
  // machines, and no limit on this one: a proxy beside the server brings everybody's connections.
  std::optional<std::size_t> max_clients_per_address;
  std::size_t max_header_bytes = 16 * 1'024;
  std::size_t max_body_bytes = 64 * 1'024;
  std::size_t max_owner_body_bytes = 4 * 1'024 * 1'024;  // by the control socket: records come that way
  // Waiting for one live client; beyond it he gets a snapshot. Clients wait for the same frames, so this is the memory
  // of all of them together. A minute of 10,000 symbols, five open windows of each, is 24 MB.
  std::size_t max_queue_bytes = 64 * 1'024 * 1'024;
  unsigned request_seconds = 10;  // for a request to arrive once it has begun
  unsigned idle_seconds = 60;     // between requests
  unsigned stalled_seconds = 15;  // a client who takes nothing for so long is disconnected
  unsigned behind_seconds = 60;   // so is one who did not catch up for so long
};

struct ServerNeeds {
  Board& board;  // touched by nobody else between start() and stop()
  const Clock& clock;
  Journal& journal;
  Metrics& metrics;                  // shown at /metrics; shared with whoever counts
  std::function<FeedStatus()> feed;  // called on the server's thread
  DeadLetterList letters = nullptr;  // called on the server's thread; null: dead letters are not to be had here
  ReplayNeeds replays = {};
  std::vector<Endpoint> endpoints = {};  // beyond those of the server itself; what they do is not its business
};

class Server : public LiveSink {
 public:
  // Begins to answer. Once.
  virtual void start() = 0;
  // Ends every connection and the thread. A second call does nothing.
  virtual void stop() = 0;

  // Finals from before those that the board was restored with, newest first or not; and when they are all there:
  // clients who have come meanwhile get another snapshot. From any thread.
  virtual void add_history(std::vector<Trend> trends) = 0;
  virtual void end_history() = 0;

  // Others than ServerOptions::tokens, which were some, from now on: who came with one that is gone or has expired is said
  // goodbye. From any thread.
  virtual void set_tokens(std::vector<Token> tokens) = 0;

  // What /readyz says; unready with "starting" at first. From any thread.
  virtual void set_ready() = 0;
  virtual void set_unready(std::string reason) = 0;
  // A role that cannot do its work: unready, too, until it can again.
  virtual void set_failing(const std::string& role, const std::string& reason) = 0;
  virtual void set_working(const std::string& role) = 0;

  virtual std::uint16_t port() const = 0;
  virtual std::string url() const = 0;  // http://localhost:8050
};

// Binds the port. Error::setup names the setting and the cure: a busy port, an address that needs a
// token, a token that is too short.
Result<std::unique_ptr<Server>> open_server(ServerOptions options, ServerNeeds needs);

}  // namespace tidemark
