#include "io/alpaca_server/connection.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "io/alpaca_server/bar_json.h"
#include "io/net/host_name.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;
using std::chrono::seconds;
using Message = http::request<http::string_body>;

constexpr seconds auth_patience{10}, call_patience{75}, goodbye_patience{5};
constexpr std::size_t most_header_bytes = 256 * 1024, most_body_bytes = 64 * 1024, most_message_bytes = 1 << 20;
constexpr std::size_t most_queued_bytes = 16 << 20;

template <typename Stream>
constexpr bool is_tls = !std::is_same_v<Stream, beast::tcp_stream>;

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

std::pair<std::string, std::string> keys_of(const Message& message) {
  std::pair keys(text_of(message["APCA-API-KEY-ID"]), text_of(message["APCA-API-SECRET-KEY"]));
  if (!keys.first.empty() || !keys.second.empty()) return keys;
  const std::string basic = text_of(message[http::field::authorization]);
  return parse_basic_authorization(basic).value_or(std::pair<std::string, std::string>());
}

// Without keys, any program may ask, but not a foreign web page in this machine's browser. A page whose name was re-bound
// to 127.0.0.1 is known by Host.
bool is_foreign_name(const Message& message) {
  return !is_loopback_name(name_in_host(text_of(message[http::field::host])));
}
// A page that opens a WebSocket to another name than its own is known by Origin, which programs do not send.
bool is_foreign_page(const Message& message) {
  const std::string origin = text_of(message[http::field::origin]);
  if (origin.empty()) return false;
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos || !is_loopback_name(name_in_host(std::string_view(origin).substr(scheme + 3)));
}

// A client of the stream.
template <typename Stream>
class StreamConnection : public std::enable_shared_from_this<StreamConnection<Stream>>, public StreamSink {
 public:
  StreamConnection(Stream&& stream, AlpacaSite& site, StreamFeed feed, Encoding encoding)
      : socket_(std::move(stream)),
        site_(site),
        session_({.number = ++site.streams, .feed = feed, .encoding = encoding}, *this, site.hub, site.keys,
                 site.faults, site.limits),
        auth_(socket_.get_executor()),
        drop_(socket_.get_executor()),
        mute_(socket_.get_executor()) {
    ++site_.connections;
  }
  ~StreamConnection() override {
    site_.hub.leave(session_);
    --site_.connections;
  }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void start(Message message) {
    beast::get_lowest_layer(socket_).expires_never();
    socket_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    websocket::permessage_deflate compression;
    compression.server_enable = true;
    compression.compLevel = 1;
    socket_.set_option(compression);
    socket_.read_message_max(most_message_bytes);
    socket_.auto_fragment(false);
    socket_.binary(session_.options().encoding == Encoding::MessagePack);
    message_ = std::move(message);
    socket_.async_accept(message_, [self = this->shared_from_this()](error_code error) {
      if (!error) self->begin();
    });
  }

  void send(std::string frame) override {
    if (over_ || ending_) return;
    queued_bytes_ += frame.size();
    queue_.push_back(std::move(frame));
    if (queued_bytes_ > most_queued_bytes && !behind_) return fall_behind();
    if (!writing_) write();
  }

  void end() override {
    if (std::exchange(ending_, true)) return;
    drop_.expires_after(goodbye_patience);
    drop_.async_wait([self = this->shared_from_this()](error_code error) {
      if (!error) self->finish();
    });
    if (!writing_) close();
  }

 private:
  void begin() {
    site_.hub.join(session_);
    const std::uint64_t number = session_.options().number;
    site_.journal.info("alpaca.stream_opened", {{"connection", std::to_string(number)}});
    wait(auth_, auth_patience, [this] { session_.auth_time_is_up(); });
    if (const auto after = site_.faults.drop_after(number))
      wait(drop_, *after, [this] {
        ++site_.faults.counts.dropped;
        site_.journal.info("alpaca.dropped", {{"connection", std::to_string(session_.options().number)}});
        finish();
      });
    if (const auto after = site_.faults.mute_after(number))
      wait(mute_, *after, [this] {
        session_.fall_silent();
        site_.journal.info("alpaca.muted", {{"connection", std::to_string(session_.options().number)}});
      });
    const auto [key, secret] = keys_of(message_);
    session_.open(key, secret);
    read();
  }

  template <typename Then>
  void wait(asio::steady_timer& timer, Duration patience, Then then) {
    timer.expires_after(patience);
    timer.async_wait([self = this->shared_from_this(), then](error_code error) {
      if (!error && !self->over_) then();
    });
  }

  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](error_code error, std::size_t) {
      if (error || self->over_) return self->finish();
      self->take();
    });
  }

  void take() {
    const auto bytes = buffer_.cdata();
    const std::string_view message(static_cast<const char*>(bytes.data()), bytes.size());
    session_.receive(message, socket_.got_text() ? Encoding::Json : session_.options().encoding);
    buffer_.consume(buffer_.size());
    read();
  }

  void write() {
    if (queue_.empty()) {
      if (ending_) close();
      return;
    }
    writing_ = true;
    socket_.async_write(asio::buffer(queue_.front()), [self = this->shared_from_this()](error_code error, std::size_t) {
      self->writing_ = false;
      if (error || self->over_) return self->finish();
      self->queued_bytes_ -= self->queue_.front().size();
      self->queue_.pop_front();
      self->write();
    });
  }

  // Drops the queue, so that the client still receives the reason.
  void fall_behind() {
    behind_ = true;
    queue_.erase(queue_.begin() + (writing_ ? 1 : 0), queue_.end());
    queued_bytes_ = queue_.empty() ? 0 : queue_.front().size();
    site_.journal.warning("alpaca.slow_client", {{"connection", std::to_string(session_.options().number)}});
    session_.fell_behind();
  }

  void close() {
    if (over_) return;
    socket_.async_close(websocket::close_code::normal,
                        [self = this->shared_from_this()](error_code) { self->finish(); });
  }

  // Closes the socket without a closing handshake.
  void finish() {
    if (std::exchange(over_, true)) return;
    site_.hub.leave(session_);
    for (asio::steady_timer* timer : {&auth_, &drop_, &mute_}) timer->cancel();
    beast::get_lowest_layer(socket_).close();
    site_.journal.info("alpaca.stream_closed", {{"connection", std::to_string(session_.options().number)}});
  }

  websocket::stream<Stream> socket_;
  AlpacaSite& site_;
  StreamSession session_;
  asio::steady_timer auth_, drop_, mute_;
  Message message_;
  beast::flat_buffer buffer_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  bool writing_ = false, ending_ = false, behind_ = false, over_ = false;
};

