// Listening, the server's thread, the heartbeat, and the path from the engine's thread to this one.
#include "io/serve/server.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "io/observe/process.h"
#include "io/serve/address_shares.h"
#include "io/serve/chart_history.h"
#include "io/serve/connection.h"
#include "io/serve/control_socket.h"
#include "io/serve/live_mailbox.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Protocol = boost::asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::size_t most_waiting_rows = 100'000;
constexpr std::chrono::milliseconds longest_rest{20};
constexpr std::chrono::milliseconds accept_again{100};
constexpr std::chrono::milliseconds goodbye_time{200};
constexpr int backlog = 1'024;

// Each connection is an open file, and the usual soft limit of 1,024 is less than the promised number.
std::size_t allow_files(std::size_t clients) {
  constexpr rlim_t others = 256;  // log, lake, libraries
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return clients;
  const rlim_t wanted = clients + others;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  const rlim_t left = limit.rlim_cur > others ? limit.rlim_cur - others : limit.rlim_cur / 2;
  return std::min<std::size_t>(clients, left);
}

Error cannot_listen(const tcp::endpoint& endpoint, const error_code& error) {
  const unsigned port = endpoint.port();
  if (error == asio::error::address_in_use) {
    return Error::setup(
        fmt::format("port {} is in use by another program; choose another with --port (0 takes any free one)", port));
  }
  if (error == asio::error::access_denied) {
    return Error::setup(fmt::format("port {} needs privileges; choose one above 1023 with --port", port));
  }
  return Error::setup(fmt::format("address: cannot listen on {}: {}", endpoint.address().to_string(), error.message()));
}

Result<tcp::acceptor> listen(asio::io_context& io, const tcp::endpoint& endpoint) {
  error_code error;
  tcp::acceptor acceptor(io);
  (void)acceptor.open(endpoint.protocol(), error);
  if (!error) (void)acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) {
    (void)acceptor.set_option(asio::ip::v6_only(true), error);
  }
  if (!error) (void)acceptor.bind(endpoint, error);
  if (!error) (void)acceptor.listen(backlog, error);
  if (error) return std::unexpected(cannot_listen(endpoint, error));
  return acceptor;
}

// Responds without waiting, as far as the socket accepts it.
void refuse_connection(Protocol::socket& socket, const Response& refusal) {
  error_code ignored;
  (void)socket.non_blocking(true, ignored);
  (void)socket.write_some(asio::buffer(response_head(refusal, AfterAnswer::Close) + refusal.body), ignored);
}

ClientNetwork network_of_peer(const Protocol::socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? ClientNetwork{} : network_of(*peer.data());
}

HubOptions hub_options(const ServerOptions& options) {
  return {options.max_queue_bytes, options.stalled_seconds, options.behind_seconds};
}

class AsioServer final : public Server {
 public:
  AsioServer(const ServerOptions& options, ServerNeeds needs, Access access)
      : options_(options),
        needs_(std::move(needs)),
        slots_left_(allow_files(options.max_clients)),
        hub_(hub_options(options), needs_.board, needs_.clock, needs_.journal, needs_.metrics, needs_.feed),
        questions_(io_, options.questions),
        history_(io_, options.questions),
        replays_(io_, {.allowed = options.questions.allowed, .hub = hub_options(options)}, std::move(needs_.replays),
                 needs_.clock, needs_.journal),
        site_{
            .io = io_,
            .access = std::move(access),
            .clock = needs_.clock,
            .api = Api(
                needs_.board, needs_.clock, needs_.metrics, needs_.feed, [this] { return unready(); }, needs_.letters),
            .endpoints = endpoints(),
            .changes_allowed = options.allow_changes == Allow::Always,
            .hub = hub_,
            .replays = replays_,
            .metrics = needs_.metrics,
            .assets = web_assets(),
            .only_operations = options.only_operations,
            .max_header_bytes = options.max_header_bytes,
            .max_body_bytes = options.max_body_bytes,
            .max_owner_body_bytes = options.max_owner_body_bytes,
            .request_seconds = options.request_seconds,
            .idle_seconds = options.idle_seconds,
            .stalled_seconds = options.stalled_seconds} {
    if (slots_left_ < options.max_clients) {
      needs_.journal.warning("serve.few_files",
                             {{"clients", std::to_string(slots_left_)}, {"cure", "raise the limit of open files"}});
    }
  }
  ~AsioServer() override { stop(); }

