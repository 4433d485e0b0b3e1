// Reads, writes, and times out.
#include "io/serve/live_client.h"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "io/serve/hub.h"

namespace tidemark {
namespace {

using Protocol = boost::asio::generic::stream_protocol;
using boost::system::error_code;
using std::chrono::seconds;

constexpr std::size_t longest_message = 4'096;  // clients have nothing to send
constexpr seconds ping_every{20};
constexpr seconds silent_for{60};
constexpr seconds goodbye_within{5};

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

class SocketClient final : public LiveClient, public std::enable_shared_from_this<SocketClient> {
 public:
  SocketClient(Protocol::socket socket, Hub& hub, LiveRequest wanted, std::string credential,
               websocket::Deflate deflate, std::shared_ptr<void> slot);

  void open(Handshake handshake);
  void send(const Frame& frame) override;
  websocket::Deflate deflate() const override { return deflate_; }
  void renew() override;
  void beat() override;
  void close(websocket::CloseCode code, std::string_view reason) override;
  std::size_t waiting_bytes() const override { return outbox_.waiting_bytes(); }
  const std::string& credential() const override { return credential_; }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void read();
  void process(std::string_view bytes);
  void write();
  void drain();
  void end(const char* reason);  // at once

  Protocol::socket socket_;
  Hub& hub_;
  LiveRequest request_;
  std::string credential_;
  websocket::Deflate deflate_;
  std::shared_ptr<void> slot_;
  Outbox outbox_;
  websocket::Reader reader_;
  std::array<char, 4'096> incoming_;
  bool writing_ = false, closing_ = false, drains_ = false, ended_ = false;
  const char* reason_ = "closed";
  // When the client last sent, took bytes, had taken everything, was pinged; and when closing began.
  SteadyTime heard_, progressed_, caught_up_, pinged_, closed_;
};

SocketClient::SocketClient(Protocol::socket socket, Hub& hub, LiveRequest wanted, std::string credential,
                           websocket::Deflate deflate, std::shared_ptr<void> slot)
    : socket_(std::move(socket)),
      hub_(hub),
      request_(std::move(wanted)),
      credential_(std::move(credential)),
      deflate_(deflate),
      slot_(std::move(slot)),
      outbox_(hub.options().max_queue_bytes),
      reader_(longest_message, deflate),
      heard_(now()),
      progressed_(heard_),
      caught_up_(heard_),
      pinged_(heard_) {}

void SocketClient::open(Handshake handshake) {
  error_code ignored;
  (void)socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  hub_.join(shared_from_this());
  outbox_.push_snapshot(std::make_shared<const std::string>(std::move(handshake.answer)));
  if (const auto missed = hub_.resume(request_)) {
    for (const Frame& frame : *missed) outbox_.push_snapshot(frame);
  } else {
    outbox_.push_snapshot(hub_.snapshot(request_.snapshot, deflate_));
  }
  if (const auto last = hub_.announced()) outbox_.push_snapshot(*last);
  write();
  process(handshake.early);
  read();
}

void SocketClient::send(const Frame& frame) {
  if (closing_ || ended_) return;
  if (outbox_.push(frame)) hub_.fell_behind();
  write();
}

// A client that is behind gets a snapshot anyway.
void SocketClient::renew() {
  if (closing_ || ended_ || outbox_.behind()) return;
  outbox_.push_snapshot(hub_.snapshot(request_.snapshot, deflate_));
  write();
}

void SocketClient::write() {
  if (writing_ || ended_ || outbox_.empty()) return;
  writing_ = true;
  progressed_ = now();
  std::vector<boost::asio::const_buffer> buffers;
  for (const std::string_view bytes : outbox_.next_write()) buffers.emplace_back(bytes.data(), bytes.size());
  socket_.async_write_some(buffers, [self = shared_from_this()](error_code error, std::size_t bytes) {
    self->writing_ = false;
    self->outbox_.written(bytes);
    if (error || self->ended_) return self->end("gone");
    if (self->outbox_.empty()) {
      if (self->closing_) return self->drain();
      if (self->outbox_.behind()) {
        self->outbox_.push_snapshot(self->hub_.snapshot(self->request_.snapshot, self->deflate_));
      } else {
        self->caught_up_ = now();
      }
    }
    self->write();
  });
}

void SocketClient::read() {
  socket_.async_read_some(boost::asio::buffer(incoming_),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            if (error) return self->end(self->drains_ ? self->reason_ : "gone");
                            self->process({self->incoming_.data(), bytes});
                            if (!self->ended_) self->read();
                          });
}

void SocketClient::process(std::string_view bytes) {
  if (closing_ || ended_) return;
  heard_ = now();
  reader_.feed(bytes);
  while (const auto event = reader_.next()) {
    if (event->opcode == websocket::Opcode::Ping) {
      outbox_.push_control(
          std::make_shared<const std::string>(websocket::frame(websocket::Opcode::Pong, event->payload)));
      write();
    } else if (event->opcode == websocket::Opcode::Close) {
      return close(websocket::CloseCode::Normal, "");
    }
  }
  if (const auto code = reader_.broken()) {
    reason_ = "protocol";
    close(*code, "");
  }
}

void SocketClient::beat() {
  if (ended_) return;
  const auto time = now();
  const HubOptions& options = hub_.options();
  if (writing_ && time - progressed_ > seconds(options.stalled_seconds)) return end("stalled");
  if (closing_) {
    if (time - closed_ > goodbye_within) end(reason_);
    return;
  }
  if (outbox_.empty()) caught_up_ = time;
  if (time - caught_up_ > seconds(options.behind_seconds)) {
    reason_ = "behind";
    return close(websocket::CloseCode::TryAgainLater, "too slow to follow");
  }
  if (time - heard_ > silent_for) return end("silent");
  if (time - pinged_ > ping_every) {
    pinged_ = time;
    outbox_.push_control(std::make_shared<const std::string>(websocket::frame(websocket::Opcode::Ping, "")));
    write();
  }
}

void SocketClient::close(websocket::CloseCode code, std::string_view reason) {
  if (closing_ || ended_) return;
  closing_ = true;
  closed_ = now();
  outbox_.push_control(std::make_shared<const std::string>(websocket::close_frame(code, reason)));
  write();
}

// The goodbye is sent. Closing at once would destroy it if the client is still sending, because unread bytes reset the
// connection. So read() goes on until the client closes, or beat() ends the wait.
void SocketClient::drain() {
  drains_ = true;
  error_code ignored;
  (void)socket_.shutdown(Protocol::socket::shutdown_send, ignored);
}

void SocketClient::end(const char* reason) {
  if (std::exchange(ended_, true)) return;
  error_code ignored;
  (void)socket_.shutdown(Protocol::socket::shutdown_both, ignored);
  (void)socket_.close(ignored);
  hub_.leave(shared_from_this(), reason);
}

}  // namespace

void open_live_client(boost::asio::io_context& io, Descriptor descriptor, Hub& hub, LiveRequest wanted,
                      std::string credential, Handshake handshake, std::shared_ptr<void> slot) {
  Protocol::socket socket(io);
  error_code error;
  (void)socket.assign(Protocol(descriptor.family, 0), descriptor.number, error);
  if (error) {
    ::close(descriptor.number);
    return;
  }
  std::make_shared<SocketClient>(std::move(socket), hub, std::move(wanted), std::move(credential), handshake.deflate,
                                 std::move(slot))
      ->open(std::move(handshake));
}

}  // namespace tidemark