// A connection with HTTP calls, until it is upgraded to a stream.
template <typename Stream>
class CallConnection : public std::enable_shared_from_this<CallConnection<Stream>> {
 public:
  CallConnection(Stream&& stream, AlpacaSite& site) : stream_(std::move(stream)), site_(site) { ++site_.connections; }
  ~CallConnection() { --site_.connections; }
  CallConnection(const CallConnection&) = delete;
  CallConnection& operator=(const CallConnection&) = delete;

  void start() {
    beast::get_lowest_layer(stream_).expires_after(call_patience);
    if constexpr (is_tls<Stream>) {
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        if (!error) self->read();
      });
    } else {
      read();
    }
  }

 private:
  void read() {
    parser_.emplace();
    parser_->header_limit(most_header_bytes);
    parser_->body_limit(most_body_bytes);
    beast::get_lowest_layer(stream_).expires_after(call_patience);
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) {
      if (!error) return self->take(self->parser_->release());
      if (error == http::error::header_limit) self->respond({431, rest_message("headers too large"), {}}, false);
      if (error == http::error::body_limit) self->respond({413, rest_message("body too large"), {}}, false);
    });
  }

  void take(Message message) {
    auto request = parse_rest_target({message.target().data(), message.target().size()});
    if (!request) return respond({400, rest_message("this address cannot be read"), {}}, false);
    if (!site_.keys.are_set() && is_foreign_name(message))
      return respond({403, rest_message("this server answers to localhost only: set keys"), {}}, false);
    if (websocket::is_upgrade(message)) {
      const auto feed = parse_stream_path(request->path);
      if (!feed) return respond({404, rest_message("endpoint not found."), {}}, false);
      if (!site_.keys.are_set() && is_foreign_page(message))
        return respond({403, rest_message("this page may not ask: set keys"), {}}, false);
      const bool packed = message[http::field::content_type] == "application/msgpack";
      return std::make_shared<StreamConnection<Stream>>(std::move(stream_), site_, *feed,
                                                        packed ? Encoding::MessagePack : Encoding::Json)
          ->start(std::move(message));
    }
    const bool head_only = message.method() == http::verb::head;
    if (message.method() != http::verb::get && !head_only)
      return respond({405, rest_message("method not allowed"), {{"Allow", "GET, HEAD"}}}, message.keep_alive());
    std::tie(request->key, request->secret) = keys_of(message);
    const auto wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    ++site_.calls;
    respond(site_.rest.answer(*request, site_.market_now(), wall), message.keep_alive(), head_only);
  }

  void respond(RestReply reply, bool keep_alive, bool head_only = false) {
    reply_ = std::move(reply);
    head_ = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {}\r\n",
                        reply_.status, text_of(http::obsolete_reason(http::int_to_status(reply_.status))),
                        reply_.body.size());
    for (const auto& [name, value] : reply_.headers) head_ += fmt::format("{}: {}\r\n", name, value);
    head_ += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    if (!head_only) head_ += reply_.body;  // in one buffer, because over TLS two buffers never get sent
    beast::get_lowest_layer(stream_).expires_after(call_patience);
    asio::async_write(
        stream_, asio::buffer(head_), [self = this->shared_from_this(), keep_alive](error_code error, std::size_t) {
          if (!error && keep_alive) return self->read();
          error_code ignored;
          (void)beast::get_lowest_layer(self->stream_).socket().shutdown(tcp::socket::shutdown_send, ignored);
        });
  }

  Stream stream_;
  AlpacaSite& site_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  RestReply reply_;
  std::string head_;
};

}  // namespace

void serve_connection(asio::io_context& io, asio::ssl::context* tls, AcceptedSocket accepted, AlpacaSite& site) {
  tcp::socket socket(io);
  error_code error;
  (void)socket.assign(accepted.is_v6 ? tcp::v6() : tcp::v4(), accepted.descriptor, error);
  if (error) {
    ::close(accepted.descriptor);
    return;
  }
  (void)socket.set_option(tcp::no_delay(true), error);
  beast::tcp_stream stream(std::move(socket));
  if (tls == nullptr)
    std::make_shared<CallConnection<beast::tcp_stream>>(std::move(stream), site)->start();
  else
    std::make_shared<CallConnection<beast::ssl_stream<beast::tcp_stream>>>(
        beast::ssl_stream<beast::tcp_stream>(std::move(stream), *tls), site)
        ->start();
}

}  // namespace tidemark
