// Reads requests within limits, responds, and hands over to WebSocket. The only file that includes Beast.
#include "io/serve/connection.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "io/serve/address_shares.h"
#include "io/serve/live_client.h"
#include "io/serve/message_deflate.h"
#include "io/serve/pages.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using std::chrono::seconds;

constexpr seconds linger{1};
constexpr std::size_t linger_bytes = 1'024 * 1'024;
constexpr std::size_t largest_read = 64 * 1'024;
constexpr std::size_t read_of_head = 4'096;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view changes_refused =
    "changes are not allowed through this port: use the control socket, as tidemark's verbs do, or start with "
    "--allow-changes to allow it";

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Protocol::socket socket, int family, Site& site, std::shared_ptr<void> slot)
      : stream_(std::move(socket)), family_(family), site_(site), slot_(std::move(slot)) {}

  void read(unsigned timeout_seconds);

 private:
  using Message = http::request<http::string_body>;

  void receive();
  void receive_head();
  void read_more_of_head();
  void receive_body();
  void refuse_message(error_code error);
  void take(const Message& message);
  void respond(Response response, bool keep_alive);
  void upgrade(const Message& message, const Request& request, Hub& hub);
  bool asks_for_a_head() const;
  bool comes_over_a_network(const Message& message) const;
  void begin(const PostHandler& act, const Request& request, bool keep_alive);
  void watch();
  void finish(Response response);
  void end_gently();
  void discard(std::size_t seen);

  beast::basic_stream<Protocol> stream_;
  int family_;
  Site& site_;
  std::shared_ptr<void> slot_;
  // Chunk extensions and trailers are parsed only when they are whole, so this also bounds them.
  beast::flat_buffer buffer_{site_.max_header_bytes + largest_read};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::size_t head_bytes_ = 0;  // parsed so far
  std::string head_;
  Response response_;
  std::array<char, 4'096> discarded_;

  // While a handler works on a request.
  std::unique_ptr<Ticket> ticket_;
  std::optional<Response> done_;  // waits for the watch to end
  bool watching_ = false, keep_alive_ = false;
  bool is_http_1_0_ = false;
};

// Waits for the first byte, then gives the request its own, shorter time.
void Connection::read(unsigned timeout_seconds) {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(site_.max_header_bytes));
  parser_->body_limit(family_ == AF_UNIX ? site_.max_owner_body_bytes : site_.max_body_bytes);
  parser_->eager(false);
  head_bytes_ = 0;
  if (buffer_.size() > 0) return receive();
  stream_.expires_after(seconds(timeout_seconds));
  stream_.async_read_some(buffer_.prepare(read_of_head),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (error) return;
                            self->buffer_.commit(bytes);
                            self->receive();
                          });
}

void Connection::receive() {
  stream_.expires_after(seconds(site_.request_seconds));
  receive_head();
}

// Beast's own reading compares its limit only with what it has not parsed yet, so a head that comes line by line would
// have no limit.
void Connection::receive_head() {
  error_code error;
  const std::size_t parsed = parser_->put(buffer_.data(), error);
  buffer_.consume(parsed);
  head_bytes_ += parsed;
  const bool is_incomplete = error == http::error::need_more;
  if (error && !is_incomplete) return refuse_message(error);
  if (head_bytes_ + (is_incomplete ? buffer_.size() : 0) > site_.max_header_bytes)
    return refuse_message(http::error::header_limit);
  if (parser_->is_header_done()) return receive_body();
  read_more_of_head();
}

void Connection::read_more_of_head() {
  stream_.async_read_some(buffer_.prepare(read_of_head),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (error == asio::error::eof)
                              return self->refuse_message(self->parser_->got_some() ? http::error::partial_message
                                                                                    : http::error::end_of_stream);
                            if (error) return self->refuse_message(error);
                            self->buffer_.commit(bytes);
                            self->receive_head();
                          });
}

// The end of the body must be unambiguous before it is read. If two sides disagree about where the body ends and the
// next request begins, requests can be smuggled (RFC 9112, 6.1 and 11.2).
std::optional<Response> refuse_framing(const http::request<http::string_body>& message) {
  if (message.count(http::field::transfer_encoding) == 0) return std::nullopt;
  if (message.version() < 11) return error_response(400, "Transfer-Encoding", "HTTP/1.0 has no Transfer-Encoding");
  if (message.count(http::field::transfer_encoding) > 1 || message.count(http::field::content_length) > 0 ||
      !beast::iequals(message[http::field::transfer_encoding], "chunked"))
    return error_response(501, "Transfer-Encoding", "chunked is the only supported transfer coding");
  return std::nullopt;
}

