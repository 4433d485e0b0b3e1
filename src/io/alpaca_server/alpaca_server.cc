#include "io/alpaca_server/alpaca_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <utility>

#include "core/time/timestamp.h"
#include "io/alpaca_server/connection.h"
#include "io/alpaca_server/rest_api.h"
#include "io/alpaca_server/site.h"
#include "io/alpaca_server/stream_hub.h"
#include "io/alpaca_server/tape_clock.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_connections = 2'000;
constexpr auto shortest_step = std::chrono::milliseconds(1);
constexpr auto after_accept_failed = std::chrono::milliseconds(100);

class Server : public AlpacaServer {
 public:
  Server(AlpacaServerOptions options, std::vector<SymbolTape> symbols, Journal& journal)
      : options_(std::move(options)),
        journal_(journal),
        keys_(options_.keys),
        faults_(options_.faults),
        tape_(std::move(symbols)),
        clock_(options_.start, options_.speed, TapeClock::Wall::now()),
        rest_(tape_, faults_, keys_,
              {.calls_a_minute = options_.calls_a_minute, .speed = options_.speed, .hours = options_.hours}),
        hub_(tape_, faults_, options_.start),
        site_{keys_, faults_, clock_, rest_, hub_, options_.limits, journal_},
        acceptor_(io_),
        step_(io_) {}

  Result<void> open();
  std::string url() const override;
  void run(int stop_descriptor) override;

 private:
  Result<void> open_tls();
  void accept();
  void wait_for_step();
  void tell_what_was_done();

  AlpacaServerOptions options_;
  Journal& journal_;
  ApiKeys keys_;
  Faults faults_;
  MarketTape tape_;
  TapeClock clock_;
  RestApi rest_;
  StreamHub hub_;
  AlpacaSite site_;
  std::optional<asio::ssl::context> tls_;
  asio::io_context io_{1};  // destroyed before all of the above, with its connections
  tcp::acceptor acceptor_;
  asio::steady_timer step_;
};

Result<void> Server::open_tls() {
  if (options_.tls_certificate.empty()) return {};
  tls_.emplace(asio::ssl::context::tls_server);
  error_code error;
  (void)tls_->use_certificate_chain_file(options_.tls_certificate, error);
  if (error)
    return std::unexpected(
        Error::setup(fmt::format("tls-cert: {} cannot be used: {}", options_.tls_certificate, error.message())));
  (void)tls_->use_private_key_file(options_.tls_key, asio::ssl::context::pem, error);
  if (error)
    return std::unexpected(
        Error::setup(fmt::format("tls-key: {} cannot be used: {}", options_.tls_key, error.message())));
  return {};
}

Result<void> Server::open() {
  error_code error;
  const auto address = asio::ip::make_address(options_.address == "localhost" ? "127.0.0.1" : options_.address, error);
  if (error)
    return std::unexpected(Error::setup(fmt::format(
        "address: {} is no IP address; 127.0.0.1 is for this machine, 0.0.0.0 for the network", options_.address)));
  if (!address.is_loopback() && options_.keys.empty())
    return std::unexpected(Error::setup(
        fmt::format("address: {} is reached from outside, so set who may ask: --keys KEY:SECRET, or ALPACA_API_KEY and "
                    "ALPACA_API_SECRET in the environment",
                    options_.address)));
  if (auto opened = open_tls(); !opened) return opened;
  const tcp::endpoint endpoint(address, options_.port);
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) (void)acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) (void)acceptor_.bind(endpoint, error);
  if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return std::unexpected(Error::setup(fmt::format("cannot listen at {}, port {}: {}; take another one with --port",
                                                    options_.address, options_.port, error.message())));
  return {};
}

std::string Server::url() const {
  error_code error;
  const auto endpoint = acceptor_.local_endpoint(error);
  const std::string host =
      endpoint.address().is_v6() ? fmt::format("[{}]", endpoint.address().to_string()) : endpoint.address().to_string();
  return fmt::format("{}://{}:{}", tls_ ? "https" : "http", host, endpoint.port());
}

void Server::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (!error && site_.connections < most_connections) {
      const bool is_v6 = socket.local_endpoint(error).protocol() == tcp::v6();
      const int descriptor = socket.release(error);
      if (!error) serve_connection(io_, tls_ ? &*tls_ : nullptr, {descriptor, is_v6}, site_);
    }
    if (!error) return accept();
    // Most likely out of descriptors, until other connections close.
    auto pause = std::make_shared<asio::steady_timer>(io_, after_accept_failed);
    pause->async_wait([this, pause](error_code) { accept(); });
  });
}

void Server::wait_for_step() {
  const auto now = TapeClock::Wall::now();
  step_.expires_at(std::max(clock_.wall_of(hub_.next_step()), now + shortest_step));
  step_.async_wait([this](error_code) {
    hub_.advance(site_.market_now());
    wait_for_step();
  });
}

void Server::run(int stop_descriptor) {
  asio::posix::stream_descriptor stop(io_, ::dup(stop_descriptor));
  stop.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code) { io_.stop(); });
  accept();
  wait_for_step();
  journal_.info("alpaca.listening", {{"url", url()},
                                     {"symbols", std::to_string(tape_.size() - 1)},  // without the test symbol
                                     {"market", format_timestamp(clock_.at(TapeClock::Wall::now()))},
                                     {"speed", fmt::format("{}", options_.speed)}});
  io_.run();
  tell_what_was_done();
}

void Server::tell_what_was_done() {
  const FaultCounts& counts = faults_.counts;
  journal_.info("alpaca.ended", {{"streams", std::to_string(site_.streams)},
                                 {"bars", std::to_string(hub_.bars_sent())},
                                 {"calls", std::to_string(site_.calls)}});
  journal_.info("alpaca.faults", {{"dropped", std::to_string(counts.dropped)},
                                  {"muted", std::to_string(counts.muted)},
                                  {"refused", std::to_string(counts.refused)},
                                  {"duplicate_bars", std::to_string(counts.duplicate_bars)},
                                  {"late_bars", std::to_string(counts.late_bars)},
                                  {"corrected_bars", std::to_string(counts.corrected_bars)},
                                  {"garbage_frames", std::to_string(counts.garbage_frames)},
                                  {"rest_errors", std::to_string(counts.rest_errors)},
                                  {"rate_limited", std::to_string(counts.rate_limited)},
                                  {"slow_clients", std::to_string(counts.slow_clients)}});
}

}  // namespace

Result<std::unique_ptr<AlpacaServer>> open_alpaca_server(AlpacaServerOptions options, std::vector<SymbolTape> symbols,
                                                         Journal& journal) {
  if (std::ranges::find(symbols, test_symbol, &SymbolTape::symbol) == symbols.end())
    symbols.push_back(
        simulated_tape(simulated_symbol(test_symbol), options.faults.seed, options.start, MarketHours::Always));
  auto server = std::make_unique<Server>(std::move(options), std::move(symbols), journal);
  if (auto opened = server->open(); !opened) return std::unexpected(opened.error());
  return server;
}

}  // namespace tidemark