  Result<void> bind(bool is_localhost, const asio::ip::address& address);

  void start() override;
  void stop() override;
  void set_tokens(std::vector<Token> tokens) override {
    asio::post(io_, [this, tokens = std::move(tokens)]() mutable {
      site_.access.set_tokens(std::move(tokens));
      hub_.close_expired(site_.access);
      replays_.close_expired(site_.access);
    });
  }
  void set_ready() override { say(std::nullopt); }
  void set_unready(std::string reason) override { say(std::move(reason)); }
  void set_failing(const std::string& role, const std::string& reason) override {
    const std::lock_guard lock(readiness_mutex_);
    failing_[role] = reason;
  }
  void set_working(const std::string& role) override {
    const std::lock_guard lock(readiness_mutex_);
    failing_.erase(role);
  }
  void set_lagging(const std::string& what, const std::string& reason) override {
    asio::post(io_, [this, what, reason] { needs_.board.run_status().set_lagging(what, reason); });
  }
  std::uint16_t port() const override { return port_; }
  std::string url() const override { return fmt::format("http://{}:{}", host_, port_); }
  void committed(LiveBatch batch) override;
  void add_history(std::vector<Trend> trends) override {
    asio::post(io_, [this, trends = std::move(trends)] { hub_.add_history(trends); });
  }
  void end_history() override {
    asio::post(io_, [this] { hub_.end_history(); });
  }

 private:
  struct Listener {
    Acceptor acceptor;
    int family;
    asio::steady_timer pause;
  };

  std::map<std::string, Endpoint, std::less<>> endpoints();
  void add_replays(std::map<std::string, Endpoint, std::less<>>& endpoints);
  Result<void> listen_at(int descriptor, int family);
  void listen_for_owner();
  void accept(Listener& listener);
  void admit(Protocol::socket socket, int family);
  void deliver();
  void beat();
  void say(std::optional<std::string> unready) {
    const std::lock_guard lock(readiness_mutex_);
    unready_ = std::move(unready);
  }
  std::optional<std::string> unready() {
    const std::lock_guard lock(readiness_mutex_);
    if (unready_ || failing_.empty()) return unready_;
    std::string reasons;
    for (const auto& [role, reason] : failing_)
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", role, reason);
    return reasons;
  }

  ServerOptions options_;
  ServerNeeds needs_;
  std::string host_;
  std::uint16_t port_ = 0;

  std::mutex readiness_mutex_;
  std::optional<std::string> unready_ = "starting";
  std::map<std::string, std::string> failing_;  // role → reason

  std::mutex mailbox_mutex_;
  LiveMailbox mailbox_{most_waiting_rows};

  Counter& refused_ =
      needs_.metrics.counter("tidemark_turned_away_total", "Connections refused because the limit was reached.");
  std::size_t slots_left_;
  AddressShares shares_{options_.max_clients_per_address};
  asio::io_context io_{1};  // before everything that uses it, after what its handlers release
  Hub hub_;
  Questions questions_;
  ChartHistory history_;
  Replays replays_;
  Site site_;
  std::optional<ControlSocket> control_;
  std::vector<Listener> listeners_;
  asio::steady_timer heartbeat_{io_};
  asio::steady_timer rest_{io_};
  bool resting_ = false;
  std::thread thread_;
};