void Connection::receive_body() {
  const Message& message = parser_->get();
  is_http_1_0_ = message.version() < 11;
  if (auto refusal = refuse_framing(message)) return respond(std::move(*refusal), false);
  const auto read_body = [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->refuse_message(error);
    http::async_read(self->stream_, self->buffer_, *self->parser_, [self](error_code failed, std::size_t) {
      if (failed) return self->refuse_message(failed);
      self->take(self->parser_->get());
    });
  };
  const bool client_waits = !is_http_1_0_ && !parser_->is_done() && buffer_.size() == 0 &&
                            beast::iequals(message[http::field::expect], "100-continue");
  if (!client_waits) return read_body({}, 0);
  asio::async_write(stream_, asio::buffer(go_on.data(), go_on.size()), read_body);
}

void Connection::refuse_message(error_code error) {
  if (error == http::error::end_of_stream || error.category() == asio::error::get_system_category()) {
    return;  // gone
  }
  if (error == beast::error::timeout || error == asio::error::operation_aborted) return;
  if (error == http::error::body_limit) {
    return respond(error_response(413, "", "the body of this request is too large"), false);
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return respond(error_response(431, "", "the headers of this request are too large"), false);
  }
  respond(error_response(400, "", "this is not an HTTP request"), false);
}

std::optional<std::string> header(const http::fields& fields, http::field name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return std::string(view(found->value()));
}

// All headers of this name form one list (RFC 6455, 9.1).
std::string extensions_of(const http::fields& fields) {
  std::string offers;
  const auto [begin, end] = fields.equal_range(http::field::sec_websocket_extensions);
  for (auto each = begin; each != end; ++each) offers.append(offers.empty() ? "" : ",").append(view(each->value()));
  return offers;
}

const Endpoint* find_endpoint(const Site& site, const std::string& path) {
  const auto exactly = site.endpoints.find(path);
  if (exactly != site.endpoints.end()) return &exactly->second;
  const auto above = site.endpoints.find(path.substr(0, path.rfind('/') + 1));
  return above != site.endpoints.end() ? &above->second : nullptr;
}

bool is_operations(std::string_view path) { return path == "/healthz" || path == "/readyz" || path == "/metrics"; }

// All headers of the name are one list (RFC 9110, 5.3); Beast looks at the first.
bool lists(const http::fields& fields, http::field name, std::string_view word) {
  const auto [begin, end] = fields.equal_range(name);
  return std::any_of(begin, end, [&](const auto& each) { return has_word(view(each.value()), word); });
}

bool stays_open(const http::request<http::string_body>& message) {
  if (lists(message, http::field::connection, "close")) return false;
  return message.version() >= 11 || lists(message, http::field::connection, "keep-alive");
}

// A form of a foreign page can send any type but this without a preflight; the Origin check has refused it already.
bool is_json(const Request& request) {
  if (!request.content_type) return false;
  const std::string_view type = *request.content_type;
  return beast::iequals(type.substr(0, type.find(';')), "application/json");
}

