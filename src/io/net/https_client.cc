#include "io/net/https_client.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

#include "io/net/tls.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using ErrorCode = boost::system::error_code;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto connect_timeout = 10s;
constexpr auto answer_timeout = 30s;
constexpr auto body_timeout = 120s;
constexpr auto slice = 20ms;                              // how soon a stop is noticed
constexpr std::size_t at_once = 64 * 1'024;               // bytes per read; Beast begins with 512
constexpr std::uint64_t most_bytes = 16 * 1'024 * 1'024;  // of a body; 10,000 bars are about a tenth of that
constexpr std::size_t most_unread = 1'024 * 1'024;        // bytes that no parser has taken yet
constexpr std::array<std::string_view, 5> headers_read{"Date", "Retry-After", "X-RateLimit-Limit",
                                                       "X-RateLimit-Remaining", "X-RateLimit-Reset"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_same_name(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

// For requests, because their headers hold the keys.
template <typename T>
struct WipingAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = WipingAllocator<U>;
  };
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>& /*other*/) {}
  void deallocate(T* memory, std::size_t count) {
    ::explicit_bzero(static_cast<void*>(memory), count * sizeof(T));
    std::allocator<T>::deallocate(memory, count);
  }
};

class Client : public HttpsClient {
 public:
  Client(ServerUrl server, std::optional<asio::ssl::context> tls, std::string ca_setting, SecretMask mask)
      : server_(std::move(server)), tls_(std::move(tls)), ca_setting_(std::move(ca_setting)), mask_(std::move(mask)) {}

  Result<RestAnswer> get(const std::string& target, std::span<const SecretHeader> headers,
                         std::stop_token stop) override {
    const bool is_kept = stream_ && !is_stale();
    if (!is_kept)
      if (auto connected = connect(stop); !connected) return std::unexpected(connected.error());
    answer_began_ = false;
    auto answer = ask(target, headers, stop);
    was_stale_ = !answer && is_kept && !answer_began_ && !ran_out_;
    if (!answer) close();
    return answer;
  }

  bool was_stale() const override { return was_stale_; }

 private:
  // A connection; its outer layer is unused without TLS.
  using Stream = beast::ssl_stream<beast::tcp_stream>;

  beast::tcp_stream& tcp() { return beast::get_lowest_layer(*stream_); }

  // The server has closed it, or sent something that was not requested.
  bool is_stale() {
    char byte = 0;
    const ssize_t got = ::recv(tcp().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  void close() {
    if (!stream_) return;
    ErrorCode ignored;
    tcp().socket().close(ignored);
    stream_.reset();
  }

  // Starts an operation and runs it to its end. If it is cancelled, it ends soon.
  template <typename Start>
  Result<void> await(std::string_view what, Steady::time_point deadline, const std::stop_token& stop, Start start) {
    std::optional<ErrorCode> done;
    start([&done](ErrorCode error, auto&&...) { done = error; });
    std::optional<Error> why_ended;
    while (!done) {
      io_.restart();
      io_.run_for(slice);
      if (done || why_ended) continue;
      if (stop.stop_requested())
        why_ended = Error::retryable(fmt::format("the request to {} was stopped", server_.host));
      else if (Steady::now() > deadline)
        why_ended = Error::retryable(fmt::format("{} does not answer in time ({})", server_.host, what));
      if (!why_ended) continue;
      resolver_.cancel();
      ErrorCode ignored;
      if (stream_) tcp().socket().close(ignored);
    }
    ran_out_ = why_ended.has_value();
    if (why_ended) return std::unexpected(*why_ended);
    if (*done) return std::unexpected(failure(what, *done));
    return {};
  }

  Error failure(std::string_view what, ErrorCode error) {
    if (stream_ && tls_) {
      const long verdict = SSL_get_verify_result(stream_->native_handle());
      if (verdict != X509_V_OK)
        return Error::setup(fmt::format("the certificate of {} is not trusted ({}); {} names certificates that are",
                                        server_.host, X509_verify_cert_error_string(verdict), ca_setting_));
    }
    return Error::retryable(fmt::format("{}:{}: {} ({})", server_.host, server_.port, error.message(), what));
  }

  Result<void> connect(const std::stop_token& stop) {
    close();
    const auto deadline = Steady::now() + connect_timeout;
    asio::ip::tcp::resolver::results_type found;
    auto resolved = await("looking up its name", deadline, stop, [&](auto done) {
      resolver_.async_resolve(server_.host, server_.port, [&found, done](ErrorCode error, auto results) mutable {
        found = std::move(results);
        done(error);
      });
    });
    if (!resolved) return resolved;
    stream_.emplace(io_, tls_ ? *tls_ : no_tls_);
    buffer_.clear();
    buffer_.reserve(at_once);
    auto connected = await("connecting", deadline, stop, [&](auto done) {
      tcp().async_connect(found, [done](ErrorCode error, auto) mutable { done(error); });
    });
    if (connected) {
      ErrorCode ignored;
      tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
      if (tls_) connected = handshake(deadline, stop);
    }
    if (!connected) close();
    return connected;
  }

  Result<void> handshake(Steady::time_point deadline, const std::stop_token& stop) {
    SSL* const ssl = stream_->native_handle();
    bool is_set = false;
    if (is_address(server_.host)) {
      is_set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), server_.host.c_str()) == 1;
    } else {
      is_set =
          SSL_set_tlsext_host_name(ssl, server_.host.c_str()) == 1 && SSL_set1_host(ssl, server_.host.c_str()) == 1;
    }
    if (!is_set)
      return std::unexpected(Error::setup(fmt::format("{} cannot be the host of a certificate", server_.host)));
    return await("TLS handshake", deadline, stop,
                 [&](auto done) { stream_->async_handshake(asio::ssl::stream_base::client, done); });
  }