Result<void> AsioServer::bind(bool is_localhost, const asio::ip::address& address) {
  const auto add = [this](tcp::acceptor acceptor) {
    error_code ignored;
    const int family = acceptor.local_endpoint(ignored).protocol().family();
    return listen_at(acceptor.release(ignored), family);
  };
  auto first = listen(io_, {address, options_.port});
  if (!first) return std::unexpected(first.error());
  error_code ignored;
  port_ = first->local_endpoint(ignored).port();
  if (auto added = add(std::move(*first)); !added) return added;
  host_ = is_localhost ? "localhost" : address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  if (is_localhost) {  // ::1 if it exists; browsers may try it first
    if (auto second = listen(io_, {asio::ip::address_v6::loopback(), port_})) {
      if (auto added = add(std::move(*second)); !added) return added;
    } else {
      needs_.journal.write(Level::Debug, "serve.no_ipv6", {{"reason", second.error().message()}});
    }
  }
  if (!options_.control_directory.empty()) listen_for_owner();
  return {};
}

Result<void> AsioServer::listen_at(int descriptor, int family) {
  error_code error;
  Acceptor acceptor(io_);
  (void)acceptor.assign(Protocol(family, 0), descriptor, error);
  if (error) {
    ::close(descriptor);
    return std::unexpected(Error::setup(fmt::format("cannot listen: {}", error.message())));
  }
  listeners_.push_back({std::move(acceptor), family, asio::steady_timer(io_)});
  return {};
}

// A file system without sockets disables the verbs that talk to a running instance, not the run.
void AsioServer::listen_for_owner() {
  auto control = ControlSocket::listen(options_.control_directory);
  const auto listening =
      control ? listen_at(control->release(), AF_UNIX) : Result<void>(std::unexpected(control.error()));
  if (listening)
    control_.emplace(std::move(*control));
  else
    needs_.journal.warning("serve.no_control_socket", {{"error", listening.error().message()}});
}

std::map<std::string, Endpoint, std::less<>> AsioServer::endpoints() {
  std::map<std::string, Endpoint, std::less<>> endpoints;
  for (Endpoint& at : needs_.endpoints) endpoints.emplace(at.path, std::move(at));
  const std::string path = "/api/v1/query";
  endpoints.emplace(path, Endpoint{.path = path,
                                   .act = [this](const Request& request,
                                                 Reply reply) { return questions_.ask(request, std::move(reply)); },
                                   .show = nullptr,
                                   .kind = EndpointKind::Answers});
  const std::string history = "/api/v1/history";
  endpoints.emplace(
      history,
      Endpoint{.path = history, .act = nullptr, .show = nullptr, .read = [this](const Request& request, Reply reply) {
                 return history_.ask(request, std::move(reply));
               }});
  add_replays(endpoints);
  return endpoints;
}

void AsioServer::add_replays(std::map<std::string, Endpoint, std::less<>>& endpoints) {
  const auto add = [&](std::string path, Response (Replays::*answer)(const Request&)) {
    endpoints.emplace(path, Endpoint{.path = path,
                                     .act =
                                         [this, answer](const Request& request, const Reply& reply) {
                                           reply((replays_.*answer)(request));
                                           return nullptr;
                                         },
                                     .show = nullptr,
                                     .kind = EndpointKind::Answers});
  };
  add(std::string(replays_path), &Replays::begin);
  add(fmt::format("{}/", replays_path), &Replays::change);
}

void AsioServer::start() {
  for (Listener& listener : listeners_) accept(listener);
  beat();
  needs_.journal.info("serve.listening", {{"url", url()}, {"control", control_ ? control_->path() : "none"}});
  thread_ = std::thread([this] {
    name_this_thread("server");
    io_.run();
  });
}

void AsioServer::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    error_code ignored;
    for (Listener& listener : listeners_) (void)listener.acceptor.close(ignored);
    const bool live = hub_.close("the server stops"), replayed = replays_.close();
    if (!live && !replayed) return io_.stop();
    heartbeat_.expires_after(goodbye_time);  // ends the beat's own wait
    heartbeat_.async_wait([this](error_code) { io_.stop(); });
  });
  thread_.join();
  control_.reset();
  needs_.journal.info("serve.stopped");
}