void Connection::take(const Message& message) {
  const bool keep_alive = stays_open(message);
  auto target = parse_target(view(message.target()), Plus::IsSpace);
  if (!target) return respond(error_response(400, "", "this address cannot be read"), false);
  if (message.count(http::field::host) > 1) {
    return respond(error_response(400, "Host", "more than one Host header"), false);
  }
  const Request request{.method = std::string(view(message.method_string())),
                        .path = std::move(target->path),
                        .parameters = std::move(target->parameters),
                        .host = header(message, http::field::host),
                        .origin = header(message, http::field::origin),
                        .authorization = header(message, http::field::authorization),
                        .cookie = header(message, http::field::cookie),
                        .if_none_match = header(message, http::field::if_none_match),
                        .accept_encoding = header(message, http::field::accept_encoding),
                        .content_type = header(message, http::field::content_type),
                        .body = message.body(),
                        .channel = family_ == AF_UNIX ? Channel::ControlSocket : Channel::Port};
  if (site_.only_operations && !is_operations(request.path))
    return respond(error_response(404, "", "this process has no page, only /healthz, /readyz and /metrics"),
                   keep_alive);
  if (auto refusal = site_.access.refuse(request, site_.clock.now())) {
    return respond(std::move(*refusal), keep_alive);
  }
  const bool wants_upgrade =
      lists(message, http::field::connection, "upgrade") && lists(message, http::field::upgrade, "websocket");
  if (request.method == "GET" && wants_upgrade) {
    if (request.path == live_path) return upgrade(message, request, site_.hub);
    if (const auto replay = site_.replays.stream_at(request.path)) {
      slot_ = std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(std::move(slot_), replay);
      return upgrade(message, request, replay->hub());
    }
  }
  const Endpoint* const at = find_endpoint(site_, request.path);
  if (at && at->read && request.is_read()) return begin(at->read, request, keep_alive);
  if (request.method == "POST") {
    if (at && at->act) {
      if (at->kind == EndpointKind::Changes && request.channel == Channel::Port && !site_.changes_allowed)
        return respond(error_response(403, "", changes_refused), keep_alive);
      if (!is_json(request))
        return respond(error_response(415, "Content-Type", "only application/json is accepted"), keep_alive);
      return begin(at->act, request, keep_alive);
    }
  }
  respond(answer(site_, request), keep_alive);
}

void Connection::begin(const PostHandler& act, const Request& request, bool keep_alive) {
  keep_alive_ = keep_alive;
  stream_.expires_never();
  watch();
  // The response may come immediately; then there is no ticket yet to destroy. It may also come on another thread,
  // which then keeps nothing of the connection.
  ticket_ = act(request, [self = shared_from_this()](Response response) mutable {
    auto& io = self->site_.io;
    asio::post(
        io, [self = std::move(self), response = std::move(response)]() mutable { self->finish(std::move(response)); });
  });
}

// Notices that the client has left. What it sends meanwhile waits for its turn.
void Connection::watch() {
  watching_ = true;
  stream_.socket().async_wait(Protocol::socket::wait_read, [self = shared_from_this()](error_code) {
    self->watching_ = false;
    if (self->done_) return self->respond(*std::exchange(self->done_, std::nullopt), self->keep_alive_);
    char next = 0;
    const ssize_t size = ::recv(self->stream_.socket().native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) self->ticket_.reset();
  });
}

void Connection::finish(Response response) {
  ticket_.reset();
  if (!watching_) return respond(std::move(response), keep_alive_);
  done_ = std::move(response);
  error_code ignored;
  (void)stream_.socket().cancel(ignored);
}

// A client takes a body that follows the answer to HEAD for the next answer, whatever the answer is. Of a first line that
// could not be read the buffer still has the method.
bool Connection::asks_for_a_head() const {
  const Message& message = parser_->get();
  if (!message.method_string().empty()) return message.method() == http::verb::head;
  const auto unread = buffer_.data();
  return std::string_view(static_cast<const char*>(unread.data()), unread.size()).starts_with("HEAD ");
}

void Connection::respond(Response response, bool keep_alive) {
  site_.metrics
      .counter("tidemark_http_requests_total", "Requests answered, by status.",
               {{"code", std::to_string(response.status)}})
      .add(1);
  response_ = std::move(response);
  head_ = response_head(response_, !keep_alive    ? AfterAnswer::Close
                                   : is_http_1_0_ ? AfterAnswer::StayOpenAsAsked
                                                  : AfterAnswer::StayOpen);
  std::array<asio::const_buffer, 2> buffers{asio::buffer(head_)};
  const bool head_only = asks_for_a_head();
  if (!head_only && response_.embedded.empty()) {
    buffers[1] = asio::const_buffer(response_.body.data(), response_.body.size());
  } else if (!head_only) {
    buffers[1] = asio::const_buffer(response_.embedded.data(), response_.embedded.size());
  }
  stream_.expires_after(seconds(site_.stalled_seconds));
  asio::async_write(stream_, buffers, [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
    if (error) return;
    if (!keep_alive) return self->end_gently();
    self->read(self->site_.idle_seconds);
  });
}

// Compression saves bytes of a network, but loopback is none. A proxy on this machine has a network behind it.
bool Connection::comes_over_a_network(const Message& message) const {
  if (family_ == AF_UNIX) return false;
  if (message.count("X-Forwarded-For") > 0 || message.count(http::field::forwarded) > 0) return true;
  error_code error;
  const auto peer = stream_.socket().remote_endpoint(error);
  return !error && !network_of(*peer.data()).is_loopback;
}

