#include "io/alpaca/websocket_stream.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "io/alpaca/bar_text.h"
#include "io/alpaca/stream_fault.h"
#include "io/alpaca/stream_message.h"
#include "io/net/server_url.h"
#include "io/net/tls.h"
#include "io/observe/process.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

using Plain = websocket::stream<beast::tcp_stream>;
using Secure = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

constexpr auto connect_timeout = std::chrono::seconds(15);
constexpr auto silence_timeout = std::chrono::seconds(30);  // after half of it a ping asks whether anybody is there
constexpr auto longest_wait = std::chrono::minutes(5);
constexpr std::size_t most_bytes = 16 * 1024 * 1024;  // of a frame; 10,000 bars are about a tenth of that
constexpr std::size_t most_bars = 1'000'000;          // that nobody has taken yet
constexpr std::size_t most_events = 10'000;
constexpr std::size_t most_unsent = 100;  // messages of ours that the server does not read

StreamFault lost(std::string sentence) { return {StreamCure::Reconnect, std::move(sentence)}; }

// What a connection tells, and whether anybody still wants to hear it.
struct Ears {
  std::function<bool(StreamEvent)> tell;  // false: the connection is to end
};

// One connection, from its first packet to its last.
template <typename Socket>
class Conversation : public std::enable_shared_from_this<Conversation<Socket>> {
 public:
  Conversation(Socket socket, const BarStreamOptions& options, const ServerUrl& server,
               std::vector<std::string> symbols, Ears ears)
      : socket_(std::move(socket)),
        options_(options),
        server_(server),
        wanted_(std::move(symbols)),
        ears_(std::move(ears)),
        text_(series_of(options.account.feed)),
        mask_(mask_of(options.account)),
        again_(socket_.get_executor()),
        wait_(options.ask_again) {}

  asio::awaitable<void> run() {
    const auto self = this->shared_from_this();
    StreamFault fault;
    try {
      co_await connect();
      fault = co_await listen();
    } catch (const boost::system::system_error& error) {
      fault = lost(why(error.code()));
    } catch (const std::exception& error) {
      fault = lost(error.what());
    }
    cut();
    ears_.tell({.kind = StreamEvent::Kind::Lost, .fault = std::move(fault)});
  }

  void cut() {
    is_over_ = true;
    again_.cancel();
    beast::get_lowest_layer(socket_).close();
  }

  void subscribe(std::vector<std::string> symbols) {
    const std::set<std::string> before(wanted_.begin(), wanted_.end()), now(symbols.begin(), symbols.end());
    std::vector<std::string> gone, come;
    std::ranges::set_difference(before, now, std::back_inserter(gone));
    std::ranges::set_difference(now, before, std::back_inserter(come));
    wanted_ = std::move(symbols);
    if (!is_subscribed_) return;  // then it is asked for as a whole
    if (!gone.empty()) send(write_subscription("unsubscribe", gone, has_statuses()));
    if (!come.empty()) send(write_subscription("subscribe", come, has_statuses()));
  }

 private:
  bool has_statuses() const { return options_.account.feed != AlpacaFeed::Crypto; }

  std::string where() const { return server_.host_header(); }

  std::string why(const beast::error_code& error) const {
    if (error == beast::error::timeout) return fmt::format("{} has been silent for too long", where());
    if (error == websocket::error::closed) return fmt::format("{} has closed the connection", where());
    if (error == asio::error::eof || error == asio::error::connection_reset ||
        error == asio::ssl::error::stream_truncated)
      return fmt::format("{} has cut the connection", where());
    if (error.category() == asio::error::get_ssl_category())
      return fmt::format("no secure connection to {}: {}; if its certificate is of your own making, say {}", where(),
                         error.message(), ca_file_setting);
    return fmt::format("{}: {}", where(), error.message());
  }

