// AlpacaServer: a server that Alpaca's official SDKs accept as Alpaca. It serves stream and history over any tape, with
// faults on demand (docs/alpaca-server.md).
//
// How to use it:
//     auto server = open_alpaca_server(std::move(options), std::move(symbols), journal);  // binds the port; Error::setup
//     (*server)->run(stop_descriptor());  // until the descriptor becomes readable
//
// It uses one port for everything, and one thread, which calls run().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/alpaca_server/api_keys.h"
#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/stream_session.h"
#include "io/alpaca_server/tape.h"
#include "run/interfaces/journal.h"

namespace tidemark {

struct AlpacaServerOptions {
  std::string address = "127.0.0.1";     // other than loopback only with keys
  std::uint16_t port = 8060;             // 0: any free port
  std::vector<ApiKey> keys;              // none: accepts any key and secret
  std::string tls_certificate, tls_key;  // PEM files; both or neither

  EventTime start;   // market time when the server is opened
  double speed = 1;  // market seconds per wall-clock second
  MarketHours hours = MarketHours::Always;

  StreamLimits limits;
  std::uint64_t calls_a_minute = 200;  // REST, for each key; 0: no limit
  FaultOptions faults;
};

class AlpacaServer {
 public:
  virtual ~AlpacaServer() = default;
  virtual std::string url() const = 0;  // "http://127.0.0.1:8060"
  virtual void run(int stop_descriptor) = 0;
};

Result<std::unique_ptr<AlpacaServer>> open_alpaca_server(AlpacaServerOptions options, std::vector<SymbolTape> symbols,
                                                         Journal& journal);

}  // namespace tidemark