void AsioServer::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](error_code error, Protocol::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      admit(std::move(socket), listener.family);
      return accept(listener);
    }
    needs_.journal.warning("serve.accept", {{"error", error.message()}});
    listener.pause.expires_after(accept_again);  // perhaps out of files: do not spin
    listener.pause.async_wait([this, &listener](error_code aborted) {
      if (!aborted) accept(listener);
    });
  });
}

void AsioServer::admit(Protocol::socket socket, int family) {
  std::shared_ptr<void> slot;
  if (family != AF_UNIX) {  // the owner needs none, and may connect because there are too many others
    if (slots_left_ == 0) {
      refused_.add(1);
      return refuse_connection(socket, error_response(503, "", "too many connections; try again later"));
    }
    auto share = shares_.take(network_of_peer(socket));
    if (!share) {
      refused_.add(1);
      return refuse_connection(socket,
                               error_response(429, "", "too many connections from your address; close some of them"));
    }
    --slots_left_;
    slot = std::shared_ptr<void>(nullptr, [this, share = std::move(share)](std::nullptr_t) { ++slots_left_; });
  }
  error_code error;
  const Descriptor descriptor{socket.release(error), family};
  if (!error) serve_connection(descriptor, site_, std::move(slot));
}

void AsioServer::committed(LiveBatch batch) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mailbox_mutex_);
    was_empty = mailbox_.put(std::move(batch));
  }
  if (was_empty) asio::post(io_, [this] { deliver(); });
}

// After work the server rests for as long as it worked. Otherwise a replay at full speed would use a core for the page
// alone. A single update finds it rested and is sent at once.
void AsioServer::deliver() {
  if (resting_) return;
  std::optional<LiveBatch> batch;
  {
    const std::lock_guard lock(mailbox_mutex_);
    batch = mailbox_.take();
  }
  if (!batch) return;
  const auto begin = Steady::now();
  hub_.deliver(*batch);
  const auto worked = Steady::now() - begin;
  resting_ = true;
  rest_.expires_after(std::min<Steady::duration>(worked, longest_rest));
  rest_.async_wait([this](error_code aborted) {
    resting_ = false;
    if (!aborted) deliver();
  });
}

void AsioServer::beat() {
  hub_.beat();
  hub_.close_expired(site_.access);
  replays_.beat();
  replays_.close_expired(site_.access);
  heartbeat_.expires_after(std::chrono::seconds{1});
  heartbeat_.async_wait([this](error_code aborted) {
    if (!aborted) beat();
  });
}

}  // namespace

Result<std::unique_ptr<Server>> open_server(ServerOptions options, ServerNeeds needs) {
  const bool is_localhost = options.address == "localhost" || options.address == "127.0.0.1";
  error_code error;
  const auto address = is_localhost ? asio::ip::address(asio::ip::address_v4::loopback())
                                    : asio::ip::make_address(options.address, error);
  if (error) {
    return std::unexpected(
        Error::setup(fmt::format("address: \"{}\" is neither localhost nor an IP address", options.address)));
  }
  auto access = Access::from({.loopback = address.is_loopback(),
                              .tokens = options.tokens,
                              .allowed_hosts = options.allowed_hosts,
                              .allowed_origins = options.allowed_origins});
  if (!access) return std::unexpected(access.error());
  const bool is_local = address.is_loopback() && options.allowed_hosts.empty();
  for (Allow* const allow : {&options.questions.allowed, &options.allow_changes})
    if (*allow == Allow::Loopback) *allow = is_local ? Allow::Always : Allow::Never;
  auto server = std::make_unique<AsioServer>(options, std::move(needs), std::move(*access));
  if (auto bound = server->bind(is_localhost, address); !bound) return std::unexpected(bound.error());
  return server;
}

}  // namespace tidemark