  asio::awaitable<void> connect() {
    asio::ip::tcp::resolver resolver(socket_.get_executor());
    const auto found = co_await resolver.async_resolve(server_.host, server_.port, asio::use_awaitable);
    auto& tcp = beast::get_lowest_layer(socket_);
    tcp.expires_after(connect_timeout);
    co_await tcp.async_connect(found, asio::use_awaitable);
    tcp.socket().set_option(asio::ip::tcp::no_delay(true));
    if constexpr (std::is_same_v<Socket, Secure>) {
      auto& tls = socket_.next_layer();
      if (!is_address(server_.host)) SSL_set_tlsext_host_name(tls.native_handle(), server_.host.c_str());
      tls.set_verify_callback(asio::ssl::host_name_verification(server_.host));
      co_await tls.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    }
    tcp.expires_never();
    socket_.set_option(websocket::stream_base::timeout{
        .handshake_timeout = connect_timeout, .idle_timeout = silence_timeout, .keep_alive_pings = true});
    websocket::permessage_deflate deflate;
    deflate.client_enable = true;
    socket_.set_option(deflate);
    socket_.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(beast::http::field::user_agent, "tidemark"); }));
    socket_.read_message_max(most_bytes);
    const std::string path = options_.account.feed == AlpacaFeed::Crypto
                                 ? "/v1beta3/crypto/us"
                                 : fmt::format("/v2/{}", to_string(options_.account.feed));
    co_await socket_.async_handshake(server_.host_header(), server_.path + path, asio::use_awaitable);
  }

  // Until it is over, and why.
  asio::awaitable<StreamFault> listen() {
    beast::flat_buffer buffer;
    std::string bytes;
    for (;;) {
      const std::size_t size = co_await socket_.async_read(buffer, asio::use_awaitable);
      bytes.assign(static_cast<const char*>(buffer.data().data()), size);
      buffer.consume(size);
      mask_.cover(bytes);
      auto frame = read_frame(bytes, text_);
      if (!frame) {
        ears_.tell({.kind = StreamEvent::Kind::Garbage, .text = std::move(bytes)});
        co_return lost(fmt::format("{} sent what is no message", where()));
      }
      if (auto fault = take(std::move(*frame))) co_return std::move(*fault);
    }
  }

  // Why it has to end, if it has to.
  std::optional<StreamFault> take(StreamFrame frame) {
    if (frame.connected) send(write_auth(options_.account.key.reveal(), options_.account.secret.reveal()));
    for (const auto& refusal : frame.refusals) {
      StreamFault fault = stream_fault(refusal.code, refusal.message, to_string(options_.account.feed));
      if (refusal.code == already_signed_in) {
        frame.authenticated = true;
        continue;
      }
      if (fault.cure == StreamCure::KeepWhatThereIs && !is_subscribed_) fault.cure = StreamCure::GiveUp;
      if (fault.cure == StreamCure::GiveUp || fault.cure == StreamCure::Reconnect) return fault;
      if (fault.cure == StreamCure::AskAgain)
        asio::co_spawn(socket_.get_executor(), ask_again(this->shared_from_this()), asio::detached);
      if (!ears_.tell({.kind = StreamEvent::Kind::Notice, .fault = std::move(fault)})) return too_much();
    }
    if (outbox_.size() > most_unsent) return lost(fmt::format("{} does not read what we send", where()));
    if (frame.authenticated && !is_subscribed_) send(write_subscription("subscribe", wanted_, has_statuses()));
    if (frame.subscribed) {
      is_subscribed_ = true;
      if (!ears_.tell({.kind = StreamEvent::Kind::Subscribed, .symbols = std::move(frame.symbols)})) return too_much();
    }
    if (!frame.bars.empty() && !ears_.tell({.kind = StreamEvent::Kind::Bars, .bars = std::move(frame.bars)}))
      return too_much();
    return std::nullopt;
  }

  static StreamFault too_much() { return lost("more comes than can be kept; what is missed is fetched"); }

  asio::awaitable<void> ask_again(std::shared_ptr<Conversation> self) {
    again_.expires_after(std::exchange(wait_, std::min<Duration>(wait_ * 2, longest_wait)));
    co_await again_.async_wait(asio::use_awaitable);
    if (!self->is_over_) send(write_auth(options_.account.key.reveal(), options_.account.secret.reveal()));
  }

  void send(std::string text) {
    outbox_.push_back(std::move(text));
    if (outbox_.size() == 1) asio::co_spawn(socket_.get_executor(), write(this->shared_from_this()), asio::detached);
  }

  // An error is seen by who reads, too.
  asio::awaitable<void> write(std::shared_ptr<Conversation> self) {
    while (!self->outbox_.empty() && !is_over_) {
      socket_.text(true);
      co_await socket_.async_write(asio::buffer(outbox_.front()), asio::use_awaitable);
      wipe(outbox_.front());  // it may have been the keys
      outbox_.pop_front();
    }
  }

  static constexpr int already_signed_in = 403;

  Socket socket_;
  const BarStreamOptions& options_;
  const ServerUrl& server_;
  std::vector<std::string> wanted_;
  Ears ears_;
  BarText text_;
  SecretMask mask_;
  asio::steady_timer again_;
  Duration wait_;
  std::deque<std::string> outbox_;
  bool is_subscribed_ = false, is_over_ = false;
};