  // The layer to use: TLS or plain TCP.
  template <typename With>
  void with_stream(With with) {
    if (tls_)
      with(*stream_);
    else
      with(stream_->next_layer());
  }

  Result<RestAnswer> ask(const std::string& target, std::span<const SecretHeader> headers,
                         const std::stop_token& stop) {
    http::request<http::empty_body, http::basic_fields<WipingAllocator<char>>> request(http::verb::get,
                                                                                       server_.path + target, 11);
    request.set(http::field::host, server_.host_header());
    request.set(http::field::user_agent, "tidemark");
    request.set(http::field::accept, "application/json");
    for (const SecretHeader& header : headers) request.set(header.name, header.value.reveal());
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_bytes);
    parser.header_limit(64 * 1'024);
    const auto begun = Steady::now();
    auto done = await("asking", begun + answer_timeout, stop,
                      [&](auto then) { with_stream([&](auto& stream) { http::async_write(stream, request, then); }); });
    if (!done) return std::unexpected(done.error());
    done = await("waiting for its answer", begun + answer_timeout, stop, [&](auto then) {
      with_stream([&](auto& stream) { http::async_read_header(stream, buffer_, parser, then); });
    });
    answer_began_ = parser.got_some();
    if (!done) return std::unexpected(done.error());
    done = await("reading its answer", Steady::now() + body_timeout, stop, [&](auto then) {
      with_stream([&](auto& stream) { http::async_read(stream, buffer_, parser, then); });
    });
    if (!done) return std::unexpected(done.error());
    RestAnswer answer{.status = parser.get().result_int(), .headers = {}, .body = std::move(parser.get().body())};
    mask_.cover(answer.body);
    for (const auto& field : parser.get())
      for (const std::string_view name : headers_read)
        if (is_same_name(field.name_string(), name)) answer.headers.push_back({std::string(name), field.value()});
    // Bytes after the response would be taken for the next response.
    if (!parser.get().keep_alive() || buffer_.size() > 0) close();
    return answer;
  }

  ServerUrl server_;
  std::optional<asio::ssl::context> tls_;
  asio::ssl::context no_tls_{asio::ssl::context::tls_client};
  asio::io_context io_{1};
  asio::ip::tcp::resolver resolver_{io_};
  std::optional<Stream> stream_;
  beast::flat_buffer buffer_{most_unread};
  std::string ca_setting_;
  SecretMask mask_;
  bool answer_began_ = false, ran_out_ = false, was_stale_ = false;
};

}  // namespace

std::optional<std::string_view> RestAnswer::header(std::string_view name) const {
  for (const HttpHeader& each : headers)
    if (is_same_name(each.name, name)) return each.value;
  return std::nullopt;
}

std::optional<std::int64_t> RestAnswer::integer(std::string_view name) const {
  const auto text = header(name);
  std::int64_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

Result<std::unique_ptr<HttpsClient>> make_https_client(const ServerUrl& server, const TrustedCertificates& trusted,
                                                       SecretMask mask) {
  if (!server.is_secure) return std::make_unique<Client>(server, std::nullopt, trusted.setting, std::move(mask));
  auto tls = make_tls_context(trusted);
  if (!tls) return std::unexpected(tls.error());
  return std::make_unique<Client>(server, asio::ssl::context(tls->release()), trusted.setting, std::move(mask));
}

}  // namespace tidemark