void Connection::upgrade(const Message& message, const Request& request, Hub& hub) {
  if (auto refusal = site_.access.refuse_origin(request)) {
    return respond(std::move(*refusal), false);
  }
  auto wanted = Api::parse_live_request(request);
  if (!wanted) return respond(std::move(wanted.error()), false);
  if (view(message[http::field::sec_websocket_version]) != "13") {
    Response refusal = error_response(426, "Sec-WebSocket-Version", "only version 13 is supported");
    refusal.headers.emplace_back("Sec-WebSocket-Version", "13");
    return respond(std::move(refusal), false);
  }
  const auto accept = websocket::accept_key(view(message[http::field::sec_websocket_key]));
  if (!accept) {
    return respond(error_response(400, "Sec-WebSocket-Key", "16 bytes in base64"), false);
  }
  site_.metrics.counter("tidemark_http_requests_total", "Requests answered, by status.", {{"code", "101"}}).add(1);
  const auto deflate =
      comes_over_a_network(message) ? websocket::agree_to_deflate(extensions_of(message)) : std::nullopt;
  const auto rest = buffer_.data();
  const std::string early(static_cast<const char*>(rest.data()), rest.size());
  stream_.expires_never();
  Protocol::socket socket = stream_.release_socket();
  error_code error;
  const Descriptor descriptor{socket.release(error), family_};
  if (error) return;
  Handshake handshake{.answer =
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: " +
                          *accept + "\r\n",
                      .early = early};
  if (deflate) {
    handshake.answer += "Sec-WebSocket-Extensions: " + *deflate + "\r\n";
    handshake.deflate = websocket::Deflate::Agreed;
  }
  handshake.answer += "\r\n";
  open_live_client(site_.io, descriptor, hub, std::move(*wanted),
                   site_.access.credential_of(request, site_.clock.now()), std::move(handshake), std::move(slot_));
}

// Closing at once would lose our response if the client is still sending. So this lets it finish, for a while.
void Connection::end_gently() {
  error_code ignored;
  (void)stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
  stream_.expires_after(linger);
  discard(0);
}

void Connection::discard(std::size_t seen) {
  if (seen > linger_bytes) return;
  stream_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this(), seen](error_code error, std::size_t bytes) {
                            if (!error) self->discard(seen + bytes);
                          });
}

Response wrong_method(std::string allowed, bool post) {
  if (post) allowed += allowed.empty() ? "POST" : ", POST";
  Response refusal = error_response(405, "", fmt::format("this address only answers {}", allowed));
  refusal.headers.emplace_back("Allow", allowed);
  return refusal;
}

}  // namespace

Response answer(const Site& site, const Request& request) {
  const bool live = request.path == live_path;
  auto response = live ? std::nullopt : site.api.answer(request);
  if (!response) response = site.replays.answer(request);
  const Endpoint* const act = find_endpoint(site, request.path);
  if (!response && act) {
    if (act->read) return wrong_method("GET, HEAD", act->act != nullptr);
    if (!act->show) return wrong_method({}, true);
    if (request.is_read()) return act->show(request);
    return wrong_method("GET, HEAD", true);
  }
  if (!response && !live) response = find_page(request, site.assets);
  if (!response && !live) return error_response(404, "", "there is nothing at this address");
  if (!request.is_read()) return wrong_method("GET, HEAD", act != nullptr);
  if (live) {
    Response refusal = error_response(426, "Upgrade", "this address speaks WebSocket");
    refusal.headers.emplace_back("Upgrade", "websocket");
    refusal.headers.emplace_back("Sec-WebSocket-Version", "13");
    return refusal;
  }
  return std::move(*response);
}

void serve_connection(Descriptor descriptor, Site& site, std::shared_ptr<void> slot) {
  Protocol::socket socket(site.io);
  error_code error;
  (void)socket.assign(Protocol(descriptor.family, 0), descriptor.number, error);
  if (error) {
    ::close(descriptor.number);
    return;
  }
  std::make_shared<Connection>(std::move(socket), descriptor.family, site, std::move(slot))->read(site.idle_seconds);
}

}  // namespace tidemark