class WebSocketStream final : public BarStream {
 public:
  WebSocketStream(const BarStreamOptions& options, ServerUrl server, asio::ssl::context tls)
      : options_(options), server_(std::move(server)), tls_(std::move(tls)), thread_([this] {
          name_this_thread("alpaca-stream");
          context_.run();
        }) {}
  WebSocketStream(const WebSocketStream&) = delete;
  WebSocketStream& operator=(const WebSocketStream&) = delete;
  ~WebSocketStream() override {
    end();
    asio::post(context_, [this] { work_.reset(); });
    thread_.join();
  }

  void begin(std::vector<std::string> symbols) override {
    const std::uint64_t number = forget();
    asio::post(context_, [this, number, symbols = std::move(symbols)]() mutable {
      cut();
      Ears ears{.tell = [this, number](StreamEvent event) { return take_in(number, std::move(event)); }};
      if (server_.is_secure)
        start<Secure>(Secure(context_, tls_), std::move(symbols), std::move(ears));
      else
        start<Plain>(Plain(context_), std::move(symbols), std::move(ears));
    });
  }

  void subscribe(std::vector<std::string> symbols) override {
    asio::post(context_, [this, symbols = std::move(symbols)]() mutable {
      if (subscribe_) subscribe_(std::move(symbols));
    });
  }

  void end() override {
    forget();
    asio::post(context_, [this] { cut(); });
  }

  std::vector<StreamEvent> take() override {
    const std::lock_guard guard(mutex_);
    bars_ = 0;
    return std::exchange(events_, {});
  }

 private:
  // Of the connection that begins now; what those before it say is not heard any more.
  std::uint64_t forget() {
    const std::lock_guard guard(mutex_);
    events_.clear();
    bars_ = 0;
    return ++number_;
  }

  bool take_in(std::uint64_t number, StreamEvent event) {
    const std::lock_guard guard(mutex_);
    if (number != number_) return false;
    bars_ += event.bars.size();
    const bool is_too_much = bars_ > most_bars || events_.size() >= most_events;
    if (is_too_much && event.kind != StreamEvent::Kind::Lost) return false;  // that it is over is told always
    events_.push_back(std::move(event));
    return true;
  }

  void cut() {
    if (cut_) cut_();
    cut_ = nullptr;
    subscribe_ = nullptr;
  }

  template <typename Socket>
  void start(Socket socket, std::vector<std::string> symbols, Ears ears) {
    const auto conversation = std::make_shared<Conversation<Socket>>(std::move(socket), options_, server_,
                                                                     std::move(symbols), std::move(ears));
    cut_ = [conversation] { conversation->cut(); };
    subscribe_ = [conversation](std::vector<std::string> names) { conversation->subscribe(std::move(names)); };
    asio::co_spawn(context_, conversation->run(), asio::detached);
  }

  BarStreamOptions options_;
  ServerUrl server_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  asio::ssl::context tls_;
  std::function<void()> cut_;  // these two on the thread only
  std::function<void(std::vector<std::string>)> subscribe_;
  std::mutex mutex_;
  std::uint64_t number_ = 0;
  std::vector<StreamEvent> events_;
  std::size_t bars_ = 0;  // in events_
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<BarStream>> open_bar_stream(const BarStreamOptions& options) {
  auto server = parse_server_url("alpaca-stream-url", options.account.stream_url);
  if (!server) return std::unexpected(server.error());
  auto tls = make_tls_context({server->is_secure ? options.account.ca_file : "", ca_file_setting});
  if (!tls) return std::unexpected(tls.error());
  return std::make_unique<WebSocketStream>(options, std::move(*server), asio::ssl::context(tls->release()));
}

}  // namespace tidemark
